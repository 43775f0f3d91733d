"""A compiled form: immutable, shared by all requests of a process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from forms_engine.characters import Charset
from forms_engine.texts import Text

if TYPE_CHECKING:
    from forms_engine.conditions import Condition
    from forms_engine.field_types import FieldType
    from forms_engine.formulas import Formula

Path: TypeAlias = tuple[str, ...]
Answers: TypeAlias = dict[str, Any]
Where: TypeAlias = tuple[str, ...]  # ids of the instances that enclose something, outermost first


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    value: str
    label: Text
    hint: Text | None
    when: Condition | None


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A check across questions: `message` appears at `at` when `require` is false."""

    require: Condition
    at: Path
    message: Text


@dataclass(frozen=True, slots=True, eq=False)
class Repeat:
    min: int
    max: int
    instance: Text
    add: Text


@dataclass(frozen=True, slots=True, eq=False)
class Static:
    path: Path
    text: Text
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Calculated(Static):
    """A number that follows from the answers; nobody types it. `text` is its label."""

    formula: Formula
    decimals: int
    unit: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One question. `conditions` holds those of its step and groups too: it is shown when all of them are true."""

    path: Path
    type: FieldType
    label: Text
    hint: Text | None
    required: bool
    conditions: tuple[Condition, ...]
    options: tuple[Option, ...]
    missing: Text | None
    wrong: Text | None
    limits: Mapping[str, Any]
    pattern: Any | None
    pattern_message: Text | None
    charset: Charset
    prefill: str | None
    role: str | None
    search: bool
    special: bool
    autocomplete: str | None
    fim: str | None  # its id in the schema of the federation, as it is written there
    locked: bool  # what the account knows stands, and is changed there
    follows: str | None  # the code list whose version of the day gives the options

    @property
    def key(self) -> str:
        return self.path[-1]


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    path: Path
    title: Text
    hint: Text | None
    optional: bool
    repeat: Repeat | None
    items: tuple[Item, ...]
    rules: tuple[Rule, ...]
    conditions: tuple[Condition, ...]
    fim: str | None

    @property
    def key(self) -> str:
        return self.path[-1]


Item: TypeAlias = Field | Group | Static


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    key: str
    title: Text
    intro: Text | None
    items: tuple[Item, ...]
    conditions: tuple[Condition, ...]
    controlling: frozenset[Path]  # questions on which others of this step depend

    @property
    def fields(self) -> tuple[Field, ...]:
        """All questions of the step, those in groups too."""
        return tuple(walk_fields(self.items))


@dataclass(frozen=True, slots=True, eq=False)
class Declared:
    """What a path means, known before conditions are compiled."""

    path: Path
    repeated: tuple[bool, ...]  # for each key of the path: is it a repeated group?
    type: FieldType | None  # None: a group
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FimSchema:
    """The schema of the federation that a form came from."""

    id: str
    version: str


@dataclass(frozen=True, slots=True, eq=False)
class CompiledForm:
    key: str
    title: Text
    steps: tuple[Step, ...]
    rules: tuple[Rule, ...]
    declared: Mapping[Path, Declared]
    nodes: Mapping[Path, Field | Group] = field(repr=False)
    continued: Mapping[Path, tuple[Group, ...]] = field(repr=False)  # groups that stand in several steps
    fim: FimSchema | None = None
    follows: frozenset[str] = frozenset()  # the code lists whose versions of the day give options

    def parts_of(self, group: Group) -> tuple[Group, ...]:
        """The parts of a group that is asked in several steps; else the group alone."""
        return self.continued.get(group.path, (group,))

    def tree(self) -> tuple[Item, ...]:
        """The items of all steps, each group once with all its parts."""
        return _joined([item for step in self.steps for item in step.items])

    def step(self, key: str) -> Step:
        """The step with this key; KeyError if there is none."""
        for step in self.steps:
            if step.key == key:
                return step
        raise KeyError(key)

    def counts(self) -> dict[str, int]:
        """How large the form is: steps, fields, groups and rules (conditions and checks)."""
        nodes = list(self.nodes.values())
        groups = [node for node in nodes if isinstance(node, Group)]
        fields = [node for node in nodes if isinstance(node, Field)]
        conditions = {id(c) for part in (*self.steps, *nodes) for c in part.conditions}
        options = sum(option.when is not None for f in fields for option in f.options)
        checks = len(self.rules) + sum(len(group.rules) for group in groups)
        return {
            "steps": len(self.steps),
            "fields": len(fields),
            "groups": len(groups),
            "rules": len(conditions) + options + checks,
        }


def _joined(items: Sequence[Item]) -> tuple[Item, ...]:
    joined: dict[Path, Item] = {}
    for item in items:
        before = joined.get(item.path)
        joined[item.path] = _one_group(before, item) if isinstance(before, Group) and isinstance(item, Group) else item
    return tuple(
        replace(item, items=_joined(item.items)) if isinstance(item, Group) else item for item in joined.values()
    )


def _one_group(part: Group, other: Group) -> Group:
    """Two parts as one; its conditions are those that both have."""
    shared = (one for one, another in zip(part.conditions, other.conditions, strict=False) if one is another)
    return replace(part, items=(*part.items, *other.items), rules=(*part.rules, *other.rules), conditions=tuple(shared))


def walk_fields(items: tuple[Item, ...]) -> Iterator[Field]:
    """All questions below these items, in order."""
    for item in items:
        if isinstance(item, Field):
            yield item
        elif isinstance(item, Group):
            yield from walk_fields(item.items)
