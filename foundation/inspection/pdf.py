"""A PDF must be one from its first byte to its last, and may do nothing when it is opened."""

import io
import re
import zipfile
import zlib

import pikepdf

from foundation.inspection.kinds import PDF
from foundation.inspection.limits import MOST_OBJECTS, MOST_PAGES, MOST_STREAM_BYTES
from foundation.inspection.verdicts import Passed, Refused

_ACTIVE_KEYS = {"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/Collection", "/XFA", "/RichMediaContent"}
_ACTIVE_NAMES = {
    "/S": {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition"},
    "/Type": {"/EmbeddedFile"},
    "/Subtype": {"/RichMedia", "/FileAttachment", "/3D", "/Movie", "/Sound", "/PS"},
    "/Subtype2": {"/PS"},
}
#: Where actions stand, and which ones may: what happens without a click may turn to a page of this file, no more.
_ACTIONS = {
    "/OpenAction": {"/GoTo"},
    "/AA": {"/GoTo"},
    "/A": {"/GoTo", "/Named"},
    "/PA": {"/GoTo", "/Named"},
    "/Next": {"/GoTo", "/Named"},
}
_END = b"%%EOF"
#: What may stand between an end and the next: nothing, or spaces and remarks and then an object or a table of objects.
_UPDATE = re.compile(rb"(?:\s|\0|%[^\r\n]*(?:[\r\n]|\Z))*+(?:\Z|\d+\s+\d+\s+obj\b|xref\b|startxref\s+\d+\s+\Z)")
_HARMLESS_LINK = re.compile(r"(https?|mailto|tel):", re.IGNORECASE)


def inspect(content: bytes) -> Passed:
    """The file unchanged, so that signatures in it stay good; raises `Refused`."""
    end = content.rfind(_END)
    if end < 0 or content[end + len(_END) :].strip(b"\0\t\n\f\r ") or _is_another_file_too(content):
        raise Refused("broken")
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
            _judge(pdf)
    except pikepdf.PasswordError:
        raise Refused("locked") from None
    except (pikepdf.PdfError, ValueError, RuntimeError):
        raise Refused("broken") from None
    return Passed(content, PDF)


def _is_another_file_too(content: bytes) -> bool:
    """Whether something that is no PDF lies in the same bytes. A ZIP archive is found from its end, wherever it begins;
    and behind an end of the document only an update of it may follow.
    """
    behind = content.split(_END)[1:]
    return zipfile.is_zipfile(io.BytesIO(content)) or not all(map(_UPDATE.match, behind))


def _judge(pdf: pikepdf.Pdf) -> None:
    if pdf.is_encrypted:
        raise Refused("locked")
    if not len(pdf.pages) or len(pdf.objects) > MOST_OBJECTS or _is_bomb(pdf):
        raise Refused("broken")
    if len(pdf.pages) > MOST_PAGES:
        raise Refused("pages")
    # What is written in the trailer itself, the catalogue for one, is no object of the file.
    if any(_is_active(thing) for thing in (pdf.trailer, *pdf.objects)):
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
            if _is_marked_active(entries) or _acts(entries) or _takes_from_another_file(here, entries):
                return True
            children = list(entries.values())
        else:
            continue
        # Indirect children get their own turn.
        waiting += [child for child in children if isinstance(child, pikepdf.Object) and not child.is_indirect]
    return False


def _is_marked_active(entries: dict[str, pikepdf.Object]) -> bool:
    return bool(_ACTIVE_KEYS & entries.keys()) or any(
        str(entries.get(key)) in names for key, names in _ACTIVE_NAMES.items()
    )


def _acts(entries: dict[str, pikepdf.Object]) -> bool:
    """Whether an action that hangs on this dictionary is none of the harmless ones; links may open a page."""
    if "/URI" in entries and not _HARMLESS_LINK.match(str(entries["/URI"])):
        return True
    also = {"/URI"} if str(entries.get("/Subtype")) == "/Link" else set()
    return any(
        _kinds_of_actions(key, entries[key]) - (allowed | (also if key in ("/A", "/PA") else set()))
        for key, allowed in _ACTIONS.items()
        if key in entries
    )


def _kinds_of_actions(key: str, value: pikepdf.Object) -> set[str]:
    """What `/S` says of the actions under a key; a place in the file (a list or a name) is no action."""
    if key == "/AA" and isinstance(value, pikepdf.Dictionary):
        actions = list(dict(value.items()).values())
    else:
        actions = list(value) if isinstance(value, pikepdf.Array) else [value]
    return {str(each["/S"]) for each in actions if isinstance(each, pikepdf.Dictionary) and "/S" in each}


def _takes_from_another_file(here: pikepdf.Object, entries: dict[str, pikepdf.Object]) -> bool:
    """A stream whose content is kept elsewhere, or a picture that stands for a page of another file."""
    return (isinstance(here, pikepdf.Stream) and "/F" in entries) or (
        "/Ref" in entries and str(entries.get("/Subtype")) == "/Form"
    )
