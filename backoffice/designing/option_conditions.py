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
    """The answers of a choice, and the editors of those that have a condition, stored or typed; by their values."""

    def __init__(
        self, definition: Mapping[str, Any], at: Address, lists: Lists, data: Mapping[str, Any] | None = None
    ) -> None:
        self._definition, self._at, self._data = definition, at, data
        self._questions = editing.choices(definition, at, lists)
        options: list[dict[str, Any]] = editing.find(definition, at).get("options", [])
        self._options = {option["value"]: option for option in options}
        self.editors = {
            value: self._editor(value)
            for value, option in self._options.items()
            if "when" in option or (data is not None and f"{_name(value)}-0-feld" in data)
        }

    def _editor(self, value: str) -> ConditionEditor:
        option = self._options[value]
        return ConditionEditor(
            _name(value),
            _("Antwort „%(answer)s“ nur zeigen, wenn") % {"answer": option["label"]["de"]},
            self._questions,
            option.get("when"),
            editing.of_options(self._definition, self._at, option.get("when")),
            data=self._data,
        )

    def turns(self, button: str) -> str:
        """Does what a button for rows says, and gives the button that gets the focus then; empty if it is none."""
        if button == ADD:
            value = str((self._data or {}).get("antwort", ""))
            if value not in self._options:
                return ADD
            self.editors.setdefault(value, self._editor(value)).add_row()
            return f"{_name(value)}:add-row"
        return button if any(editor.turns(button) for editor in self.editors.values()) else ""

    def into(self, options: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
        """These options with the conditions of the rows. Raises RowError after all rows are looked at."""
        conditions: dict[str, dict[str, Any] | None] = {}
        refused: RowError | None = None
        for value, editor in self.editors.items():
            try:
                conditions[value] = editor.condition()
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
        return [self.editors[value] for value in self._options if value in self.editors]

    @property
    def others(self) -> list[tuple[str, str]]:
        """Value and label of the answers without a condition."""
        return [(value, told["label"]["de"]) for value, told in self._options.items() if value not in self.editors]

    @property
    def error_list(self) -> list[tuple[str, str, str]]:
        return [fault for editor in self.shown for fault in editor.error_list]


def _name(value: str) -> str:
    return f"Antwort-{value}"


def _with(option: dict[str, Any], conditions: Mapping[str, dict[str, Any] | None]) -> dict[str, Any]:
    if option["value"] not in conditions:
        return option
    when = conditions[option["value"]]
    plain = {key: value for key, value in option.items() if key != "when"}
    return plain | {"when": when} if when else plain
