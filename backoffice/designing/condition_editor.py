"""The rows in which an author says when something is shown, as they stand on the page and as they are posted."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from forms_engine.editing import api as editing
from forms_engine.editing.api import Address, Question, Row, RowError, Rows

_ALL_COMPARISONS = {
    "equal": "ist",
    "not_equal": "ist nicht",
    "less_than": "ist kleiner als, vor",
    "less_or_equal": "ist höchstens, spätestens",
    "greater_than": "ist größer als, nach",
    "greater_or_equal": "ist mindestens, frühestens",
    "starts_with": "beginnt mit",
    "contains": "enthält",
    "lacks": "enthält nicht",
    "is_filled": "ist ausgefüllt",
    "is_empty": "ist leer",
}
_MOST_ROWS = 50


@dataclass(frozen=True)
class RowView:
    """One row of the page; `values` are the answers to choose from, empty where a value is typed."""

    number: int
    row: Row
    question: Question | None
    fault: RowError | None

    @property
    def comparisons(self) -> list[tuple[str, str]]:
        """Those that fit; all of them while no question is chosen."""
        return list((self.question.comparisons if self.question else _ALL_COMPARISONS).items())

    @property
    def values(self) -> tuple[tuple[str, str], ...]:
        return self.question.options if self.question else ()

    @property
    def needs_value(self) -> bool:
        return self.row.comparison not in ("is_filled", "is_empty")


@dataclass
class ConditionEditor:
    """`kept` is a condition that rows cannot say; it stays unless `replaces`."""

    definition: Mapping[str, Any]
    at: Address
    questions: list[Question]
    rows: Rows
    kept: dict[str, Any] | None
    replaces: bool = False
    fault: RowError | None = None
    names: dict[str, Question] = field(default_factory=dict)

    @classmethod
    def of(cls, definition: Mapping[str, Any], at: Address) -> "ConditionEditor":
        """As it is stored."""
        questions, stored = editing.choices(definition, at), editing.find(definition, at).get("when")
        rows = editing.read(stored, questions)
        kept = stored if rows is None else None
        known = {question.name: question for question in questions}
        return cls(definition, at, questions, rows or Rows(()), kept, names=known)

    @classmethod
    def posted(cls, definition: Mapping[str, Any], at: Address, data: Mapping[str, Any]) -> "ConditionEditor":
        """As an author has typed it; a row without a question and a value is none."""
        editor = cls.of(definition, at)
        rows = [
            Row(*(str(data.get(f"Wenn-{number}-{part}", "")).strip()[:400] for part in ("feld", "vergleich", "wert")))
            for number in range(_MOST_ROWS)
            if f"Wenn-{number}-feld" in data
        ]
        together = "or" if data.get("Wenn-verbunden") == "or" else "and"
        editor.rows = Rows(tuple(rows), together)
        editor.replaces = data.get("Wenn-ersetzen") == "1"
        return editor

    def condition(self) -> dict[str, Any] | None:
        """What is to be stored. Raises RowError, and keeps it for the page."""
        if self.kept is not None and not self.replaces:
            return self.kept
        filled = [(number, row) for number, row in enumerate(self.rows.rows) if row.question or row.value]
        try:
            return editing.built(Rows(tuple(row for _number, row in filled), self.rows.together), self.questions)
        except RowError as error:
            self.fault = RowError(filled[error.number][0], error.part, error.sentence)
            raise self.fault from None

    def add_row(self) -> None:
        if len(self.rows.rows) < _MOST_ROWS:
            self.rows = Rows((*self.rows.rows, Row()), self.rows.together)

    def remove_row(self, number: int) -> None:
        rows = self.rows.rows
        self.rows = Rows(rows[:number] + rows[number + 1 :], self.rows.together)

    # the page --------------------------------------------------------------------------------------------------------

    @property
    def views(self) -> list[RowView]:
        return [
            RowView(
                number,
                row,
                self.names.get(row.question),
                self.fault if self.fault and self.fault.number == number else None,
            )
            for number, row in enumerate(self.rows.rows)
        ]

    @property
    def error_list(self) -> list[tuple[str, str, str]]:
        if self.fault is None:
            return []
        part = {"question": "feld", "comparison": "vergleich", "value": "wert"}[self.fault.part]
        label = {"feld": "Feld", "vergleich": "Vergleich", "wert": "Wert"}[part]
        return [(f"Wenn-{self.fault.number}-{part}", label, self.fault.sentence)]

    @property
    def sentence(self) -> str:
        """How what is stored reads."""
        return editing.sentence(self.definition, self.at)

    @property
    def kept_json(self) -> str:
        return json.dumps(self.kept, ensure_ascii=False, indent=1)
