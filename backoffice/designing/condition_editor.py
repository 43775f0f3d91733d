"""The rows in which an author says a condition, as they stand on the page and as they are posted."""

from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field
from typing import Any

from forms_engine.editing import api as editing
from forms_engine.editing.api import Question, Row, RowError, Rows

_ALL_COMPARISONS = {
    "equal": "ist",
    "not_equal": "ist nicht",
    "less_than": "ist kleiner als, vor",
    "less_or_equal": "ist höchstens, spätestens",
    "greater_than": "ist größer als, nach",
    "greater_or_equal": "ist mindestens, frühestens",
    "starts_with": "beginnt mit",
    "in_area": "liegt im Gebiet",
    "outside_area": "liegt nicht im Gebiet",
    "contains": "enthält",
    "lacks": "enthält nicht",
    "is_filled": "ist ausgefüllt",
    "is_empty": "ist leer",
}
_MOST_ROWS = 50
_PARTS = {"question": "feld", "comparison": "vergleich", "value": "wert", "other": "frage"}
_LABELS = {"feld": "Feld", "vergleich": "Vergleich", "wert": "Wert", "frage": "Oder Antwort auf"}
#: The rows that say when the chosen place is shown.
SHOWN = "Wenn"


@dataclass(frozen=True)
class RowView:
    """One row of the page; `values` are the answers to choose from, empty where a value is typed.

    `others` are the questions whose answer it may be compared with in place of a value.
    """

    number: int
    row: Row
    question: Question | None
    fault: RowError | None
    others: tuple[tuple[str, str], ...] = ()

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
    """The rows of one condition. `name` begins the names of its controls, `sentence` is how what is stored reads.

    `kept` is a condition that rows cannot say; it stays unless `replaces`. With `compares` a row offers the answers to
    other questions in place of a value.
    """

    name: str
    legend: str
    questions: list[Question]
    stored: dict[str, Any] | None
    sentence: str = ""
    compares: bool = False
    data: InitVar[Mapping[str, Any] | None] = None
    rows: Rows = field(init=False)
    kept: dict[str, Any] | None = field(init=False)
    replaces: bool = field(init=False, default=False)
    fault: RowError | None = field(init=False, default=None)

    def __post_init__(self, data: Mapping[str, Any] | None) -> None:
        rows = editing.read(self.stored, self.questions)
        self.kept = self.stored if rows is None else None
        self.rows = rows or Rows(())
        if data is not None:
            self._take(data)

    def _take(self, data: Mapping[str, Any]) -> None:
        """As an author has typed it; a row without a question and a value is none."""
        rows = [
            Row(*(str(data.get(f"{self.name}-{number}-{part}", "")).strip()[:400] for part in _PARTS.values()))
            for number in range(_MOST_ROWS)
            if f"{self.name}-{number}-feld" in data
        ]
        self.rows = Rows(tuple(rows), "or" if data.get(f"{self.name}-verbunden") == "or" else "and")
        self.replaces = data.get(f"{self.name}-ersetzen") == "1"

    def condition(self) -> dict[str, Any] | None:
        """What is to be stored. Raises RowError, and keeps it for the page."""
        if self.kept is not None and not self.replaces:
            return self.kept
        filled = [(number, row) for number, row in enumerate(self.rows.rows) if row.question or row.value or row.other]
        try:
            return editing.built(Rows(tuple(row for _number, row in filled), self.rows.together), self.questions)
        except RowError as error:
            self.fault = RowError(filled[error.number][0], error.part, error.sentence)
            raise self.fault from None

    # its own buttons -------------------------------------------------------------------------------------------------

    @property
    def prefix(self) -> str:
        """What its buttons begin with."""
        return "" if self.name == SHOWN else f"{self.name}:"

    def turns(self, button: str) -> bool:
        """Adds or removes a row, or shows the values that fit, where that is what was pressed."""
        if not button.startswith(self.prefix):
            return False
        deed = button.removeprefix(self.prefix)
        if deed == "add-row":
            self.add_row()
        elif deed.startswith("remove-row-"):
            number = deed.removeprefix("remove-row-")
            self.remove_row(int(number) if number.isdecimal() and len(number) < 3 else 99)
        else:
            return deed == "refresh"
        return True

    def add_row(self) -> None:
        if len(self.rows.rows) < _MOST_ROWS:
            self.rows = Rows((*self.rows.rows, Row()), self.rows.together)

    def remove_row(self, number: int) -> None:
        rows = self.rows.rows
        self.rows = Rows(rows[:number] + rows[number + 1 :], self.rows.together)

    # the page --------------------------------------------------------------------------------------------------------

    @property
    def views(self) -> list[RowView]:
        known = {question.name: question for question in self.questions}
        return [
            RowView(
                number,
                row,
                known.get(row.question),
                self.fault if self.fault and self.fault.number == number else None,
                self._others(row, known.get(row.question)),
            )
            for number, row in enumerate(self.rows.rows)
        ]

    def _others(self, row: Row, question: Question | None) -> tuple[tuple[str, str], ...]:
        if question is None or not (self.compares or row.other):
            return ()
        return tuple((other.name, other.label) for other in self.questions if editing.takes_answer_of(question, other))

    @property
    def error_list(self) -> list[tuple[str, str, str]]:
        if self.fault is None:
            return []
        part = _PARTS[self.fault.part]
        return [(f"{self.name}-{self.fault.number}-{part}", _LABELS[part], self.fault.sentence)]
