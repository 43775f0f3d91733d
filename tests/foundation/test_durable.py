"""A file is whole or not there, for this user only, and its name is made durable with it."""

import errno
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from foundation import durable


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was made durable, in order."""
    seen: list[str] = []
    real = os.fsync

    def fsync(opened: int) -> None:
        real(opened)
        seen.append(os.readlink(f"/proc/self/fd/{opened}"))

    monkeypatch.setattr(os, "fsync", fsync)
    return seen


@pytest.mark.parametrize("write", [durable.replace, durable.create])
def test_file_and_its_name_are_durable_and_ours(tmp_path: Path, synced: list[str], write: object) -> None:
    path = tmp_path / "keys" / "rostock.json"
    write(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    assert len(synced) == 2
    assert synced[1] == str(path.parent)
    assert list(path.parent.iterdir()) == [path]


def test_old_file_stays_where_the_new_one_finds_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "rostock.json"
    durable.replace(path, b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no room"):
        durable.replace(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_file_that_is_there_is_not_created_again(tmp_path: Path) -> None:
    path = tmp_path / "rostock.json"
    assert durable.create(path, b"first")
    assert not durable.create(path, b"second")
    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file grows beyond this: the kernel takes a part of what is written, and refuses the rest, as a full disk."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


def test_a_line_for_which_there_is_no_room_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    durable.append(path, b"first\n")
    with room_for(10), pytest.raises(OSError, match="File too large"):
        durable.append(path, b"second\n")
    assert path.read_bytes() == b"first\n"
    durable.append(path, b"third\n")
    assert path.read_bytes() == b"first\nthird\n"


def test_a_line_that_could_not_be_synced_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal"

    def broken(*_: object) -> None:
        raise OSError(errno.EIO, "broken")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", broken)
        with pytest.raises(OSError, match="broken"):
            durable.append(path, b"first\n")
    assert path.read_bytes() == b""


@pytest.mark.parametrize("before", [b"", b"first\n", b"x" * 5000 + b"\n"])
def test_a_half_line_of_somebody_who_died_does_not_spoil_the_next(tmp_path: Path, before: bytes) -> None:
    for half in (b"hal", b"h" * 9000):
        path = tmp_path / f"journal-{len(half)}"
        path.write_bytes(before + half)
        durable.append(path, b"next\n")
        assert path.read_bytes() == before + b"next\n"


def test_lines_of_many_at_once_are_whole(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    lines = [f"{no}".encode() * 2000 + b"\n" for no in range(8)]

    def write(line: bytes) -> None:
        for _ in range(20):
            durable.append(path, line)

    writers = [Thread(target=write, args=[line]) for line in lines]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(path.read_bytes().splitlines(keepends=True)) == sorted(lines * 20)


def test_a_new_file_of_lines_is_durable_by_its_name(tmp_path: Path, synced: list[str]) -> None:
    durable.append(tmp_path / "journal", b"first\n")
    assert synced == [str(tmp_path / "journal"), str(tmp_path)]
