"""Rules across questions, of the whole form or of a group: what has to hold, what is said otherwise, and where."""

import json
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.designing.condition_editor import ConditionEditor
from forms_engine.editing import api as editing
from forms_engine.editing.api import Address, Lists, RowError
from forms_engine.wording import Wording
from foundation.forms import ListsErrors

ADD, REMOVE = "add-rule", "remove-rule-"
_MOST = 50


class MessageForm(ListsErrors, forms.Form):
    """What a rule says, and at which question."""

    at = forms.ChoiceField(
        label=gettext_lazy("Der Satz steht bei der Frage"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Wählen Sie eine Frage aus.")),
    )
    message_de = forms.CharField(
        label=gettext_lazy("Satz, wenn es nicht gilt"),
        help_text=gettext_lazy("Sagen Sie, was zu tun ist. Zum Beispiel: Geben Sie ein Ende nach dem Beginn ein."),
        max_length=4000,
        error_messages={"required": gettext_lazy("Schreiben Sie, was zu tun ist, wenn es nicht gilt.")},
    )
    message_en = forms.CharField(
        label=gettext_lazy("Satz, wenn es nicht gilt (Englisch)"),
        max_length=4000,
        required=False,
        widget=forms.TextInput(attrs={"lang": "en"}),
    )

    def __init__(self, places: list[tuple[str, str]], rule: Mapping[str, Any], name: str, data: Any) -> None:
        message = rule.get("message", {})
        initial = {"at": rule.get("at"), "message_de": message.get("de"), "message_en": message.get("en")}
        super().__init__(data, prefix=name, initial=initial, auto_id="%s")
        places = places if rule.get("at", "") in dict(places) else [*places, (rule["at"], rule["at"])]
        # Declared above as a field of choices, which its base class does not say.
        self.fields["at"].choices = [("", _("Bitte wählen")), *places]  # type: ignore[attr-defined]

    @property
    def is_blank(self) -> bool:
        """Was nothing typed?"""
        return not any(str(box.value() or "").strip() for box in self)

    def hush(self) -> None:
        """Shows what was typed without complaining about it yet."""
        self._errors = ErrorDict()


class RuleEditor:
    """One rule; `number` is its place in the definition, or a later one for a new rule."""

    def __init__(
        self,
        number: int,
        rule: Mapping[str, Any],
        questions: list[editing.Question],
        sentence: str,
        data: Any = None,
    ) -> None:
        self.number, self.name, self.sentence = number, f"Regel-{number}", sentence
        self.was = _digest(rule) if rule else ""
        places = [(question.name, question.label) for question in questions if question.kind != "count"]
        self.form = MessageForm(places, {"at": ""} | dict(rule), self.name, data)
        self.condition = ConditionEditor(
            self.name, _("Das muss gelten"), questions, rule.get("require"), sentence, compares=True, data=data
        )
        self.lacks_rows = False

    @property
    def is_blank(self) -> bool:
        rows = self.condition.rows.rows
        return self.form.is_blank and self.condition.kept is None and not any(r.question or r.value for r in rows)

    def rule(self) -> dict[str, Any] | None:
        """What is to be stored; None if nothing was typed. Raises RowError, also where a box is wrong."""
        if self.is_blank:
            return None
        is_valid = self.form.is_valid()
        require = self.condition.condition()
        self.lacks_rows = require is None
        if require is None or not is_valid:
            raise RowError(0, "question", "")
        said = self.form.cleaned_data
        message = {"de": said["message_de"]} | ({"en": said["message_en"]} if said["message_en"] else {})
        return {"require": require, "at": said["at"], "message": message}

    def hush(self) -> None:
        self.form.hush()

    @property
    def error_list(self) -> list[tuple[str, str, str]]:
        lacking = _("Fügen Sie eine Zeile hinzu. Sie sagt, was gelten muss.")
        rows = [(self.name, "", lacking)] if self.lacks_rows else self.condition.error_list
        return [*rows, *(self.form.error_list if self.form.is_bound else [])]


class Rules:
    """All rules of the form (`at` None) or of a group."""

    def __init__(
        self,
        definition: Mapping[str, Any],
        at: Address | None,
        lists: Lists,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        node = definition if at is None else editing.find(definition, at)
        self._stored: list[dict[str, Any]] = node.get("rules", [])
        self._questions = editing.of_rules(definition, at, lists)
        self._words = Wording(definition)
        self._inside = editing.inside_of_rules(definition, at)
        self._data = data
        numbers = range(len(self._stored)) if data is None else _posted(data, len(self._stored))
        self.editors = [self._editor(number) for number in numbers]

    def _editor(self, number: int, *, is_new: bool = False) -> RuleEditor:
        if is_new:
            stored: dict[str, Any] = {}
        elif self._data is None:
            stored = self._stored[number]
        else:  # as the page said: meanwhile other rules may stand at these places
            told = self._data.get(f"Regel-{number}-war", "")
            stored = next((rule for rule in self._stored if _digest(rule) == told), {})
        sentence = self._words.rule(stored, self._inside) if stored else ""
        return RuleEditor(number, stored, self._questions, sentence, None if is_new else self._data)

    def turns(self, button: str) -> str:
        """Does what a button for rules or their rows says; gives what gets the focus then, empty if it is none."""
        if button == ADD:
            if len(self.editors) < _MOST:
                number = max([len(self._stored) - 1, *(editor.number for editor in self.editors)]) + 1
                editor = self._editor(number, is_new=True)
                editor.condition.add_row()
                self.editors.append(editor)
                return f"{editor.name}:add-row"
            return ADD
        if button.startswith(REMOVE):
            self.editors = [each for each in self.editors if str(each.number) != button.removeprefix(REMOVE)]
            return ADD
        return button if any(editor.condition.turns(button) for editor in self.editors) else ""

    def rules(self) -> list[dict[str, Any]] | None:
        """What is to be stored; None for no rule. Raises RowError after all rules are looked at."""
        found, refused = [], None
        for editor in self.editors:
            try:
                found.append(editor.rule())
            except RowError as error:
                refused = error
        if refused is not None:
            raise refused
        return [rule for rule in found if rule is not None] or None

    def look(self) -> None:
        """Finds the faults of all rules, for the page."""
        with suppress(RowError):
            self.rules()

    def hush(self) -> None:
        """Shows what was typed without complaining about it yet."""
        for editor in self.editors:
            editor.hush()

    @property
    def error_list(self) -> list[tuple[str, str, str]]:
        return [fault for editor in self.editors for fault in editor.error_list]


def _digest(rule: Mapping[str, Any]) -> str:
    return sha256(json.dumps(rule, sort_keys=True).encode()).hexdigest()[:16]


def _posted(data: Mapping[str, Any], stored: int) -> list[int]:
    """The numbers of the rules that the page held; those that were removed there are not among them."""
    return [number for number in range(stored + 2 * _MOST) if f"Regel-{number}-message_de" in data]
