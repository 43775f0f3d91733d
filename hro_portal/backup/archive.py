"""What lies in a backup: a tar archive that is written and read in one go, whatever its size.

First `about.json`, then the parts, at the end `manifest.json` with the SHA-256 of each part. The database comes in
pieces, because a tar archive wants to know a size before it takes the bytes.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Self

import tink

from hro_portal.backup.refusal import BackupRefused
from hro_portal.backup.sealing import DAMAGED

#: In the order in which they are written and restored. The database is last: when it is there, all is there.
FILES, KEYSETS, DATABASE = "files", "keysets", "database"
PARTS = (FILES, KEYSETS, DATABASE)
ABOUT, MANIFEST = "about.json", "manifest.json"
PIECE_BYTES = 4 * 1024 * 1024


@contextmanager
def damage_refused() -> Iterator[None]:
    """What a damaged file makes its readers raise, as the one sentence that an operator needs."""
    try:
        yield
    except (tink.TinkError, tarfile.TarError, ValueError, EOFError):
        raise BackupRefused(DAMAGED) from None


@dataclass
class Sum:
    """What is known of one part: its members with their names, in their order."""

    digest: Any = field(default_factory=hashlib.sha256)
    members: int = 0
    size: int = 0

    def begin(self, name: str, size: int) -> None:
        # Name and size are counted too, so that no byte can wander from one member to the next.
        self.digest.update(f"{name}\0{size}\0".encode())
        self.members += 1
        self.size += size

    def as_json(self) -> dict[str, Any]:
        return {"sha256": self.digest.hexdigest(), "members": self.members, "bytes": self.size}


class _Counted:
    """Reads through to the source and counts into the sum: tarfile copies from here, nothing is held."""

    def __init__(self, source: BinaryIO, total: Sum) -> None:
        self._source, self._total = source, total

    def read(self, size: int = -1) -> bytes:
        content = self._source.read(size)
        self._total.digest.update(content)
        return content


class Writer:
    """Fills a backup. Everything between `about` and `finish` belongs to one of the parts."""

    def __init__(self, target: BinaryIO, about: dict[str, Any]) -> None:
        self._tar = tarfile.open(  # noqa: SIM115 - `__exit__` closes it
            fileobj=target, mode="w|", format=tarfile.PAX_FORMAT
        )
        self._sums = {part: Sum() for part in PARTS}
        self._add_json(ABOUT, about)

    def add_file(self, part: str, name: str, path: Path) -> None:
        """A file as it is when it is opened; raises `OSError` when it is not there."""
        with path.open("rb") as source:
            self._add(part, name, source, os.fstat(source.fileno()).st_size)

    def add_pieces(self, part: str, pieces: Iterable[bytes]) -> None:
        for number, piece in enumerate(pieces):
            self._add(part, f"{number:08}", io.BytesIO(piece), len(piece))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        # Also after a failure: tarfile would write its rest whenever memory is tidied up.
        self._tar.close()

    def finish(self, **more: Any) -> dict[str, Any]:
        """Writes the manifest, and says what stands in it."""
        manifest = {"parts": {part: total.as_json() for part, total in self._sums.items()}, **more}
        self._add_json(MANIFEST, manifest)
        return manifest

    def _add(self, part: str, name: str, source: BinaryIO, size: int) -> None:
        entry = tarfile.TarInfo(f"{part}/{name}")
        entry.size = size
        self._sums[part].begin(name, size)
        self._tar.addfile(entry, _Counted(source, self._sums[part]))
        # tarfile remembers each member; a city's files would fill the memory. The types do not know the list.
        self._tar.members = []  # type: ignore[attr-defined]

    def _add_json(self, name: str, value: dict[str, Any]) -> None:
        content = json.dumps(value, indent=1).encode()
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        self._tar.addfile(entry, io.BytesIO(content))


@dataclass
class Member:
    """One member of a part. Its content is read once, piece by piece."""

    part: str
    name: str
    _source: BinaryIO
    _total: Sum

    def pieces(self) -> Iterator[bytes]:
        with damage_refused():
            while piece := self._source.read(PIECE_BYTES):
                self._total.digest.update(piece)
                yield piece


class Reader:
    """Reads a backup from its beginning to its end; whatever does not fit raises `BackupRefused`."""

    def __init__(self, source: BinaryIO) -> None:
        self._sums = {part: Sum() for part in PARTS}
        self._source = source
        with damage_refused():
            self._tar = tarfile.open(fileobj=source, mode="r|")  # noqa: SIM115 - the source is not ours to close
            self.about = self._json(self._tar.next(), ABOUT)
        self.manifest: dict[str, Any] = {}

    def members(self) -> Iterator[Member]:
        """The members of all parts in their order; once exhausted, `manifest` is there and has been checked."""
        while entry := self._next():
            part, _, name = entry.name.partition("/")
            if part not in self._sums:
                self._finish(entry)
                return
            content = self._tar.extractfile(entry)
            if content is None:
                raise BackupRefused(DAMAGED)
            self._sums[part].begin(name, entry.size)
            # `extractfile` is typed as IO[bytes], which is what BinaryIO means.
            yield (member := Member(part, name, content, self._sums[part]))  # type: ignore[arg-type]
            for _unread in member.pieces():
                pass
        raise BackupRefused(DAMAGED)

    def _next(self) -> tarfile.TarInfo | None:
        with damage_refused():
            self._tar.members = []  # type: ignore[attr-defined]  # as when writing
            return self._tar.next()

    def _finish(self, entry: tarfile.TarInfo) -> None:
        with damage_refused():
            manifest = self._json(entry, MANIFEST)
            # The seal of the last segment is looked at when the stream is read to its end.
            while self._source.read(PIECE_BYTES):
                pass
        if manifest["parts"] != {part: total.as_json() for part, total in self._sums.items()}:
            raise BackupRefused(DAMAGED)
        self.manifest = manifest

    def _json(self, entry: tarfile.TarInfo | None, name: str) -> dict[str, Any]:
        content = self._tar.extractfile(entry) if entry and entry.name == name else None
        if content is None:
            raise BackupRefused(DAMAGED)
        return json.loads(content.read())
