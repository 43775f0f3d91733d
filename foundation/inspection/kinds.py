"""What a file is by its first bytes and the ending of its name, which must agree."""

from pathlib import PurePath

PDF, JPEG, PNG, HEIC = "application/pdf", "image/jpeg", "image/png", "image/heic"
ENDINGS = {
    PDF: {".pdf"},
    JPEG: {".jpg", ".jpeg"},
    PNG: {".png"},
    HEIC: {".heic", ".heif"},
}
_SIGNATURES = {b"%PDF-": PDF, b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG}
#: ISO/IEC 23008-12: the brands under which phones write their photos.
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


def media_type(start: bytes, name: str) -> str | None:
    """The type that signature and ending agree on; None if there is none such. `start`: the first bytes."""
    found = next((kind for signature, kind in _SIGNATURES.items() if start.startswith(signature)), None)
    if start[4:8] == b"ftyp" and start[8:12] in _HEIC_BRANDS:
        found = HEIC
    return found if found and PurePath(name).suffix.lower() in ENDINGS[found] else None
