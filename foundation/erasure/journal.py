"""The journal of erasures beside the database: one JSON object a line, ids only."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from foundation import durable, erasure, strict_json


@dataclass(frozen=True)
class Entry:
    kind: str
    object_id: uuid.UUID
    reason: str


def file() -> Path:
    return settings.DATA_DIR / "erasures.jsonl"


def append(*entries: Entry) -> None:
    """Adds lines; durable when it returns, and not there when it raises, as on a full disk."""
    said = ({"kind": entry.kind, "id": str(entry.object_id), "reason": entry.reason} for entry in entries)
    if lines := "".join(f"{json.dumps(each)}\n" for each in said):
        durable.append(file(), lines.encode())


def kept() -> list[Entry]:
    """The entries of this place's journal. Raises `ValueError` as `read` does."""
    return list(read(file())) if file().exists() else []


def read(path: Path) -> Iterator[Entry]:
    """The entries of a journal. Raises `ValueError` with the number of the line that is none.

    A line that breaks off at the end of the file was lost behind its commit: `completing` adds it, as long as the
    database knows of it.
    """
    with open(path, "rb") as lines:
        for no, line in enumerate(lines, start=1):
            try:
                found = strict_json.parse(line)
                yield Entry(found["kind"], uuid.UUID(found["id"]), found["reason"])
            except (ValueError, KeyError, TypeError):
                if not line.endswith(b"\n"):
                    return
                raise ValueError(f"Zeile {no} von {path.name} nennt keine Löschung.") from None


def replay(path: Path) -> int:
    """Erases again what the journal names and the database holds, as after a restore; says how many.

    Raises `ValueError` before anything is erased if a line is none or names a kind that nobody here erases.
    """
    entries = list(read(path))
    for no, entry in enumerate(entries, start=1):
        if entry.kind not in erasure.erasers:
            raise ValueError(f"Zeile {no} von {path.name} nennt keine Löschung.")
    return sum(erasure.erasers[entry.kind](entry.object_id, entry.reason) for entry in entries)
