"""Sealed bytes on disk and the row that knows them. A file is whole and durable before its row is written."""

import errno
import hashlib
import logging
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from foundation import durable, scope, vault
from foundation.errors import PortalError
from foundation.files import refusals, removal
from foundation.files.gate import Limits, Taken
from foundation.ids import new_id

if TYPE_CHECKING:
    from foundation.files.models import StoredFile

FIELD = "file"
ORPHAN_AGE_SECONDS = 24 * 3600
logger = logging.getLogger(__name__)


def store(taken: Taken, *, authority_id: uuid.UUID | None, keyset: str, subject_id: uuid.UUID) -> "StoredFile":
    """Keeps a file that passed the gate, in the current scope; raises `FileRefused` when it cannot be kept.

    Without an authority it belongs to the party `subject_id`.
    """
    try:
        return _keep(taken.content, authority_id, keyset, subject_id, taken.media_type, taken.verdict)
    except OSError as error:
        logger.error("files: not stored: %s", errno.errorcode.get(error.errno or 0, "OSError"))
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise refusals.no_room(taken.name) from None
        raise refusals.not_stored(taken.name) from None


def keep(
    content: bytes, *, authority_id: uuid.UUID | None, keyset: str, subject_id: uuid.UUID, media_type: str
) -> "StoredFile":
    """Keeps a file that the portal itself made, such as a receipt. An `OSError` makes the outbox try again."""
    return _keep(content, authority_id, keyset, subject_id, media_type, "clean")


def put_back(stored: "StoredFile", content: bytes) -> Path:
    """Seals the bytes of a row that comes from another installation, before that row is committed; out: where."""
    path = _path(stored.storage_key)
    _write(path, vault.seal(stored.keyset, content, owner=stored.owner_id, row=stored.id, field=FIELD))
    return path


def path_of(stored: "StoredFile") -> Path:
    """Where the sealed bytes lie."""
    return _path(stored.storage_key)


def read(stored: "StoredFile") -> bytes:
    """The file's bytes as they were kept; raises `PortalError` when they may not or cannot be handed out."""
    if not stored.can_be_served:
        raise refusals.not_served(stored.verdict)
    try:
        return open_bytes(stored)
    except (OSError, vault.VaultError) as error:
        logger.critical("files: %s cannot be read: %s", stored.id, type(error).__name__)
        raise PortalError(
            "file-unreadable",
            _("Diese Datei können wir gerade nicht öffnen. Bitte rufen Sie uns an."),
            503,
        ) from None


def again(stored: "StoredFile", *, name: str, limits: Limits) -> Taken:
    """A kept file, to be kept once more elsewhere: it passed the gate. Raises `PortalError`: nobody may open it, or the
    other place does not take it.
    """
    if not limits.take(stored.media_type):
        raise refusals.wrong_format(name, limits.in_words())
    if stored.size > limits.max_bytes:
        raise refusals.too_big(name, limits.in_words())
    return Taken(name, read(stored), stored.media_type, stored.verdict)


def open_bytes(stored: "StoredFile") -> bytes:
    """The file's bytes, whatever the scanner said: for checks, never for people. Raises `OSError` or `VaultError`."""
    sealed = _path(stored.storage_key).read_bytes()
    return vault.open_sealed(stored.keyset, sealed, owner=stored.owner_id, row=stored.id, field=FIELD)


def delete(stored: "StoredFile") -> None:
    """Removes the row now and the bytes as soon as that is committed."""
    path = _path(stored.storage_key)
    stored.delete()
    transaction.on_commit(lambda: removal.remove([path]))


def remove_orphans() -> int:
    """Removes bytes that no row knows: what a rolled-back upload left behind a day ago. Says how many."""
    from foundation.files.models import StoredFile

    oldest_upload = time.time() - ORPHAN_AGE_SECONDS
    old = {
        f"{path.parent.name}/{path.name}": path
        for path in settings.FILES_DIR.glob("*/*")
        if path.stat().st_mtime < oldest_upload
    }
    with scope.system("files without a row are removed", read_only=True):
        known = set(StoredFile.objects.filter(storage_key__in=old).values_list("storage_key", flat=True))
    return removal.remove(old[key] for key in old.keys() - known)


def _keep(
    content: bytes, authority_id: uuid.UUID | None, keyset: str, subject_id: uuid.UUID, media_type: str, found: str
) -> "StoredFile":
    from foundation.files.models import StoredFile

    file_id = new_id()
    # The end of a UUIDv7 is random, its beginning is the same for years.
    key = f"{file_id.hex[-2:]}/{file_id}"
    _write(_path(key), vault.seal(keyset, content, owner=authority_id or subject_id, row=file_id, field=FIELD))
    try:
        return StoredFile.objects.create(
            id=file_id,
            authority_id=authority_id,
            subject_id=subject_id,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            media_type=media_type,
            verdict=found,
            storage_key=key,
            keyset=keyset,
        )
    except Exception:
        _path(key).unlink(missing_ok=True)
        raise


def _path(storage_key: str) -> Path:
    return settings.FILES_DIR / storage_key


def _write(path: Path, sealed: bytes) -> None:
    """All or nothing: a file that may not be durable goes again."""
    try:
        durable.replace(path, sealed)
    except OSError:
        path.unlink(missing_ok=True)
        raise
