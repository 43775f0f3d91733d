"""One place of a form on an author's desk: its properties, its condition, and what became of what was posted."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from backoffice.designing import queries
from backoffice.designing.areas_editor import Areas
from backoffice.designing.condition_editor import SHOWN, ConditionEditor
from backoffice.designing.deeds import DEEDS, Done
from backoffice.designing.option_conditions import OptionConditions
from backoffice.designing.outline import Branch, outline
from backoffice.designing.properties import NodeForm
from backoffice.designing.rules_editor import Rules
from forms_engine import api as engine
from forms_engine.editing import api as editing
from forms_engine.editing.api import Address, RowError
from forms_engine.errors import DefinitionError

#: The form itself, beside its steps.
WHOLE = Address("*")


class Desk:
    """What is chosen in a definition. With `posted` it holds what its author typed."""

    def __init__(self, definition: dict[str, Any], at: Address, posted: QueryDict | None = None) -> None:
        self.definition, self.at, self.posted = definition, at, posted
        self.node = definition if at == WHOLE else editing.find(definition, at)
        self.kind = "form" if at == WHOLE else str(self.node.get("type", "step"))
        self._lists = engine.lists_of(definition)
        chooses = self.kind in ("choice", "choices")
        self.properties = self._properties(posted)
        self.condition = None if at == WHOLE else self._shown_when()
        self.option_conditions = OptionConditions(definition, at, self._lists, posted) if chooses else None
        self.rules: Rules | None = None
        if self.kind in ("form", "group"):
            self.rules = Rules(definition, None if at == WHOLE else at, self._lists, posted)
        self.areas = Areas(definition, posted) if at == WHOLE else None
        self.refusal: tuple[str, str, str] | None = None

    def _properties(self, posted: QueryDict | None) -> NodeForm:
        lists = queries.known_lists() if self.kind in ("choice", "choices") else ()
        reckons = self.kind == "calculated"
        operands = editing.operands(self.definition, self.at) if reckons else editing.Operands()
        return NodeForm(self.node, self.kind, posted, lists=lists, operands=operands)

    def as_stored(self) -> NodeForm:
        """The properties as they stand in the form, whatever was typed."""
        return self._properties(None)

    def _shown_when(self) -> ConditionEditor:
        return ConditionEditor(
            SHOWN,
            _("Sichtbar, wenn"),
            editing.choices(self.definition, self.at, self._lists),
            self.node.get("when"),
            editing.sentence(self.definition, self.at),
            data=self.posted,
        )

    # what the buttons do ---------------------------------------------------------------------------------------------

    def turns_rows(self, button: str) -> str:
        """Adds or removes a row, a rule or an area, where that is what was pressed; nothing is kept by it.

        Gives the control that gets the focus then, empty if something else was pressed.
        """
        focus = button if self.condition and self.condition.turns(button) else ""
        for editor in (self.option_conditions, self.rules, self.areas):
            focus = focus or (editor.turns(button) if editor else "")
        if focus:
            self.hush()
        return focus

    def hush(self) -> None:
        """Shows what was typed without complaining about it yet."""
        for editor in (self.properties, self.rules, self.areas):
            if editor:
                editor.hush()

    def carry_out(self, button: str) -> Done | None:
        """What was typed, then what the button says. None if something is refused; the page then says what."""
        kept = Done(self.definition, self.at, "") if button == "remove" else self._kept()
        deed = DEEDS.get(button)
        if kept is None or deed is None:
            return kept
        try:
            return deed(kept.definition, kept.at, self.posted or {})
        except DefinitionError as error:
            box = "" if button == "to-step" and not self.other_steps else _BOXES.get(button, "")
            self.refusal = (box, _LABELS.get(button, ""), " ".join(_sentences(error)))
            return None

    def _kept(self) -> Done | None:
        areas = self.areas.areas() if self.areas else ({}, {})
        if not self.properties.is_valid() or areas is None:
            self._look()
            return None
        changes = self.properties.changes()
        try:
            if self.at == WHOLE:
                changes |= {"rules": self.rules.rules() if self.rules else None, "areas": areas[0] or None}
                changed = editing.change_whole(self.definition, changes, areas[1])
                return Done(changed, WHOLE, _("Das Formular ist gespeichert."), "title")
            edited = editing.change(self.definition, self.at, changes | self._conditions(changes))
        except DefinitionError as error:
            self.properties.take(error, self.definition, self.at)
            return None
        except RowError:
            self._look()
            return None
        name = editing.name_of(editing.find(edited.definition, edited.at))
        return Done(edited.definition, edited.at, _("„%(name)s“ ist gespeichert.") % {"name": name}, "title")

    def _conditions(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """What the rows say of the place, of its answers and its rules. Raises RowError."""
        told: dict[str, Any] = {"when": self.condition.condition() if self.condition else None}
        if self.option_conditions:
            told["options"] = self.option_conditions.into(changes.get("options"))
        if self.rules:
            told["rules"] = self.rules.rules()
        return told

    def _look(self) -> None:
        """Finds the faults of all rows, so that they are said together with the rest."""
        with suppress(RowError):
            if self.condition:
                self.condition.condition()
        for editor in (self.option_conditions, self.rules):
            if editor:
                editor.look()

    # the page --------------------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        return editing.name_of(self.node)

    @property
    def kind_words(self) -> str:
        return {"form": _("Formular"), "step": _("Schritt")}.get(self.kind) or editing.KINDS[self.kind]

    @property
    def branches(self) -> list[Branch]:
        return outline(self.definition, self.at)

    @property
    def other_steps(self) -> list[tuple[str, str]]:
        """Where an item can be moved to."""
        if not self.at.path:
            return []
        here = self.at.step if len(self.at.path) == 1 else ""
        return [(step["key"], editing.name_of(step)) for step in self.definition["steps"] if step["key"] != here]

    @property
    def is_item(self) -> bool:
        return bool(self.at.path)

    @property
    def is_in_group(self) -> bool:
        return len(self.at.path) > 1

    @property
    def is_whole(self) -> bool:
        return self.at == WHOLE

    @property
    def place_of_new(self) -> str:
        """Where something that is inserted will stand."""
        if self.is_whole:
            return _("am Ende")
        where = _("am Ende von „%(name)s“") if "items" in self.node else _("nach „%(name)s“")
        return where % {"name": self.name}

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return [(name, words) for name, words in editing.KINDS.items() if name not in ("group", "repeated")]

    @property
    def error_list(self) -> list[tuple[str, str, str]]:
        of_rows = self.condition.error_list if self.condition else []
        for editor in (self.option_conditions, self.rules, self.areas):
            of_rows = [*of_rows, *(editor.error_list if editor else [])]
        return [*self.properties.error_list, *of_rows, *([self.refusal] if self.refusal else [])]


def step_of(definition: Mapping[str, Any], at: Address) -> str:
    """The step to look at; of the form as a whole the first."""
    return str(definition["steps"][0]["key"]) if at == WHOLE else at.step


def _sentences(error: DefinitionError) -> Iterator[str]:
    for problem in error.problems:
        yield problem.partition(": ")[2] if problem.startswith("$") else problem


_BOXES = dict.fromkeys(("insert", "insert-group", "insert-repeated", "insert-step"), "Eig-beschriftung") | {
    "to-step": "Eig-ziel"
}
_LABELS: Mapping[str, str] = dict.fromkeys(("insert", "insert-group", "insert-repeated", "insert-step"), "Einfügen")
