"""A file is whole or not there, for this user only, and its name is made durable with it."""

import errno
import os
from pathlib import Path

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
