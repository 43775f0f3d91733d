"""The tree of a form beside its properties: steps, groups and fields as nested links."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forms_engine.editing import api as editing
from forms_engine.editing.api import Address


@dataclass(frozen=True)
class Branch:
    """One link, and what stands below it."""

    address: str
    name: str
    note: str
    is_current: bool
    branches: list["Branch"]


def outline(definition: Mapping[str, Any], current: Address) -> list[Branch]:
    """The steps with all below them."""
    return [
        _branch(step, Address(step["key"]), current, f"{number} ")
        for number, step in enumerate(definition["steps"], start=1)
    ]


def _branch(node: Mapping[str, Any], at: Address, current: Address, number: str = "") -> Branch:
    below = [_branch(item, Address(at.step, (*at.path, item["key"])), current) for item in node.get("items", ())]
    return Branch(str(at), number + editing.name_of(node), _note(node), at == current, below)


def _note(node: Mapping[str, Any]) -> str:
    notes = []
    if repeat := node.get("repeat"):
        notes.append(f"{repeat['min']} bis {repeat['max']}")
    if node.get("optional") or node.get("required") is False:
        notes.append("freiwillig")
    if "when" in node:
        notes.append("mit Bedingung")
    return ", ".join(notes)
