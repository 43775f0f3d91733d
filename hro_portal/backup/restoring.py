"""Brings a backup into an empty database and empty folders.

The file is read twice: once to its end to see that it is whole, and only then to take it. The database comes last and
in one transaction, so an end in between leaves no tables, and the restore can be begun again.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import tink
from django.conf import settings

from hro_portal.backup import archive, code, database, sealing
from hro_portal.backup.refusal import BackupRefused

NOT_READABLE = "Die Datei „{file}“ ist nicht lesbar. Prüfen Sie Name und Rechte."
OTHER_CODE = (
    "Die Sicherung gehört zu einem anderen Stand des Programms: {theirs}. Dieser hier ist {ours}. "
    "Spielen Sie sie mit ihrem Stand ein, und bringen Sie das Portal danach auf den neuen."
)
DATABASE_NOT_EMPTY = "Die Datenbank ist nicht leer. Eingespielt wird nur in eine leere Datenbank."
FOLDER_NOT_EMPTY = "Der Ordner „{folder}“ ist nicht leer. Eingespielt wird nur in leere Ordner."
NO_SPACE = "Im Ordner „{folder}“ ist zu wenig Platz. Nötig sind {needed} MB."
NOT_TAKEN = "Die Sicherung konnte nicht eingespielt werden ({reason}). Es ist nichts geändert."
ROWS_DIFFER = "Nach dem Einspielen fehlen Zeilen oder sind zu viele in: {tables}. Benutzen Sie dieses Portal nicht."

_FOLDERS = {archive.FILES: "FILES_DIR", archive.KEYSETS: "KEYS_DIR"}
#: No name leads out of its folder, whoever wrote the backup.
_NAME = re.compile(r"(\w[\w.-]*/)*\w[\w.-]*")


def restore(source: Path) -> dict[str, Any]:
    """Takes the whole backup; out: what stands in its manifest. Raises `BackupRefused`, and then nothing is changed."""
    database.require_owner()
    key = sealing.load_key()
    _require_empty_target()
    try:
        with source.open("rb") as file:
            manifest = _look_through(_from_its_beginning(file), key)
            with _folders_emptied_on_failure():
                _take(archive.Reader(sealing.opened(_from_its_beginning(file), key)))
    except OSError as error:
        if error.filename == str(source):
            raise BackupRefused(NOT_READABLE.format(file=source)) from None
        raise BackupRefused(NOT_TAKEN.format(reason=error.strerror)) from None
    database.settle()
    _require_rows(manifest["rows"])
    return manifest


def _from_its_beginning(file: BinaryIO) -> BinaryIO:
    """The same open file, whatever its name leads to meanwhile; the stream that reads it closes it."""
    again = os.fdopen(os.dup(file.fileno()), "rb")
    again.seek(0)
    return again


def _look_through(file: BinaryIO, key: tink.KeysetHandle) -> dict[str, Any]:
    """Reads all of it and changes nothing; out: about and manifest."""
    reader = archive.Reader(sealing.opened(file, key))
    if reader.about["migrations"] != database.migrations_of_the_code():
        raise BackupRefused(OTHER_CODE.format(theirs=reader.about["code"], ours=code.version()))
    for _member in reader.members():
        pass
    needed = reader.manifest["parts"][archive.FILES]["bytes"]
    folder = _folder(archive.FILES)
    if shutil.disk_usage(folder).free < needed:
        raise BackupRefused(NO_SPACE.format(folder=folder, needed=needed // 1_000_000 + 1))
    return reader.about | reader.manifest


def _take(reader: archive.Reader) -> None:
    members = reader.members()
    for member in members:
        if member.part == archive.DATABASE:
            break
        _write(_folder(member.part) / _safe(member.name), member.pieces())
    else:
        raise BackupRefused(sealing.DAMAGED)
    os.sync()
    with database.restoring() as stream:
        for piece in member.pieces():
            stream.write(piece)
        for member in members:
            for piece in member.pieces():
                stream.write(piece)


def _write(path: Path, pieces: Iterator[bytes]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for piece in pieces:
            file.write(piece)


def _safe(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise BackupRefused(sealing.DAMAGED)
    return name


def _folder(part: str) -> Path:
    """The folder of this part, which is there afterwards."""
    folder: Path = getattr(settings, _FOLDERS[part])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _require_empty_target() -> None:
    if database.tables():
        raise BackupRefused(DATABASE_NOT_EMPTY)
    for part in _FOLDERS:
        if any((folder := _folder(part)).iterdir()):
            raise BackupRefused(FOLDER_NOT_EMPTY.format(folder=folder))


@contextmanager
def _folders_emptied_on_failure() -> Iterator[None]:
    """They were empty before, and may be mounted, so they stay themselves."""
    try:
        yield
    except BaseException:
        for part in _FOLDERS:
            for entry in _folder(part).iterdir():
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        raise


def _require_rows(expected: dict[str, int]) -> None:
    found = database.rows()
    differing = sorted(name for name in expected | found if expected.get(name) != found.get(name))
    if differing:
        raise BackupRefused(ROWS_DIFFER.format(tables=", ".join(differing)))
