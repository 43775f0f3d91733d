"""A PDF must be one from its first byte to its last, and may do nothing when it is opened."""

import io
import re
import zlib

import pikepdf

from foundation.inspection.kinds import PDF
from foundation.inspection.limits import MOST_OBJECTS, MOST_PAGES, MOST_STREAM_BYTES
from foundation.inspection.verdicts import Passed, Refused

_ACTIVE_KEYS = {"/JS", "/JavaScript", "/EmbeddedFiles", "/XFA", "/RichMediaContent"}
_ACTIVE_NAMES = {
    "/S": {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition"},
    "/Type": {"/EmbeddedFile"},
    "/Subtype": {"/RichMedia", "/FileAttachment", "/3D", "/Movie"},
}
_HARMLESS_LINK = re.compile(r"(https?|mailto|tel):", re.IGNORECASE)


def inspect(content: bytes) -> Passed:
    """The file unchanged, so that signatures in it stay good; raises `Refused`."""
    end = content.rfind(b"%%EOF")
    if end < 0 or content[end + 5 :].strip(b"\0\t\n\f\r "):
        raise Refused("broken")
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
            _judge(pdf)
    except pikepdf.PasswordError:
        raise Refused("locked") from None
    except (pikepdf.PdfError, ValueError, RuntimeError):
        raise Refused("broken") from None
    return Passed(content, PDF)


def _judge(pdf: pikepdf.Pdf) -> None:
    if pdf.is_encrypted:
        raise Refused("locked")
    if not len(pdf.pages) or len(pdf.objects) > MOST_OBJECTS or _is_bomb(pdf):
        raise Refused("broken")
    if len(pdf.pages) > MOST_PAGES:
        raise Refused("pages")
    if any(_is_active(thing) for thing in pdf.objects):
        raise Refused("active")


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
