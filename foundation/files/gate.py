"""The gate: what somebody sends is measured, scanned, looked into and, where it is a picture, written anew.

It is slow and talks to others, so it is never passed inside of a database transaction; nothing is stored yet.
"""

import hashlib
from dataclasses import dataclass
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.utils.translation import gettext as _

from foundation.files import inspecting, refusals, scanner
from foundation.files.arriving import MOST_BYTES, ArrivedFile
from foundation.inspection.kinds import HEIC, JPEG, PDF, PNG, media_type
from foundation.inspection.limits import MOST_PHOTO_MB

_ENDING = {JPEG: ".jpg", PNG: ".png", PDF: ".pdf"}


@dataclass(frozen=True)
class Limits:
    """What a field takes. How many files it takes is counted by whoever attaches them."""

    max_bytes: int = 10_000_000
    media_types: tuple[str, ...] = (PDF, JPEG, PNG)

    def in_words(self) -> str:
        """`PDF, JPG oder PNG bis 10 MB`."""
        *first, last = (refusals.WORDS[kind] for kind in self.media_types)
        formats = f"{', '.join(first)} {_('oder')} {last}" if first else last
        return _("%(formats)s bis %(size)s MB") % {"formats": formats, "size": self.max_bytes // 1_000_000}

    def take(self, kind: str | None) -> bool:
        """Phones' HEIC is taken wherever JPEG is, since it becomes one."""
        return kind is not None and (JPEG if kind == HEIC else kind) in self.media_types

    def most_bytes(self, kind: str | None) -> int:
        """How long a file of this kind may be when it comes."""
        if kind in (JPEG, HEIC) and self.take(kind):
            return max(self.max_bytes, MOST_PHOTO_MB * 1_000_000)
        return min(self.max_bytes, MOST_BYTES)

    def for_kind(self, kind: str) -> "Limits":
        """What holds for a file of this kind alone, where that is more than for the others."""
        most = self.most_bytes(kind)
        return Limits(most, (JPEG,)) if most > self.max_bytes else self


@dataclass(frozen=True)
class Taken:
    """A file that passed the gate, as it will be stored. `told` are sentences that say what was done to it."""

    name: str
    content: bytes
    media_type: str
    verdict: str
    told: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def take(upload: UploadedFile | bytes, *, name: str, limits: Limits) -> Taken:
    """The file as it may be stored; raises `FileRefused` with the reason. Not to be called in a transaction."""
    if connection.in_atomic_block:
        raise RuntimeError("A file is looked into before the transaction begins.")
    name = refusals.clean_name(name)
    if isinstance(upload, ArrivedFile) and upload.is_lost:
        raise refusals.no_room(name)
    start = upload[:16] if isinstance(upload, bytes) else _start_of(upload)
    kind = media_type(start, name)
    size = len(upload) if isinstance(upload, bytes) else upload.size or 0
    if not size:
        raise refusals.empty(name)
    if kind is None or not limits.take(kind):
        raise refusals.wrong_format(name, limits.in_words())
    if size > limits.most_bytes(kind):
        raise refusals.too_big(name, limits.for_kind(kind).in_words())
    content = upload if isinstance(upload, bytes) else upload.read()
    verdict = scanner.verdict(content, name)
    passed = inspecting.inspect(content, name, kind, limits.max_bytes)
    kept_name = name if passed.media_type == kind else f"{PurePath(name).stem}{_ENDING[passed.media_type]}"
    told = (refusals.changed(kept_name, passed.changes),) if passed.changes else ()
    return Taken(kept_name, passed.content, passed.media_type, verdict, told)


def _start_of(upload: UploadedFile) -> bytes:
    upload.seek(0)
    start = upload.read(16)
    upload.seek(0)
    return start
