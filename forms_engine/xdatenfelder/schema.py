"""A form schema of the federation as plain data, the same for both versions of the standard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as its author wrote it: German text. Nobody but a form author makes it work."""

    id: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class ListReference:
    """A code list that a field names; `code_key` and `name_key` are columns of it (3.0)."""

    uri: str
    version: str
    code_key: str = ""
    name_key: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What `praezisierung` says, as far as it is understood; `note` is the rest."""

    min_length: int | None = None
    max_length: int | None = None
    min_value: str | None = None
    max_value: str | None = None
    pattern: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """An answer that a schema or a code list offers (schemas of 3.0: with help of its own)."""

    code: str
    name: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class DataField:
    id: str
    version: str
    name: str
    label: str
    help: str
    kind: str  # input, select, label, hidden, locked
    data_type: str
    limits: Limits
    content: str
    prefill: str  # keine, optional, verpflichtend
    values: tuple[Value, ...]
    code_list: ListReference | None
    max_size: int | None
    media_types: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class FieldGroup:
    id: str
    version: str
    name: str
    label: str
    help: str
    is_choice: bool  # Auswahlgruppe: exactly one of its children is filled
    positions: tuple[Position, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """A field or group at its place, so many times: `least` to `most`, None without end."""

    least: int
    most: int | None
    element: DataField | FieldGroup


Part: TypeAlias = DataField | FieldGroup


@dataclass(frozen=True, slots=True)
class Schema:
    id: str
    version: str
    name: str
    label: str
    help: str
    positions: tuple[Position, ...]
    rules: tuple[Rule, ...]

    def parts(self) -> Iterator[Part]:
        """All fields and groups, each as often as it stands in the schema."""
        yield from _below(self.positions)

    def all_rules(self) -> dict[str, Rule]:
        """Each rule once, by its id."""
        rules = [*self.rules, *(rule for part in self.parts() for rule in part.rules)]
        return {rule.id: rule for rule in rules}


def _below(positions: tuple[Position, ...]) -> Iterator[Part]:
    for position in positions:
        yield position.element
        if isinstance(position.element, FieldGroup):
            yield from _below(position.element.positions)
