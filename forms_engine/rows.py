"""What the templates of a step show: finished values, one object per thing on the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from django.utils.safestring import SafeString

from forms_engine.field_types.choices import MANY
from forms_engine.origins import KeptFile


@dataclass(slots=True)
class Choice:
    id: str
    value: str
    label: str
    chosen: bool
    hint: str = ""


@dataclass(slots=True)
class Box:
    """One of several boxes of a field."""

    id: str
    label: str
    attributes: SafeString
    error: bool = False
    tick: bool = False
    optional: bool = False


@dataclass(slots=True)
class FileLine:
    id: str
    name: str
    size: str
    verdict: str


@dataclass(slots=True)
class OfferLine:
    """An earlier answer to take: what its button sends, the answer in words, and where it was given."""

    choice: str
    text: str
    origin: str


@dataclass(slots=True)
class FieldRow:
    template: str
    id: str
    label: str
    optional: bool
    required: bool
    hint: str
    error: str
    source: str
    described_by: str
    controlling: bool
    focused: bool
    focus: str  # the id of its first control
    value: str = ""
    unit: str = ""
    attributes: SafeString | str = ""
    choices: list[Choice] = field(default_factory=list)
    boxes: list[list[Box]] = field(default_factory=list)  # lines of boxes
    files: list[FileLine] = field(default_factory=list)
    offers: list[OfferLine] = field(default_factory=list)
    kept_files: list[KeptFile] = field(default_factory=list)

    @property
    def searched(self) -> bool:
        """Is the list so long that there is a box to search it?"""
        return len(self.choices) > MANY

    @property
    def explained(self) -> list[Choice]:
        """The answers that have help of their own, which a list cannot show beside them."""
        return [choice for choice in self.choices if choice.hint]


@dataclass(slots=True)
class NoteRow:
    template: str
    text: str


@dataclass(slots=True)
class ResultRow:
    """A number that the form reckoned; empty while it is unknown."""

    template: str
    label: str
    value: str


@dataclass(slots=True)
class GroupRow:
    template: str
    id: str
    title: str
    optional: bool
    hint: str
    rows: list[Row]


@dataclass(slots=True)
class InstanceRow:
    id: str
    instance: str
    title: str
    remove: str
    removed: str
    can_be_removed: bool
    rows: list[Row]


@dataclass(slots=True)
class RepetitionRow:
    template: str
    id: str
    title: str
    focused: bool
    hint: str
    instances: list[InstanceRow]
    add: str
    added: str
    can_grow: bool


Row: TypeAlias = FieldRow | NoteRow | ResultRow | GroupRow | RepetitionRow
