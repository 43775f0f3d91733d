"""Pictures are decoded to the end and written anew: upright, without what the camera noted, nothing behind the end.

What is kept is what we wrote ourselves, so a picture that is also something else is only a picture afterwards.
"""

import io
import math
import warnings
from typing import Any

from PIL import Image, ImageOps, JpegImagePlugin

from foundation.inspection.kinds import HEIC, JPEG, PNG
from foundation.inspection.limits import MEGAPIXELS
from foundation.inspection.verdicts import Passed, Refused

#: Pillow itself only warns below twice its own limit.
MOST_PIXELS = Image.MAX_IMAGE_PIXELS = MEGAPIXELS * 1_000_000
warnings.simplefilter("error", Image.DecompressionBombWarning)

# Phones write several pictures into one JPEG file, which Pillow calls MPO.
_FORMATS = {JPEG: ("JPEG", "MPO"), PNG: ("PNG",), HEIC: ("HEIF",)}
_ORIENTATION, _GPS = 0x0112, 0x8825
_LONGEST_PROFILE = 100_000
_SMALLER_QUALITY = 88
_SMALLEST_EDGE = 600


def inspect(content: bytes, kind: str, max_bytes: int) -> Passed:
    """The picture as it is kept, at most `max_bytes` long where it is a photo; raises `Refused`."""
    if kind == HEIC:
        import pillow_heif  # loads a library of its own, which few files need

        pillow_heif.register_heif_opener()
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS[kind]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Refused("pixels")
            image.load()
            return _written_anew(image, kind, max_bytes)
    except (Refused, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("pixels") from None
    # Decoders raise whatever the broken bytes make them raise.
    except Exception:  # noqa: BLE001
        raise Refused("broken") from None


def _written_anew(image: Image.Image, kind: str, max_bytes: int) -> Passed:
    notes = image.getexif()
    changes = []
    if notes.get(_ORIENTATION, 1) in range(2, 9):
        changes.append("turned")
    if notes.get_ifd(_GPS):
        changes.append("place")
    like = _how_it_was_written(image)
    ImageOps.exif_transpose(image, in_place=True)
    kept: dict[Any, Any] = {key: image.info[key] for key in ("transparency", "icc_profile") if image.info.get(key)}
    # The profile of a picture for printers says nothing of the one that it becomes.
    if image.mode == "CMYK" or len(kept.get("icc_profile", b"")) > _LONGEST_PROFILE:
        kept.pop("icc_profile", None)
    image.info = kept
    if kind == PNG:
        return Passed(_encoded(image, "PNG", compress_level=4), PNG, tuple(changes))
    if kind == HEIC:
        changes.append("converted")
    if image.mode not in ("RGB", "L"):
        image = image.convert("RGB")
    content, is_smaller = _photo(image, like, max_bytes)
    return Passed(content, JPEG, (*changes, "smaller") if is_smaller else tuple(changes))


def _how_it_was_written(image: Image.Image) -> dict[str, Any]:
    """The camera's own tables, so that writing anew takes next to nothing from the quality."""
    if not isinstance(image, JpegImagePlugin.JpegImageFile) or image.mode not in ("RGB", "L"):
        return {"quality": 92}
    sampling = JpegImagePlugin.get_sampling(image)
    return {"qtables": image.quantization} | ({"subsampling": sampling} if sampling >= 0 else {})


def _photo(image: Image.Image, like: dict[str, Any], max_bytes: int) -> tuple[bytes, bool]:
    """The photo as JPEG, and whether it had to lose something to fit."""
    content = _encoded(image, "JPEG", **like)
    if len(content) <= max_bytes:
        return content, False
    while len(content) > max_bytes and min(image.size) > _SMALLEST_EDGE:
        scale = min(0.9, 0.95 * math.sqrt(max_bytes / len(content)))
        image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)
        content = _encoded(image, "JPEG", quality=_SMALLER_QUALITY)
    if len(content) > max_bytes:
        raise Refused("size")
    return content, True


def _encoded(image: Image.Image, form: str, **how: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **how)
    return out.getvalue()
