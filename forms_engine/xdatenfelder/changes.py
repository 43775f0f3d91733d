"""What a rule changes in a definition, as data: so it can be kept, looked at, and made later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


class NoPlace(Exception):
    """The definition no longer has what the change is about."""


@dataclass(frozen=True, slots=True)
class Change:
    """A condition under which the item at `path` is shown, or a check of the repeated group there (of the form: "")."""

    path: str
    when: dict[str, Any] | None = None
    check: dict[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        told = (("path", self.path), ("when", self.when), ("check", self.check))
        return {key: value for key, value in told if value is not None}


def from_json(kept: Mapping[str, Any]) -> Change:
    return Change(kept["path"], kept.get("when"), kept.get("check"))


def make(change: Change, definition: dict[str, Any]) -> None:
    """Makes the change in place. Raises NoPlace."""
    if change.check is not None:
        holder = next(_at(change.path, definition), None) if change.path else definition
        if holder is None:
            raise NoPlace
        holder.setdefault("rules", []).append(change.check)
        return
    items = list(_at(change.path, definition))
    if not items:
        raise NoPlace
    for item in items:
        before = item.get("when")
        item["when"] = {"and": [before, change.when]} if before else change.when


def _at(path: str, definition: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The item at a path, or its parts where it stands in several steps."""
    found = [item for step in definition["steps"] for item in step["items"]]
    *above, last = path.split(".")
    for key in above:
        found = [below for item in found if item["key"] == key for below in item.get("items", ())]
    yield from (item for item in found if item["key"] == last)
