"""One step of a form as a Django form: what was typed, what is visible, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forms_engine.answers import INSTANCE_ID, instance_ids, merge
from forms_engine.field_types import Raw, Upload
from forms_engine.field_types.base import refused
from forms_engine.reading import Reading, instances
from forms_engine.rows import Row, build_rows, target
from forms_engine.structure import Answers, CompiledForm, Field, Group, Item, Path, Repeat, Rule, Static, Step, Where

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


class StepForm(forms.Form):
    """A step, unbound (shown from answers and profile) or bound (shown and checked as posted).

    Which questions there are follows from the posted values together with the answers of the other steps. A question
    that the posted page did not show yet (its name is not in the posted `shown`) keeps its stored answer.
    """

    status = ""
    focus = ""
    first_in_focus: Slot | None = None

    def __init__(
        self,
        form: CompiledForm,
        step: Step,
        answers: Answers,
        *,
        language: str,
        data: MultiValueDict[str, Any] | None = None,
        uploads: Uploads | None = None,
        prefill: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data=data)
        self.form, self.step, self.language = form, step, language
        self.uploads = uploads or {}
        self._stored = answers
        self._prefill = prefill or {}
        self._posted = data if data is not None else MultiValueDict()
        self._before = set(str(self._posted["shown"]).split()) if "shown" in self._posted else None
        self._checked = False
        nodes, values = self._place(step.items, answers, (), "", ())
        placed = list(_slots(nodes))
        self.reading = Reading(form, merge(answers, values))
        self.nodes = self._visible(nodes)
        self.slots = list(_slots(self.nodes))
        self._values = _without(values, self._never_asked(placed), "")
        self._settle_required(self.nodes, required=True)
        # Django wants a field for each name that can carry an error; reading and checking are done by the slots.
        self.fields = {slot.name: _CARRIER for slot in self.slots}

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
        answer, error = None, None
        if not field.type.is_blank(raw):
            try:
                answer = field.type.parse(field, raw, self.language)
            except ValidationError as problem:
                answer = field.type.keep(field, raw)
                error = refused(field.wrong(self.language), *_parts(problem)) if field.wrong else problem
        return Slot(field, name, where, raw, answer, error, self._is_of_profile(field, raw), crumbs=crumbs)

    def _raw(self, field: Field, name: str, stored: Answers) -> Raw:
        if field.type.name == "file":
            return [upload.id for upload in self.uploads.get(name, ())]
        if self._was_shown(name):
            return field.type.read(self._posted, name)
        if field.key not in stored and field.prefill:
            return field.type.raw(self._from_profile(field))
        return field.type.raw(stored.get(field.key))

    def _is_of_profile(self, field: Field, raw: Raw) -> bool:
        if not field.prefill or field.type.is_blank(raw):
            return False
        return raw == field.type.raw(self._from_profile(field))

    def _from_profile(self, field: Field) -> Any:
        return self._prefill if field.prefill == "address" else self._prefill.get(field.prefill or "")

    def _was_shown(self, name: str) -> bool:
        return self.is_bound and (self._before is None or name in self._before)

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
                filled = not node.group.optional or any(not slot.is_blank for slot in _slots(node.nodes))
                self._settle_required(node.nodes, required=required and filled)
            elif isinstance(node, Repetition):
                for block in node.blocks:
                    self._settle_required(block.nodes, required=required)

    # checking -------------------------------------------------------------------------------------------------------

    def _clean_fields(self) -> None:
        self._checked = True
        for slot in self.slots:
            if slot.is_blank:
                if slot.required:
                    self._refuse(slot, self._missing(slot))
            elif slot.error is not None:
                self._refuse(slot, slot.error)
            elif slot.field.options and not self._offered(slot):
                self._refuse(slot, refused(slot.field.type.missing(slot.field.label(self.language))))
            self.cleaned_data.setdefault(slot.name, slot.answer)
        self._check_rules()

    def _refuse(self, slot: Slot, problem: ValidationError) -> None:
        slot.error = problem
        self.add_error(slot.name, problem)

    def _missing(self, slot: Slot) -> ValidationError:
        own, field_type = slot.field.missing, slot.field.type
        sentence = own(self.language) if own else field_type.missing(slot.field.label(self.language))
        return refused(sentence, *field_type.missing_parts(slot.raw))

    def options(self, slot: Slot) -> list[Any]:
        """The options of a question that its rules leave."""
        return [
            option
            for option in slot.field.options
            if option.when is None or self.reading.holds(option.when, slot.where) is True
        ]

    def _offered(self, slot: Slot) -> bool:
        chosen = {slot.raw} if isinstance(slot.raw, str) else set(slot.raw)
        return chosen <= {option.value for option in self.options(slot)}

    def _check_rules(self) -> None:
        for rule in self.form.rules:
            self._check_rule(rule, ())
        for node in self.nodes:
            self._check_group_rules(node)

    def _check_group_rules(self, node: Node) -> None:
        if isinstance(node, Repetition):
            for block in node.blocks:
                self._check_group_rules(block)
        elif isinstance(node, Block):
            for rule in node.group.rules:
                self._check_rule(rule, node.where)
            for below in node.nodes:
                self._check_group_rules(below)

    def _check_rule(self, rule: Rule, where: Where) -> None:
        slot = self._at(rule.at, where)
        if slot and slot.name not in self.errors and self.reading.holds(rule.require, where) is False:
            self._refuse(slot, refused(rule.message(self.language), *slot.field.type.missing_parts(slot.raw)))

    def _at(self, path: Path, where: Where) -> Slot | None:
        return next((s for s in self.slots if s.field.path == path and s.where[: len(where)] == where), None)

    # what the caller takes ------------------------------------------------------------------------------------------

    @property
    def cleaned_answers(self) -> Answers:
        """The answers of this step without those that are not valid."""
        wrong = {slot.name for slot in self.slots if slot.name in self.errors}
        return _without(self._values, wrong, "")

    @property
    def partial_answers(self) -> Answers:
        """All that was typed, for a draft: valid answers, and the words of those that are not valid yet."""
        return self._values

    @property
    def error_list(self) -> list[tuple[str, str, str]]:
        """(HTML id to go to, label, sentence) of each error, in the order of the page."""
        return [
            (target(self, slot), self.label(slot), str(message))
            for slot in self.slots
            for message in self.errors.get(slot.name, ())
        ]

    def label(self, slot: Slot) -> str:
        """The label with the instance that it is in: "Hund 2, Rasse"."""
        return ", ".join((*slot.crumbs, slot.field.label(self.language)))

    def wrong_parts(self, slot: Slot) -> tuple[str, ...]:
        """The boxes of a field that are wrong, once the form was checked."""
        return _parts(slot.error) if self._checked and slot.error is not None else ()

    # what the page shows --------------------------------------------------------------------------------------------

    @property
    def rows(self) -> list[Row]:
        """What `forms_engine/step_fields.html` shows. Errors are in it once the form was checked, not before."""
        return build_rows(self, self.nodes)

    @property
    def shown(self) -> str:
        """The names of the questions on this page, for the next request."""
        return " ".join(slot.name for slot in self.slots)

    def sentence(self, slot: Slot) -> str:
        """What is wrong with a question, once the form was checked."""
        return " ".join(str(message) for message in self.errors.get(slot.name, ())) if self._checked else ""

    def tell_change(self, shown: str, focus: str = "") -> None:
        """Say on the page what changed since it showed `shown` (as posted), and where to go on.

        `focus` is the id of a new instance (then its first control gets the focus) or the HTML name of a repeated
        group (then its heading gets it).
        """
        self.status = status_sentence(self.slots, set(shown.split()))
        self.focus = focus
        self.first_in_focus = next((slot for slot in self.slots if focus and focus in slot.where), None)


def status_sentence(slots: Sequence[Slot], before: set[str]) -> str:
    """In words, how many questions came and went, and in which instance if it was one."""
    now = {slot.name for slot in slots}
    fresh = [slot for slot in slots if slot.name not in before]
    gone = len(before - now)
    parts = []
    if fresh:
        parts.append(
            ngettext("%(count)d weitere Frage", "%(count)d weitere Fragen", len(fresh)) % {"count": len(fresh)}
        )
        around = {slot.crumbs for slot in fresh}
        if len(around) == 1 and (crumbs := around.pop()):
            parts[0] = _("%(questions)s zu %(place)s") % {"questions": parts[0], "place": ", ".join(crumbs)}
    if gone:
        parts.append(ngettext("%(count)d Frage entfällt", "%(count)d Fragen entfallen", gone) % {"count": gone})
    return "; ".join(parts)


_CARRIER = forms.Field(required=False)


def _parts(problem: ValidationError) -> tuple[str, ...]:
    return tuple((problem.params or {}).get("parts", ()))


def _slots(nodes: Sequence[Node]) -> Iterator[Slot]:
    for node in nodes:
        if isinstance(node, Slot):
            yield node
        elif isinstance(node, Block):
            yield from _slots(node.nodes)
        elif isinstance(node, Repetition):
            yield from _slots(node.blocks)


def _without(values: Answers, names: set[str], prefix: str) -> Answers:
    kept: Answers = {}
    for key, value in values.items():
        name = f"{prefix}{key}"
        if name in names:
            continue
        if isinstance(value, dict) and "_files" not in value:
            kept[key] = _without(value, names, f"{name}-")
        elif isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
            kept[key] = [_without(entry, names, f"{name}-{entry['_id']}-") for entry in value]
        else:
            kept[key] = value
    return kept
