"""When single answers of a choice can be chosen: an editor of rows for each answer that has a condition."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.utils.translation import gettext as _

from backoffice.designing.condition_editor import ConditionEditor
from forms_engine.editing import api as editing
from forms_engine.editing.api import Address, Lists, RowError

#: The button that gives an answer a condition.
ADD = "add-option-rows"


class OptionConditions:
    """The answers of a choice by their place, and the editors of those that have a condition, stored or typed."""

    def __init__(
        self, definition: Mapping[str, Any], at: Address, lists: Lists, data: Mapping[str, Any] | None = None
    ) -> None:
        self._definition, self._at, self._data = definition, at, data
        self._questions = editing.choices(definition, at, lists)
        self._options: list[dict[str, Any]] = editing.find(definition, at).get("options", [])
        self.editors = {
            number: self._editor(number)
            for number, option in enumerate(self._options)
            if "when" in option or (data is not None and f"{_name(number)}-0-feld" in data)
        }

    def _editor(self, number: int) -> ConditionEditor:
        option = self._options[number]
        return ConditionEditor(
            _name(number),
            _("Antwort „%(answer)s“ nur zeigen, wenn") % {"answer": option["label"]["de"]},
            self._questions,
            option.get("when"),
            editing.of_options(self._definition, self._at, option.get("when")),
            data=self._data,
        )

    def turns(self, button: str) -> str:
        """Does what a button for rows says, and gives the button that gets the focus then; empty if it is none."""
        if button == ADD:
            chosen = str((self._data or {}).get("antwort", ""))
            number = int(chosen) if chosen.isdecimal() and len(chosen) < 5 else -1
            if not 0 <= number < len(self._options):
                return ADD
            self.editors.setdefault(number, self._editor(number)).add_row()
            self.editors = dict(sorted(self.editors.items()))
            return f"{_name(number)}:add-row"
        return button if any(editor.turns(button) for editor in self.editors.values()) else ""

    def into(self, options: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
        """These options with the conditions of the rows. Raises RowError after all rows are looked at."""
        conditions: dict[str, dict[str, Any] | None] = {}
        refused: RowError | None = None
        for number, editor in self.editors.items():
            try:
                conditions[self._options[number]["value"]] = editor.condition()
            except RowError as error:
                refused = error
        if refused is not None:
            raise refused
        return options and [_with(option, conditions) for option in options]

    def look(self) -> None:
        """Finds the faults of all rows, for the page."""
        with suppress(RowError):
            self.into([])

    # the page --------------------------------------------------------------------------------------------------------

    @property
    def shown(self) -> list[ConditionEditor]:
        return list(self.editors.values())

    @property
    def others(self) -> list[tuple[int, str]]:
        """The answers without a condition, by their place."""
        return [
            (number, option["label"]["de"]) for number, option in enumerate(self._options) if number not in self.editors
        ]

    @property
    def error_list(self) -> list[tuple[str, str, str]]:
        return [fault for editor in self.editors.values() for fault in editor.error_list]


def _name(number: int) -> str:
    return f"Antwort-{number}"


def _with(option: dict[str, Any], conditions: Mapping[str, dict[str, Any] | None]) -> dict[str, Any]:
    if option["value"] not in conditions:
        return option
    when = conditions[option["value"]]
    plain = {key: value for key, value in option.items() if key != "when"}
    return plain | {"when": when} if when else plain
