"""Where something stands in a definition, and how its author calls it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from forms_engine.errors import DefinitionError
from forms_engine.structure import Path

Node: TypeAlias = dict[str, Any]

_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Address:
    """A step, or a group, field or text in it by its path. As text: `hund` or `hund:hunde.name`."""

    step: str
    path: Path = ()

    def __str__(self) -> str:
        return f"{self.step}:{'.'.join(self.path)}" if self.path else self.step

    @classmethod
    def read(cls, text: str) -> Address:
        """The address that a text means; whether there is something is another question."""
        step, _, path = text.partition(":")
        return cls(step, tuple(path.split(".")) if path else ())

    @property
    def parent(self) -> Address | None:
        """The group or step around it; None for a step."""
        return Address(self.step, self.path[:-1]) if self.path else None

    def is_around(self, other: Address) -> bool:
        return self.step == other.step and self.path == other.path[: len(self.path)] and self != other


def walk(definition: Mapping[str, Any]) -> Iterator[tuple[Address, Node]]:
    """Every step, group, field and text with its address, in the order of the page."""
    for step in definition["steps"]:
        at = Address(step["key"])
        yield at, step
        yield from _below(step["items"], at)


def _below(items: list[Node], around: Address) -> Iterator[tuple[Address, Node]]:
    for item in items:
        at = Address(around.step, (*around.path, item["key"]))
        yield at, item
        yield from _below(item.get("items", []), at)


def find(definition: Mapping[str, Any], at: Address) -> Node:
    """What stands at this address; DefinitionError if there is nothing."""
    for address, node in walk(definition):
        if address == at:
            return node
    raise DefinitionError(["Diese Stelle gibt es im Formular nicht mehr. Wählen Sie im Aufbau eine andere."])


def level_of(definition: Mapping[str, Any], at: Address) -> list[Node]:
    """The list that the node stands in: the steps, or the items of what is around it."""
    if at.parent is None:
        steps: list[Node] = definition["steps"]
        return steps
    items: list[Node] = find(definition, at.parent)["items"]
    return items


def position_of(definition: Mapping[str, Any], at: Address) -> int:
    """Which of its level it is, from 0."""
    node = find(definition, at)
    return next(number for number, each in enumerate(level_of(definition, at)) if each is node)


def instance_around(definition: Mapping[str, Any], at: Address) -> Path:
    """The path of the innermost repeated group around it; empty if there is none."""
    for length in range(len(at.path) - 1, 0, -1):
        if "repeat" in find(definition, Address(at.step, at.path[:length])):
            return at.path[:length]
    return ()


def name_of(node: Mapping[str, Any]) -> str:
    """What its author calls it: its title, label, or the beginning of its text."""
    text: str = (node.get("title") or node.get("label") or node["text"])["de"]
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_NAME else line[: _LONGEST_NAME - 1] + "…"


def name_from(path: Path, inside: Path) -> str:
    """How a condition or formula in this repeated group calls a place; empty for the group itself and those around it
    that begin as it does.
    """
    if inside and path[: len(inside)] == inside:
        return "./" + ".".join(path[len(inside) :]) if len(path) > len(inside) else ""
    return ".".join(path)
