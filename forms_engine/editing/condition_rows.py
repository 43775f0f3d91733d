"""A condition as rows of question, comparison and value, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms_engine.editing.asking import Question, in_words, literal, takes_answer_of

ALL, ANY = "and", "or"
#: What two answers are compared by.
OF_ANSWERS = ("equal", "not_equal", "less_than", "less_or_equal", "greater_than", "greater_or_equal")
_COMPARED = (*OF_ANSWERS, "starts_with")


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison as an author chooses it: with a value, or with the answer to another question."""

    question: str = ""
    comparison: str = ""
    value: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """`together` says whether all rows have to hold (`and`) or one of them (`or`)."""

    rows: tuple[Row, ...]
    together: str = ALL


class RowError(Exception):
    """Row `number` (from 0) cannot be understood. `part`: question, comparison, value, other. A sentence."""

    def __init__(self, number: int, part: str, sentence: str) -> None:
        super().__init__(sentence)
        self.number, self.part, self.sentence = number, part, sentence


def built(rows: Rows, questions: Sequence[Question]) -> dict[str, Any] | None:
    """The condition of these rows; None if there is none. Raises RowError."""
    known = {question.name: question for question in questions}
    conditions = [_condition(number, row, known) for number, row in enumerate(rows.rows)]
    if not conditions:
        return None
    return conditions[0] if len(conditions) == 1 else {rows.together: conditions}


def read(condition: Mapping[str, Any] | None, questions: Sequence[Question]) -> Rows | None:
    """The rows that say the same, or None if rows cannot."""
    if condition is None:
        return Rows(())
    ((operator, content),) = condition.items()
    parts = content if operator in (ALL, ANY) else [condition]
    known = {question.name: question for question in questions}
    rows = [_row(part, known) for part in parts]
    found = Rows(tuple(row for row in rows if row), operator if operator in (ALL, ANY) else ALL)
    try:
        return found if built(found, questions) == condition else None
    except RowError:
        return None


def _condition(number: int, row: Row, known: Mapping[str, Question]) -> dict[str, Any]:
    question = known.get(row.question)
    if question is None:
        raise RowError(number, "question", "Wählen Sie ein Feld aus.")
    if row.comparison not in question.comparisons:
        fitting = ", ".join(question.comparisons.values())
        raise RowError(number, "comparison", f"Wählen Sie einen Vergleich, der passt: {fitting}.")
    operand = {"count": question.name[1:]} if question.kind == "count" else {"answer": question.name}
    if row.comparison == "is_empty":
        return {"is_empty": operand}
    if row.comparison == "is_filled":
        return {"not": {"is_empty": operand}}
    if row.other:
        return {row.comparison: [operand, _other(number, row, question, known)]}
    try:
        value = literal(question, row.value)
    except ValueError as error:
        raise RowError(number, "value", str(error)) from None
    if row.comparison == "contains":
        return {"in": [value, operand]}
    if row.comparison == "lacks":
        return {"not": {"in": [value, operand]}}
    if row.comparison == "outside_area":
        return {"not": {"in_area": [operand, value]}}
    return {row.comparison: [operand, value]}


def _other(number: int, row: Row, question: Question, known: Mapping[str, Question]) -> dict[str, str]:
    other = known.get(row.other)
    if other is None or question.kind == "count" or not takes_answer_of(question, other):
        raise RowError(number, "other", f"Wählen Sie eine Frage, deren Antwort zu „{question.label}“ passt.")
    if row.comparison not in OF_ANSWERS:
        raise RowError(number, "comparison", "So lassen sich zwei Antworten nicht vergleichen.")
    if row.value:
        raise RowError(number, "value", "Lassen Sie den Wert leer, oder wählen Sie keine zweite Frage.")
    return {"answer": other.name}


def _row(condition: Mapping[str, Any], known: Mapping[str, Question]) -> Row | None:
    """The row that this simple condition may be; whether it is, shows when it is built again."""
    ((operator, content),) = condition.items()
    if operator == "not":
        ((operator, content),) = content.items()
        operator = {"is_empty": "is_filled", "in": "lacks", "in_area": "outside_area"}.get(operator, "")
    elif operator == "in":
        operator = "contains"
    match operator, content:
        case "is_empty" | "is_filled", {"answer": name}:
            return Row(name, operator)
        case "contains" | "lacks", [str(value), {"answer": name}]:
            return _with_value(name, operator, value, known)
        case "in_area" | "outside_area", [{"answer": name}, str(value)]:
            return _with_value(name, operator, value, known)
        case _, [{"answer": name}, {"answer": other}] if operator in OF_ANSWERS:
            return Row(name, operator, other=other)
        case _, [{"answer": name}, str() | int() as value] if operator in _COMPARED:
            return _with_value(name, operator, value, known)
        case _, [{"count": name}, int(value)] if operator in _COMPARED:
            return _with_value(f"#{name}", operator, value, known)
    return None


def _with_value(name: str, comparison: str, value: Any, known: Mapping[str, Question]) -> Row | None:
    return Row(name, comparison, in_words(known[name], value)) if name in known else None
