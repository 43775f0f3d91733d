"""Answers of one form that fit into another: taken over by path and type, or offered by what they mean."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict

from forms_engine.reading import instances, places
from forms_engine.structure import Answers, CompiledForm, Field, Group, Item, Static
from forms_engine.xdatenfelder.harmonised import plain_id
from foundation import strict_json

if TYPE_CHECKING:
    from forms_engine.sheet import Slot
    from forms_engine.step_form import StepForm

#: Keys of questions that were imported without their id hold it; a second one in a group has a number behind it.
_HARMONISED = re.compile(r"(f60(?:[0-9]{6}|[0-9]{9}))(?:_[0-9]+)?")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An earlier answer that was not taken over, and why."""

    SPECIAL: ClassVar = "special"
    CONSENT: ClassVar = "consent"
    FILE: ClassVar = "file"
    CHANGED: ClassVar = "changed"
    NOT_VALID: ClassVar = "not_valid"

    label: str
    reason: str


_NEVER = {"consent": LeftOut.CONSENT, "file": LeftOut.FILE}


def take_over(
    old: CompiledForm, answers: Answers, new: CompiledForm, *, language: str
) -> tuple[Answers, list[LeftOut]]:
    """The answers of an old form that are answers of the new one, too; and those that are not.

    Consents are given anew, files attached anew, and what is specially protected is said anew.
    """
    taking = _Taking(new, language)
    taken: Answers = {}
    for step in old.steps:
        taken |= taking.below(step.items, answers)
    return taken, list(dict.fromkeys(taking.left))


class _Taking:
    def __init__(self, new: CompiledForm, language: str) -> None:
        self.new, self.language = new, language
        self.left: list[LeftOut] = []

    def below(self, items: tuple[Item, ...], stored: Answers) -> Answers:
        taken: Answers = {}
        for item in items:
            value = None if isinstance(item, Static) else stored.get(item.key)
            if value is None or isinstance(item, Static):
                continue
            kept = self._field(item, value) if isinstance(item, Field) else self._group(item, value)
            if kept is not None:
                taken[item.key] = kept
        return taken

    def _field(self, field: Field, value: Any) -> Any:
        now = self.new.nodes.get(field.path)
        if not isinstance(now, Field) or now.type.name != field.type.name:
            return self._leave(field.label(self.language), LeftOut.CHANGED)
        if field.special or now.special:
            return self._leave(field.label(self.language), LeftOut.SPECIAL)
        if field.type.name in _NEVER:
            return self._leave(field.label(self.language), _NEVER[field.type.name])
        answer = valid_answer(now, value, self.language)
        return self._leave(field.label(self.language), LeftOut.NOT_VALID) if answer is None else answer

    def _group(self, group: Group, value: Any) -> Any:
        now = self.new.nodes.get(group.path)
        if not isinstance(now, Group) or (now.repeat is None) != (group.repeat is None):
            return self._leave(group.title(self.language), LeftOut.CHANGED)
        if now.repeat is None:
            return (self.below(group.items, value) or None) if isinstance(value, dict) else None
        entries = instances(value)
        if len(entries) > now.repeat.max:
            self._leave(group.title(self.language), LeftOut.CHANGED)
        return [{"_id": entry["_id"], **self.below(group.items, entry)} for entry in entries[: now.repeat.max]] or None

    def _leave(self, label: str, reason: str) -> None:
        self.left.append(LeftOut(label, reason))


def valid_answer(field: Field, value: Any, language: str) -> Any:
    """The value as an answer to this question today; None if it is none."""
    raw = field.type.raw(value)
    if field.type.is_blank(raw):
        return None
    if not isinstance(raw, dict) and _not_offered(field, raw):
        return None
    try:
        return field.type.parse(field, raw, language)
    except ValidationError:
        return None


def _not_offered(field: Field, raw: str | list[str]) -> bool:
    chosen = {raw} if isinstance(raw, str) else set(raw)
    return bool(field.options) and not chosen <= {option.value for option in field.options}


def harmonised(field: Field) -> str | None:
    """What a question means in every form: its prefill key, or its number in the federation's range 60."""
    if field.prefill:
        return field.prefill
    found = _HARMONISED.fullmatch((field.fim or field.key).lower())
    return plain_id(found[1].upper()) if found else None


def open_questions(form: StepForm) -> list[Slot]:
    """The questions of a step that stand empty, mean the same in every form, and are unknown to the profile."""
    return [
        slot for slot in form.slots if slot.is_blank and _may_be_offered(slot.field) and form.sheet.is_unknown(slot)
    ]


def _may_be_offered(field: Field) -> bool:
    return harmonised(field) is not None and not field.special and field.type.name not in ("choices", *_NEVER)


def same_answers(form: CompiledForm, answers: Answers, wanted: Field, language: str) -> Iterator[Any]:
    """Answers of this form to questions that mean what `wanted` means, as far as they are valid there."""
    for path, field in form.nodes.items():
        if not isinstance(field, Field) or field.special or field.type.name != wanted.type.name:
            continue
        if harmonised(field) != harmonised(wanted):
            continue
        for value, _where in places(answers, path, form.declared[path].repeated, ()):
            if (answer := valid_answer(wanted, value, language)) is not None:
                yield answer


def choice_of(name: str, raw: Any) -> str:
    """What the button of an offer sends."""
    return json.dumps([name, raw], ensure_ascii=False, separators=(",", ":"))


def with_choice(posted: MultiValueDict[str, Any], choice: str) -> tuple[MultiValueDict[str, Any], str]:
    """What was posted, with an offer in its boxes; and the name of the question. Unchanged if it is no offer."""
    try:
        name, raw = strict_json.parse(choice.encode())
    except (ValueError, TypeError):
        return posted, ""
    if not isinstance(name, str):
        return posted, ""
    boxes = {f"{name}_{part}": text for part, text in raw.items()} if isinstance(raw, dict) else {name: raw}
    if not all(isinstance(text, str) for text in boxes.values()):
        return posted, ""
    filled = posted.copy()
    for box, text in boxes.items():
        filled.setlist(box, [text])
    return filled, name
