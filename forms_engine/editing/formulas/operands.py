"""What a calculated field may reckon with at its place, and how its author writes that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from forms_engine.editing.places import Address, Node, instance_around, name_from, name_of, walk
from forms_engine.field_types import FIELD_TYPES
from forms_engine.field_types.numbers import Decimals
from forms_engine.structure import Path

SUM, TOTAL, COUNT, TOTAL_COUNT = "Summe", "Gesamtsumme", "Anzahl", "Gesamtanzahl"
_MEANINGS = {
    SUM: ", alle zusammen",
    TOTAL: ", alle zusammen, auch die der anderen Wiederholungen",
    COUNT: ", wie viele",
    TOTAL_COUNT: ", wie viele, auch in den anderen Wiederholungen",
}


@dataclass(frozen=True, slots=True)
class Operand:
    """Something to reckon with: how an author writes it, what it is called, and what the definition holds."""

    text: str
    label: str
    raw: Mapping[str, str]
    path: str

    @property
    def meaning(self) -> str:
        """What is reckoned with then, in words."""
        return self.label + _MEANINGS.get(self.text.partition("(")[0], "")


@dataclass(frozen=True, slots=True)
class Operands:
    """What a formula may name at its place, and what else there is, for refusals."""

    usable: tuple[Operand, ...] = ()
    others: Mapping[str, str] = field(default_factory=dict)  # paths of what cannot be reckoned with, and their types


def operands(definition: Mapping[str, Any], at: Address) -> Operands:
    """What the calculated field at this place may reckon with, in the order of the form."""
    inside = instance_around(definition, at) if at.path else ()
    nodes = {address.path: node for address, node in walk(definition) if address.path}
    usable = [operand for path, node in nodes.items() for operand in _operands(nodes, path, node, inside)]
    known = {operand.path for operand in usable}
    others = {".".join(path): node["type"] for path, node in nodes.items() if ".".join(path) not in known}
    return Operands(tuple(usable), others)


def _operands(nodes: Mapping[Path, Node], path: Path, node: Node, inside: Path) -> Iterator[Operand]:
    name, label = ".".join(path), " › ".join(name_of(nodes[path[:length]]) for length in range(1, len(path) + 1))
    near = name_from(path, inside) or name
    within = near != name
    field_type = FIELD_TYPES.get(node["type"])
    if isinstance(field_type, Decimals):
        lengths = range(len(inside) + 1 if within else 1, len(path))
        many = any("repeat" in nodes[path[:length]] for length in lengths)
        yield Operand(f"{SUM}({name})" if many else name, label, {"answer": near}, name)
        if within:
            yield Operand(f"{TOTAL}({name})", label, {"answer": name}, name)
    if field_type.counted if field_type else "repeat" in node:
        yield Operand(f"{COUNT}({name})", label, {"count": near}, name)
        if within:
            yield Operand(f"{TOTAL_COUNT}({name})", label, {"count": name}, name)
