"""Small files of our own, good and bad."""

import io
import zipfile
from typing import Any

import pikepdf
import pillow_heif
from PIL import Image

# Put together here, so that no scanner finds the project itself infected.
EICAR = b"".join([b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$", b"EICAR-STANDARD-", b"ANTIVIRUS-TEST-FILE!$H+H*"])
PLACE = {1: "N", 2: (54.0, 5.0, 18.0), 3: "E", 4: (12.0, 8.0, 26.0)}


def pdf(*, around: bytes = b"") -> bytes:
    """A sound PDF of one page; `around` is what it carries in a stream."""
    made, content = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    if around:
        made.Root.Carried = made.make_stream(around)
    made.save(content, compress_streams=False)
    return content.getvalue()


def zipped(entries: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return content.getvalue()


def photo(form: str = "JPEG", size: tuple[int, int] = (80, 60), *, orientation: int = 1, **how: Any) -> bytes:
    """As a phone writes it: red above, blue below, with orientation, place and maker in its notes."""
    if form == "HEIF":
        pillow_heif.register_heif_opener()
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0], size[1] // 2))
    notes = Image.Exif()
    notes[0x0112], notes[0x010F], notes[0x8825] = orientation, "Fernsprech AG", PLACE
    content = io.BytesIO()
    picture.save(content, form, exif=notes, **how)
    return content.getvalue()
