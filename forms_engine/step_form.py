"""One step of a form as a Django form: what is wrong with it, and what its page shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forms_engine.controls import target
from forms_engine.field_types.base import refused, wrong_boxes
from forms_engine.layout import build_rows
from forms_engine.origins import Origins
from forms_engine.reading import places
from forms_engine.rows import Row
from forms_engine.sheet import Block, Node, Repetition, Sheet, Slot, Uploads, without
from forms_engine.structure import Answers, CompiledForm, Path, Rule, Step, Where


class StepForm(forms.Form):
    """A step, unbound (shown from answers and profile) or bound (shown and checked as posted). See `Sheet`."""

    status = ""
    focus = ""
    first_in_focus: Slot | None = None
    origins = Origins()

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
        self.sheet = Sheet(
            form, step, answers, language=language, data=data, uploads=self.uploads, prefill=prefill or {}
        )
        self.slots = self.sheet.slots
        self._checked = False
        # Django wants a field for each name that can carry an error; reading and checking are done by the slots.
        self.fields = {slot.name: _CARRIER for slot in self.slots}

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
                self._refuse(slot, refused(slot.field.type.missing()))
            self.cleaned_data.setdefault(slot.name, slot.answer)
        self._check_rules()

    def _refuse(self, slot: Slot, problem: ValidationError) -> None:
        slot.error = problem
        self.add_error(slot.name, problem)

    def _missing(self, slot: Slot) -> ValidationError:
        own, field_type = slot.field.missing, slot.field.type
        sentence = own(self.language) if own else field_type.missing()
        return refused(sentence, *field_type.missing_parts(slot.raw))

    def _offered(self, slot: Slot) -> bool:
        chosen = {slot.raw} if isinstance(slot.raw, str) else set(slot.raw)
        return chosen <= {option.value for option in self.sheet.options(slot)}

    def _check_rules(self) -> None:
        for rule in self.form.rules:
            self._check_rule(rule, ())
        for node in self.sheet.nodes:
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
        if slot and slot.name not in self.errors and self.sheet.reading.holds(rule.require, where) is False:
            self._refuse(slot, refused(rule.message(self.language), *slot.field.type.missing_parts(slot.raw)))

    def _at(self, path: Path, where: Where) -> Slot | None:
        return next((s for s in self.slots if s.field.path == path and s.where[: len(where)] == where), None)

    # what the caller takes ------------------------------------------------------------------------------------------

    @property
    def cleaned_answers(self) -> Answers:
        """The answers of this step without those that are not valid."""
        wrong = {slot.name for slot in self.slots if slot.name in self.errors}
        return without(self.sheet.values, wrong)

    @property
    def partial_answers(self) -> Answers:
        """All that was typed, for a draft: valid answers, and the words of those that are not valid yet."""
        return self.sheet.values

    @property
    def error_list(self) -> list[tuple[str, str, str]]:
        """(HTML id to go to, label, all sentences) of each wrong question, in the order of the page.

        One entry a question: its heading counts what a person has to correct, and two refused files are one of it.
        """
        return [
            (target(self, slot), self.label(slot), _joined(self.errors[slot.name]))
            for slot in self.slots
            if slot.name in self.errors
        ]

    def label(self, slot: Slot) -> str:
        """The label with the instance that it is in, without its last mark: "Hund 2, Rasse"."""
        return ", ".join((*slot.crumbs, slot.field.label(self.language).rstrip(".?:")))

    def wrong_parts(self, slot: Slot) -> tuple[str, ...]:
        """The boxes of a field that are wrong, once the form was checked."""
        return wrong_boxes(slot.error) if self._checked and slot.error is not None else ()

    # what the page shows --------------------------------------------------------------------------------------------

    @property
    def rows(self) -> list[Row]:
        """What `forms_engine/step_fields.html` shows. Errors are in it once the form was checked, not before."""
        return build_rows(self, self.sheet.nodes)

    @property
    def shown(self) -> str:
        """The names of the questions on this page, for the next request."""
        return " ".join(slot.name for slot in self.slots)

    def source(self, slot: Slot) -> str:
        """Where it says that the value of a question comes from, as long as nobody has changed it."""
        if slot.is_blank:
            return ""
        taken = places(self.origins.taken, slot.field.path, self.form.declared[slot.field.path].repeated, slot.where)
        if any(slot.field.type.raw(value) == slot.raw for value, _where in taken):
            return self.origins.taken_from
        if not slot.prefilled:
            return ""
        return self.origins.profile.get(slot.field.prefill or "", _("Aus Ihrem Konto"))

    def sentence(self, slot: Slot) -> str:
        """What is wrong with a question, once the form was checked."""
        return _joined(self.errors.get(slot.name, ())) if self._checked else ""

    @property
    def first_unseen(self) -> str:
        """The HTML name of the first question that the posted page did not show yet; empty if there is none.

        Without JavaScript an answer brings further questions only when the step is sent. They are shown before
        anybody complains that they are empty, or takes what an account knows for an answer.
        """
        return next((slot.name for slot in self.slots if self.sheet.is_unseen(slot)), "")

    def tell_change(self, shown: str, focus: str = "") -> None:
        """Say on the page what changed since it showed `shown` (as posted), and where to go on.

        `focus` is the id of a new instance (then its first control gets the focus), the HTML name of a question, or
        that of a repeated group (then its heading gets it).
        """
        self.status = status_sentence(self.slots, set(shown.split()))
        self.focus = focus
        self.first_in_focus = next((slot for slot in self.slots if focus in (slot.name, *slot.where)), None)


def _joined(messages: Iterable[object]) -> str:
    return " ".join(str(message) for message in messages)


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
