"""What a rule changes in a definition, as data: so it can be kept, looked at, and made later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forms_engine.conditions import NEGATED


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


def says_the_same(one: Change, other: Change) -> bool:
    """Do both show or check the same, whatever words they have for it?"""
    return (one.path, _said(one)) == (other.path, _said(other))


def _said(change: Change) -> tuple[str, Any]:
    return ("check", _plain(change.check["require"])) if change.check else ("when", _plain(change.when))


_OPPOSITE = NEGATED | {"and": "or", "or": "and"}


def _plain(condition: Any, *, negated: bool = False) -> Any:
    """A condition with each *not* moved inwards as far as it goes. Of one answer each that is the same in three values,
    too; of a question in a repeated group *not equal* says that no instance is, and *not_equal* that one is not.
    """
    ((operator, content),) = condition.items()
    if operator == "not":
        return _plain(content, negated=not negated)
    told = _OPPOSITE.get(operator, operator) if negated else operator
    if operator in ("and", "or"):
        parts = [_plain(part, negated=negated) for part in content]
        return parts[0] if len(parts) == 1 else {told: sorted(parts, key=repr)}
    if operator == "xor":
        content = [_plain(part) for part in content]
    return {"not": {operator: content}} if negated and operator not in _OPPOSITE else {told: content}


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
