"""What a file really is, decided by its structure and never by what the sender says of it.

Images are decoded to the end; a PDF must be one from its first byte to its last, and may do nothing when
it is opened.
"""

import io
import re
import zlib
from pathlib import PurePath

import pikepdf
from PIL import Image

from foundation.files import refusals

MOST_PIXELS = 50_000_000
MOST_PAGES = 500
MOST_PDF_OBJECTS = 200_000
MOST_STREAM_BYTES = 100_000_000

SIGNATURES = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
ENDINGS = {"application/pdf": {".pdf"}, "image/jpeg": {".jpg", ".jpeg"}, "image/png": {".png"}}
# Phones write several pictures into one JPEG file, which Pillow calls MPO.
IMAGE_FORMATS = {"image/jpeg": {"JPEG", "MPO"}, "image/png": {"PNG"}}

_ACTIVE_KEYS = {"/JS", "/JavaScript", "/EmbeddedFiles", "/XFA", "/RichMediaContent"}
_ACTIVE_NAMES = {
    "/S": {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition"},
    "/Type": {"/EmbeddedFile"},
    "/Subtype": {"/RichMedia", "/FileAttachment", "/3D", "/Movie"},
}
_HARMLESS_LINK = re.compile(r"(https?|mailto|tel):", re.IGNORECASE)


def media_type(content: bytes, name: str) -> str | None:
    """The type that signature and ending of the name agree on; None if there is none such."""
    found = next((kind for signature, kind in SIGNATURES.items() if content.startswith(signature)), None)
    return found if found and PurePath(name).suffix.lower() in ENDINGS[found] else None


def inspect(content: bytes, name: str, kind: str) -> None:
    """Raises `FileRefused` unless the content is a sound and passive file of this type."""
    if kind == "application/pdf":
        _inspect_pdf(content, name)
    else:
        _inspect_image(content, name, kind)


def _inspect_pdf(content: bytes, name: str) -> None:
    end = content.rfind(b"%%EOF")
    if end < 0 or content[end + 5 :].strip(b"\0\t\n\f\r "):
        raise refusals.broken(name)
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise refusals.locked(name)
            if not len(pdf.pages) or len(pdf.objects) > MOST_PDF_OBJECTS or _is_bomb(pdf):
                raise refusals.broken(name)
            if len(pdf.pages) > MOST_PAGES:
                raise refusals.too_many_pages(name, MOST_PAGES)
            if any(_is_active(thing) for thing in pdf.objects):
                raise refusals.active(name)
    except pikepdf.PasswordError:
        raise refusals.locked(name) from None
    except (pikepdf.PdfError, ValueError, RuntimeError):
        raise refusals.broken(name) from None


def _is_bomb(pdf: pikepdf.Pdf) -> bool:
    return any(_inflates_too_far(thing) for thing in pdf.objects if isinstance(thing, pikepdf.Stream))


def _inflates_too_far(stream: pikepdf.Stream) -> bool:
    """Whether a compressed stream grows beyond all measure; found out piece by piece, without holding it."""
    if "/FlateDecode" not in str(stream.get("/Filter", "")):
        return False
    inflating, rest, size = zlib.decompressobj(), stream.read_raw_bytes(), 0
    try:
        while rest and not inflating.eof and size <= MOST_STREAM_BYTES:
            size += len(inflating.decompress(rest, 1_000_000))
            rest = inflating.unconsumed_tail
    except zlib.error:
        return False
    return size > MOST_STREAM_BYTES


def _is_active(thing: object) -> bool:
    """Whether this indirect object, or anything written inside of it, is an action or another file."""
    waiting = [thing]
    while waiting:
        here = waiting.pop()
        if isinstance(here, pikepdf.Array):
            children = list(here)
        elif isinstance(here, pikepdf.Dictionary | pikepdf.Stream):
            entries = dict(here.items())
            if _ACTIVE_KEYS & entries.keys() or any(
                str(entries.get(key)) in names for key, names in _ACTIVE_NAMES.items()
            ):
                return True
            if "/URI" in entries and not _HARMLESS_LINK.match(str(entries["/URI"])):
                return True
            children = list(entries.values())
        else:
            continue
        # Indirect children get their own turn.
        waiting += [child for child in children if isinstance(child, pikepdf.Object) and not child.is_indirect]
    return False


def _inspect_image(content: bytes, name: str, kind: str) -> None:
    formats = IMAGE_FORMATS[kind]
    try:
        with Image.open(io.BytesIO(content), formats=sorted(formats)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise refusals.too_many_pixels(name, MOST_PIXELS // 1_000_000)
            if image.format not in formats:
                raise refusals.broken(name)
            image.verify()
        with Image.open(io.BytesIO(content), formats=sorted(formats)) as image:
            image.load()
    except refusals.FileRefused:
        raise
    except Image.DecompressionBombError:
        raise refusals.too_many_pixels(name, MOST_PIXELS // 1_000_000) from None
    # Pillow's decoders raise whatever the broken bytes make them raise.
    except Exception:  # noqa: BLE001
        raise refusals.broken(name) from None
