"""Takes a backup while the portal serves: one set, of one moment.

The moment is a snapshot of the database. A file is on disk before its row is committed, and is removed after its row
is gone: so each row of the snapshot has its file, as long as nothing is removed. Removals are held back meanwhile.
Keysets are read after the snapshot: they grow, and no old key is put away meanwhile; so they open every row of it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import OperationalError, connections, transaction

from foundation import durable, files, locks
from foundation.files.models import StoredFile
from hro_portal.backup import archive, code, database, sealing
from hro_portal.backup.refusal import BackupRefused

EXISTS = "Die Datei „{file}“ gibt es schon. Wählen Sie einen anderen Namen."
NOT_WRITTEN = "Die Sicherung konnte nicht geschrieben werden ({reason}). Prüfen Sie Platz und Rechte des Ordners."
#: How long a backup waits for another one, and for removals that have begun.
PATIENCE = "10s"
ALREADY_RUNNING = "Es läuft schon eine Sicherung, oder alte Schlüssel werden weggelegt. Warten Sie, bis das fertig ist."


def back_up(target: Path) -> dict[str, Any]:
    """Writes the backup; out: its manifest. Raises `BackupRefused`, and then there is no such file."""
    database.require_owner()
    key = sealing.load_key()
    if target.exists():
        raise BackupRefused(EXISTS.format(file=target))
    draft = target.with_name(f".{target.name}.part")
    try:
        with sealing.sealed(open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"), key) as stream:
            manifest = _fill(stream)
        _make_durable(draft)
        draft.rename(target)
        durable.sync_folder(target.parent)
    except OSError as error:
        raise BackupRefused(NOT_WRITTEN.format(reason=error.strerror)) from None
    finally:
        draft.unlink(missing_ok=True)
    files.remove_orphans()
    return manifest


def _fill(stream: BinaryIO) -> dict[str, Any]:
    missing: list[str] = []
    with _removals_held_back(), _snapshot() as (snapshot, made_at):
        about = {"made_at": made_at, "code": code.version(), "migrations": database.applied_migrations()}
        with archive.Writer(stream, about) as writer:
            for key in StoredFile.objects.using(database.OWNER).values_list("storage_key", flat=True).iterator():
                try:
                    writer.add_file(archive.FILES, key, settings.FILES_DIR / key)
                except FileNotFoundError:
                    # One lost file must not cost the city all its backups; the operator is told.
                    missing.append(key)
            for path in sorted(settings.KEYS_DIR.rglob("[!.]*")):
                if path.is_file():
                    writer.add_file(archive.KEYSETS, path.relative_to(settings.KEYS_DIR).as_posix(), path)
            writer.add_pieces(archive.DATABASE, database.dump(snapshot))
            return writer.finish(rows=database.rows(), missing=missing)


@contextmanager
def _snapshot() -> Iterator[tuple[str, str]]:
    """One moment of the database, which pg_dump and the queries of this block share; its name and its time."""
    with transaction.atomic(using=database.OWNER), connections[database.OWNER].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot(), now()")
        snapshot, made_at = cursor.fetchone()
        yield snapshot, made_at.isoformat(timespec="seconds")


@contextmanager
def _removals_held_back() -> Iterator[None]:
    """While this lock is held, `foundation.files` leaves the bytes of removed files on disk."""
    with connections[database.OWNER].cursor() as cursor:
        try:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [PATIENCE])
            cursor.execute("SELECT pg_advisory_lock(%s)", [locks.BACKUP])
        except OperationalError:
            raise BackupRefused(ALREADY_RUNNING) from None
        finally:
            cursor.execute("RESET lock_timeout")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [locks.BACKUP])


def _make_durable(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
