"""One step with what was typed in it: which questions there are, what stands in them, what they ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import ngettext

from forms_engine.answers import INSTANCE_ID, instance_ids, merge
from forms_engine.field_types import Raw, Upload
from forms_engine.field_types.base import refused, wrong_boxes
from forms_engine.matching_options import code_of
from forms_engine.reading import Reading, instances
from forms_engine.structure import (
    Answers,
    CompiledForm,
    Field,
    Group,
    Item,
    Option,
    Repeat,
    Static,
    Step,
    Where,
)

Uploads: TypeAlias = Mapping[str, Sequence[Upload]]


@dataclass(slots=True, eq=False)
class Slot:
    """A question at its place: in this step, in this instance."""

    field: Field
    name: str
    where: Where
    raw: Raw
    answer: Any  # valid, or what a draft keeps
    error: ValidationError | None
    prefilled: bool
    required: bool = True  # settled when it is known what else is filled
    crumbs: tuple[str, ...] = ()  # titles of the instances around it: "Hund 2"
    gone: tuple[str, ...] = ()  # stored codes that can be chosen no more: they stand there until chosen anew

    @property
    def is_blank(self) -> bool:
        return self.field.type.is_blank(self.raw)


@dataclass(slots=True, eq=False)
class Block:
    """A group at its place, or one instance of a repeated group."""

    group: Group
    name: str
    where: Where
    nodes: list[Node]
    instance: str | None = None
    number: int = 0


@dataclass(slots=True, eq=False)
class Repetition:
    """A repeated group at its place with its instances."""

    group: Group
    repeat: Repeat
    name: str
    where: Where
    blocks: list[Block]


@dataclass(slots=True, eq=False)
class Note:
    """A static text at its place."""

    static: Static
    where: Where


Node: TypeAlias = Slot | Block | Repetition | Note


class Sheet:
    """A step, filled in from a post, from the stored answers and from a profile, in this order.

    Which questions there are follows from the posted values together with the answers of the other steps. A question
    that the posted page did not show yet (its name is not in the posted `shown`) keeps its stored answer.
    `values` is all that was typed: valid answers, and the words of those that are not valid yet.
    """

    def __init__(
        self,
        form: CompiledForm,
        step: Step,
        answers: Answers,
        *,
        language: str,
        data: MultiValueDict[str, Any] | None,
        uploads: Uploads,
        prefill: Mapping[str, Any],
    ) -> None:
        self.language = language
        self._uploads, self._prefill = uploads, prefill
        self._posted = data if data is not None else MultiValueDict()
        self._is_posted = data is not None
        self._shown_before = set(str(self._posted["shown"]).split()) if "shown" in self._posted else None
        nodes, values = self._place(step.items, answers, (), "", ())
        placed = list(slots_of(nodes))
        self.reading = Reading(form, merge(answers, values))
        self.nodes = self._visible(nodes)
        self.slots = list(slots_of(self.nodes))
        self._settle_required(self.nodes, required=True)
        self.values = without(values, self._never_asked(placed))

    def options(self, slot: Slot) -> list[Option]:
        """The options of a question that its rules leave."""
        return [
            option
            for option in slot.field.options
            if option.when is None or self.reading.holds(option.when, slot.where) is True
        ]

    def is_unseen(self, slot: Slot) -> bool:
        """Did the posted page not show this question yet, because another one was answered only there?"""
        return self._shown_before is not None and slot.name not in self._shown_before

    # placing: every question of the step with what was typed --------------------------------------------------------

    def _place(
        self, items: tuple[Item, ...], stored: Answers, where: Where, prefix: str, crumbs: tuple[str, ...]
    ) -> tuple[list[Node], Answers]:
        nodes: list[Node] = []
        values: Answers = {}
        for item in items:
            if isinstance(item, Static):
                nodes.append(Note(item, where))
                continue
            name = f"{prefix}{item.key}"
            if isinstance(item, Field):
                slot = self._slot(item, name, stored, where, crumbs)
                values[item.key] = slot.answer
                nodes.append(slot)
            elif item.repeat:
                repetition, values[item.key] = self._repetition(
                    item, item.repeat, name, stored.get(item.key), where, crumbs
                )
                nodes.append(repetition)
            else:
                below = stored.get(item.key)
                children, values[item.key] = self._place(
                    item.items, below if isinstance(below, dict) else {}, where, f"{name}-", crumbs
                )
                nodes.append(Block(item, name, where, children))
        return nodes, values

    def _repetition(
        self, group: Group, repeat: Repeat, name: str, stored: Any, where: Where, crumbs: tuple[str, ...]
    ) -> tuple[Repetition, list[Answers]]:
        known = {entry.get("_id"): entry for entry in instances(stored)}
        blocks, values = [], []
        for number, instance in enumerate(self._instance_ids(repeat, name, stored), start=1):
            title = f"{repeat.instance(self.language)} {number}"
            children, below = self._place(
                group.items, known.get(instance, {}), (*where, instance), f"{name}-{instance}-", (*crumbs, title)
            )
            blocks.append(Block(group, f"{name}-{instance}", (*where, instance), children, instance, number))
            values.append({"_id": instance, **below})
        return Repetition(group, repeat, name, where, blocks), values

    def _instance_ids(self, repeat: Repeat, name: str, stored: Any) -> list[str]:
        ids = instance_ids(stored, repeat.min)
        if name in self._posted:
            posted = [entry for entry in self._posted.getlist(name) if INSTANCE_ID.fullmatch(str(entry))]
            ids = list(dict.fromkeys((*posted, *(entry["_id"] for entry in instances(stored) if "_id" in entry))))
        return ids[: repeat.max]

    def _slot(self, field: Field, name: str, stored: Answers, where: Where, crumbs: tuple[str, ...]) -> Slot:
        raw = self._raw(field, name, stored)
        gone = tuple(field.type.gone(field, stored.get(field.key)))
        answer, error = None, None
        if not field.type.is_blank(raw):
            try:
                answer = field.type.parse(field, raw, self.language)
            except ValidationError as problem:
                answer = field.type.keep(field, raw)
                error = refused(field.wrong(self.language), *wrong_boxes(problem)) if field.wrong else problem
                if left := [value for value in gone if value in ([raw] if isinstance(raw, str) else raw)]:
                    answer, error = field.type.keep_gone(answer, left), refused(_gone(left))
        return Slot(field, name, where, raw, answer, error, self._is_of_profile(field, raw), crumbs=crumbs, gone=gone)

    def _raw(self, field: Field, name: str, stored: Answers) -> Raw:
        if field.type.name == "file":
            return [upload.id for upload in self._uploads.get(name, ())]
        if field.locked and not field.type.is_blank(known := field.type.raw(self._from_profile(field))):
            return known
        if self._was_shown(name):
            return field.type.read(self._posted, name)
        if field.key not in stored and field.prefill:
            return field.type.raw(self._from_profile(field))
        return field.type.raw(stored.get(field.key))

    def _is_of_profile(self, field: Field, raw: Raw) -> bool:
        if not field.prefill or field.locked or field.type.is_blank(raw):
            return False
        return raw == field.type.raw(self._from_profile(field))

    def is_locked(self, slot: Slot) -> bool:
        """Does the account say what stands here? What it does not know is asked like everything else."""
        return slot.field.locked and not self.is_unknown(slot)

    def is_unknown(self, slot: Slot) -> bool:
        """Does the profile know nothing for this question?"""
        return not slot.field.prefill or slot.field.type.is_blank(slot.field.type.raw(self._from_profile(slot.field)))

    def _from_profile(self, field: Field) -> Any:
        known = field.type.from_profile(self._prefill, field.prefill or "")
        # A form need not offer every legal form there is; what it does not offer is left open.
        return known if not field.options else self._offered_of(field, known)

    @staticmethod
    def _offered_of(field: Field, known: Any) -> Any:
        code = code_of(field.prefill or "", known, field.options)
        return code if code in {option.value for option in field.options} else None

    def _was_shown(self, name: str) -> bool:
        return self._is_posted and (self._shown_before is None or name in self._shown_before)

    def _never_asked(self, placed: list[Slot]) -> set[str]:
        """Names of hidden questions that hold nothing of this post: the draft keeps what it has of them."""
        visible = {slot.name for slot in self.slots}
        return {
            slot.name
            for slot in placed
            if slot.name not in visible and (slot.is_blank or not self._was_shown(slot.name))
        }

    # deciding: what is visible, what is required --------------------------------------------------------------------

    def _visible(self, nodes: list[Node]) -> list[Node]:
        visible = []
        for node in nodes:
            item = node.field if isinstance(node, Slot) else node.static if isinstance(node, Note) else node.group
            if not self.reading.shows(item, node.where):
                continue
            if isinstance(node, Block):
                node.nodes = self._visible(node.nodes)
            elif isinstance(node, Repetition):
                for block in node.blocks:
                    block.nodes = self._visible(block.nodes)
            visible.append(node)
        return visible

    def _settle_required(self, nodes: list[Node], *, required: bool) -> None:
        """A required question in an optional group is required as soon as one question of the group is filled."""
        for node in nodes:
            if isinstance(node, Slot):
                node.required = required and node.field.required
            elif isinstance(node, Block):
                filled = (
                    not node.group.optional
                    or any(not slot.is_blank for slot in slots_of(node.nodes))
                    or self.reading.is_answered(node.group, node.where)
                )
                self._settle_required(node.nodes, required=required and filled)
            elif isinstance(node, Repetition):
                for block in node.blocks:
                    self._settle_required(block.nodes, required=required)


def _gone(codes: Sequence[str]) -> str:
    told = ngettext(
        "Die Antwort %(codes)s gibt es nicht mehr. Wählen Sie neu aus.",
        "Die Antworten %(codes)s gibt es nicht mehr. Wählen Sie neu aus.",
        len(codes),
    )
    return told % {"codes": ", ".join(f"„{code}“" for code in codes)}


def slots_of(nodes: Sequence[Node]) -> Iterator[Slot]:
    """The questions below these nodes, in the order of the page."""
    for node in nodes:
        if isinstance(node, Slot):
            yield node
        elif isinstance(node, Block):
            yield from slots_of(node.nodes)
        elif isinstance(node, Repetition):
            yield from slots_of(node.blocks)


def without(values: Answers, names: set[str], prefix: str = "") -> Answers:
    """Values of a step without the questions of these HTML names."""
    kept: Answers = {}
    for key, value in values.items():
        name = f"{prefix}{key}"
        if name in names:
            continue
        if isinstance(value, dict) and "_files" not in value:
            kept[key] = without(value, names, f"{name}-")
        elif isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
            kept[key] = [without(entry, names, f"{name}-{entry['_id']}-") for entry in value]
        else:
            kept[key] = value
    return kept
