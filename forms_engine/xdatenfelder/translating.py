"""From a schema to a definition. A path of keys is a path of ids: the same field in two groups is two questions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from forms_engine.errors import DefinitionError
from forms_engine.structure import Path
from forms_engine.xdatenfelder.fields import Item, Lists, counted, question, repeat, text
from forms_engine.xdatenfelder.harmonised import owner
from forms_engine.xdatenfelder.layout import steps
from forms_engine.xdatenfelder.life import with_any_abode, with_one_name
from forms_engine.xdatenfelder.prefilling import Asked, settle
from forms_engine.xdatenfelder.schema import DataField, FieldGroup, Position, Schema

_ADDED = (
    "Ergänzt sind freiwillige Fragen, die das Schema nicht hat: „Nur ein Name“ bei Namen, „Ohne festen Wohnsitz“ und "
    "„Wohnt bei“ bei Anschriften von Personen. Brauchen Sie eine nicht, nehmen Sie erst die Bedingungen heraus, die "
    "sie nennen, dann die Frage."
)


@dataclass(slots=True, eq=False)
class Placed:
    """A field or group of the schema at its place in the definition."""

    id: str
    path: Path
    inside: Path  # the innermost repeated group around it
    item: Item
    children: list[Placed] = field(default_factory=list)
    is_question: bool = False
    whose: str | None = None  # a person's data or an organisation's, as far as the blocks in it tell
    block: Path = ()  # the innermost group that tells, this one or one around it

    def below(self) -> Iterator[Placed]:
        for child in self.children:
            yield child
            yield from child.below()

    def questions(self) -> list[Placed]:
        """The questions that an answer to this part consists of."""
        return [self] if self.is_question else [part for part in self.below() if part.is_question]

    @property
    def scope(self) -> Path:
        """Where `./` leads from within: this group if it repeats, else what is around it."""
        return self.path if "repeat" in self.item else self.inside


@dataclass(slots=True)
class Translated:
    definition: dict[str, Any]
    root: Placed
    warnings: list[str]


def translate(schema: Schema, lists: Lists) -> Translated:
    """The definition of a schema, without its rules; `lists` finds code lists."""
    work = _Translation(lists, _owner(schema.positions))
    root = Placed(schema.id, (), (), {})
    items = work.items(schema.positions, root)
    settle(work.asked)
    if not items:
        raise DefinitionError([f"Das Schema {schema.id} fragt nichts. Daraus wird kein Formular."])
    definition = {
        "format": 1,
        "key": re.sub(r"[^a-z0-9]+", "-", schema.id.lower())[:80],
        "title": text(schema.label),
        "fim": {"id": schema.id, "version": schema.version[:30]},
        "steps": steps(items, schema.label),
    }
    return Translated(definition, root, [*([_ADDED] if work.adds else []), *work.warnings])


class _Translation:
    def __init__(self, lists: Lists, whose: str | None) -> None:
        self.lists = lists
        self.whose = whose  # what the first block of the whole schema tells
        self.adds = False  # was a question added that the schema does not have?
        self.warnings: list[str] = []
        self.asked: list[Asked] = []

    def items(self, positions: tuple[Position, ...], parent: Placed) -> list[Item]:
        taken: set[str] = set()
        items = []
        for position in positions:
            key = _key(position.element.id, taken)
            item = self.item(position, key, parent)
            if item is not None:
                taken.add(key)
                items.append(item)
        return self.as_life_is(items, parent)

    def as_life_is(self, items: list[Item], parent: Placed) -> list[Item]:
        """With what people need whose names and addresses are not as the schema wants them."""

        def name(key: str) -> str:
            return named((*parent.path, key), parent.scope)

        more = with_one_name(items, name)
        if parent.whose == "person":
            more = with_any_abode(more, name)
        self.adds = self.adds or len(more) > len(items)
        return more

    def item(self, position: Position, key: str, parent: Placed) -> Item | None:
        if isinstance(position.element, FieldGroup):
            return self.group(position.element, position, key, parent)
        return self.field(position.element, position, key, parent)

    def group(self, group: FieldGroup, position: Position, key: str, parent: Placed) -> Item | None:
        item: Item = {"type": "group", "key": key, "fim": group.id, "title": text(group.label)}
        if group.help:
            item["hint"] = text(group.help)
        if position.most is None or position.most > 1:
            item["repeat"] = repeat(position.least, position.most, item["title"])
        elif position.least == 0:
            item["optional"] = True
        path, whose = (*parent.path, key), _owner(group.positions)
        block = path if whose else parent.block
        placed = Placed(group.id, path, parent.scope, item, whose=whose or parent.whose, block=block)
        item["items"] = self.items(group.positions, placed)
        if not item["items"]:
            self.warnings.append(
                f"{group.id} „{group.label}“: In dieser Gruppe fragt nichts. Sie entfällt; Sie müssen nichts tun."
            )
            return None
        parent.children.append(placed)
        if group.is_choice:
            _exactly_one(placed)
        return item

    def field(self, data: DataField, position: Position, key: str, parent: Placed) -> Item | None:
        def warn(sentence: str) -> None:
            self.warnings.append(f"{data.id} „{data.label[:80]}“: {sentence}")

        asked = question(data, self.lists, warn)
        if asked is None:
            return None
        asked |= {"key": key, "fim": data.id}
        item = counted(asked, position.least, position.most)
        self.asked.append(Asked(item, parent.whose or self.whose, parent.block, bool(parent.scope)))
        placed = Placed(
            data.id, (*parent.path, key), parent.scope, item, is_question=item["type"] not in ("static", "group")
        )
        if item["type"] == "group":
            (single,) = item["items"]
            placed.children = [Placed(data.id, (*placed.path, key), placed.path, single, is_question=True)]
        parent.children.append(placed)
        return item


def _owner(positions: tuple[Position, ...]) -> str | None:
    """Whose data these are: the first block that tells decides. Who is listed in a repeated group owns nothing else."""
    for position in positions:
        element = position.element
        if isinstance(element, DataField):
            found = owner(element.id)
        else:
            found = _owner(element.positions) if position.most == 1 else None
        if found:
            return found
    return None


def _exactly_one(group: Placed) -> None:
    """An Auswahlgruppe: one of its children is answered, the others stay empty."""
    group.item["rules"] = []
    for child in group.children:
        child.item |= {"optional": True} if child.item["type"] == "group" and "repeat" not in child.item else {}
        if child.is_question:
            child.item["required"] = False
    first = group.questions()
    if not first:
        return
    group.item["rules"].append(
        {
            "require": {
                "xor": [{"not": is_empty(child, group.scope)} for child in group.children if child.questions()]
            },
            "at": named(first[0].path, group.scope),
            "message": text("Machen Sie hier genau eine der Angaben."),
        }
    )


def is_empty(part: Placed, scope: Path) -> dict[str, Any]:
    """The condition that nothing of this part is answered."""
    return {"and": [{"is_empty": {"answer": named(question.path, scope)}} for question in part.questions()]}


def named(path: Path, scope: Path) -> str:
    """A path as conditions name it: relative to the repeated group that they stand in."""
    if scope and path[: len(scope)] == scope:
        return "./" + ".".join(path[len(scope) :])
    return ".".join(path)


def key_of(fim_id: str) -> str:
    """The key of an element where it stands in its group for the first time."""
    key = re.sub(r"[^a-z0-9]", "_", fim_id.lower())
    return key if len(key) <= 36 else f"{key[:20]}_{hashlib.sha256(fim_id.encode()).hexdigest()[:12]}"


def _key(fim_id: str, taken: set[str]) -> str:
    key, number = key_of(fim_id), 1
    while (name := key if number == 1 else f"{key}_{number}") in taken:
        number += 1
    return name
