"""Files that are whole or not there, readable by this user only, and still there after the power was cut."""

import fcntl
import os
import secrets
from pathlib import Path

_BLOCK = 4096


def write_draft(path: Path, content: bytes) -> Path:
    """A finished file beside this one, synced; whoever called renames, links or removes it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    return draft


def replace(path: Path, content: bytes) -> None:
    """Writes the file, or puts it in the place of the one that is there; where there is no room, that one stays."""
    draft = write_draft(path, content)
    try:
        draft.rename(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def create(path: Path, content: bytes) -> bool:
    """Writes the file unless there is one; whether it did. Of two at the same time one is the first."""
    draft = write_draft(path, content)
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)
    return True


def append(path: Path, lines: bytes) -> None:
    """Adds lines, which are there as a whole when this returns and not at all when it raises; one process at a time.

    A half line at the end is of somebody who died: it was never confirmed, and would spoil the next one.
    """
    opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o640)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        end = _end_of_lines(opened)
        os.ftruncate(opened, end)
        try:
            _write_all(opened, lines)
            os.fsync(opened)
        except OSError:
            os.ftruncate(opened, end)
            raise
    finally:
        os.close(opened)
    if not end:
        sync_folder(path.parent)


def _write_all(opened: int, content: bytes) -> None:
    """A disk that is nearly full takes a part first, and only then says that it is full."""
    while content:
        content = content[os.write(opened, content) :]


def _end_of_lines(opened: int) -> int:
    """Where the last whole line ends; 0 where there is none."""
    end = os.fstat(opened).st_size
    while end:
        begin = max(0, end - _BLOCK)
        if found := os.pread(opened, end - begin, begin).rfind(b"\n") + 1:
            return begin + found
        end = begin
    return 0


def sync_folder(folder: Path) -> None:
    """A name is durable only with its folder."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
