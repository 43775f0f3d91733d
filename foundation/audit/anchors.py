"""Anchors: the heads of all chains, written down once a day in a file that operators can publish.

Who holds a copy of the file can show that the past was not made anew. It holds ids, numbers and hashes only.
"""

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from foundation import clock, durable, scope
from foundation.audit import chain
from foundation.audit.models import AuditLink


@dataclass(frozen=True)
class Anchor:
    """One line of the file: `2026-11-24 <authority's id> <no> <hash>`."""

    day: date
    chain: uuid.UUID
    no: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.day} {self.chain} {self.no} {self.hash.hex()}"


def file() -> Path:
    return settings.DATA_DIR / "anchors" / "trail.txt"


def append_heads() -> list[Anchor]:
    """Adds the heads that moved since their last line; out: what was added. Durable when it returns.

    The file's own time says when the heads were last looked at, whether or not any of them had moved; an authority that
    comes or goes writes it anew as well.
    """
    known = kept()
    numbers = {anchor.chain: anchor.no for anchor in known}
    moved = [anchor for anchor in _heads() if anchor.no > numbers.get(anchor.chain, 0)]
    file().parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    _rewrite([*known, *moved])
    return moved


def kept() -> list[Anchor]:
    """All lines of the file. Raises `ValueError` as `read` does."""
    return list(read(file())) if file().exists() else []


def longest_wait() -> timedelta:
    """How long ago the heads were last written down, or the first link was made; zero where there is nothing yet."""
    if file().exists():
        return timedelta(seconds=max(0.0, time.time() - file().stat().st_mtime))
    with scope.system("the oldest event that no anchor holds", read_only=True):
        oldest = AuditLink.objects.order_by("event_id").values_list("event__at", flat=True).first()
        return clock.now() - oldest if oldest else timedelta()


def read(path: Path) -> Iterator[Anchor]:
    """The lines of such a file. Raises `ValueError` with the number of the line that is none.

    A line that breaks off at the end of the file was never confirmed: the disk was full, or the process died.
    """
    with open(path) as lines:
        for no, line in enumerate(lines, start=1):
            try:
                yield _anchor(line)
            except ValueError:
                if not line.endswith("\n"):
                    return
                raise ValueError(f"Zeile {no} von {path.name} ist kein Anker.") from None


def _anchor(line: str) -> Anchor:
    day, one, link_no, digest = line.split()
    if len(own_hash := bytes.fromhex(digest)) != len(chain.BEGINNING):
        raise ValueError
    return Anchor(date.fromisoformat(day), uuid.UUID(one), int(link_no), own_hash)


def of(one: uuid.UUID) -> list[Anchor]:
    """What is anchored of this chain."""
    return [anchor for anchor in kept() if anchor.chain == one]


def adopt(arrived: list[Anchor]) -> None:
    """Adds the anchors of a chain that comes from another installation."""
    known = kept()
    _rewrite([*known, *(anchor for anchor in arrived if anchor not in known)])


def forget(one: uuid.UUID) -> None:
    """Takes the chain out of the file: it goes on elsewhere. What was published stays with whoever has a copy."""
    if of(one):
        _rewrite([anchor for anchor in kept() if anchor.chain != one])


def _rewrite(anchors: list[Anchor]) -> None:
    mode = file().stat().st_mode if file().exists() else 0o640
    durable.replace(file(), "".join(f"{anchor}\n" for anchor in anchors).encode())
    file().chmod(mode & 0o777)


def _heads() -> list[Anchor]:
    with scope.system("anchor the heads of the trail", read_only=True):
        today = timezone.localdate(clock.now())
        chains = AuditLink.objects.order_by("authority_id").values_list("authority_id", flat=True).distinct()
        return [Anchor(today, one, *chain.head(one)) for one in list(chains)]
