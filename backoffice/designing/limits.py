"""Boxes for the limits of a field: what an author writes, and what stands in the definition."""

import re
from typing import Any

from django import forms

from forms_engine.editing import api as editing
from forms_engine.editing.api import Question

_DAYS = ("date", "partial_date", "datetime")
_TODAY = re.compile(r"heute\s*(?:([+-])\s*([0-9]{1,5}))?", re.IGNORECASE)
_RELATIVE = re.compile(r"today(?:([+-])([0-9]{1,5}))?")


class LimitField(forms.CharField):
    """The least or greatest answer to a field of this type, as it is answered; days also from today."""

    def __init__(self, kind: str, **options: Any) -> None:
        self.kind = "date" if kind in _DAYS else {"choices": "number"}.get(kind, kind)
        super().__init__(required=False, max_length=40, **options)

    def to_python(self, value: Any) -> Any:
        words = super().to_python(value)
        if not words:
            return None
        if self.kind == "date" and (match := _TODAY.fullmatch(words)):
            return f"today{match[1]}{match[2]}" if match[1] else "today"
        try:
            return editing.literal(Question("", "", self.kind), words)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None

    def words(self, limit: Any) -> str:
        """What stands in the box for this limit."""
        if limit is None:
            return ""
        if match := _RELATIVE.fullmatch(str(limit)):
            return f"heute{match[1]}{match[2]}" if match[1] else "heute"
        return editing.in_words(Question("", "", self.kind), limit)


class FormulaField(forms.CharField):
    """A formula as it is written on paper; `operands` is what it may name at its place."""

    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "none"})
    operands = editing.Operands()

    def to_python(self, value: Any) -> Any:
        words = super().to_python(value)
        try:
            return editing.formula_of(words, self.operands) if words else None
        except editing.FormulaError as error:
            raise forms.ValidationError(str(error)) from None

    def words(self, formula: Any) -> str:
        """What stands in the box for this formula."""
        return "" if formula is None else editing.written(formula, self.operands)


class LinesField(forms.Field):
    """One entry per line. Blank lines stay where they are, for the lines of two boxes belong together."""

    widget = forms.Textarea(attrs={"rows": 6})

    def to_python(self, value: Any) -> list[str]:
        return [line.strip() for line in str(value or "").rstrip().splitlines()]
