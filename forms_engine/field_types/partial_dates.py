"""Dates that are known in part: a year, a month of a year, a day. What is not known is not made up."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import formats, translation
from django.utils.translation import gettext as _

from forms_engine.field_types.base import Raw, refused
from forms_engine.field_types.dates import Day, in_words, limit, parsed_date

if TYPE_CHECKING:
    from forms_engine.structure import Field

_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_UNKNOWN = ("0", "00", "X", "XX")  # how passports write a day or a month that nobody knows


@dataclass(frozen=True, slots=True, eq=False)
class Span:
    """The days that a date known in part may be. A comparison that depends on which of them raises TypeError,
    and a condition with it is unknown.
    """

    first: date
    last: date

    def __lt__(self, other: Any) -> bool:
        bounds = _bounds(other)
        return NotImplemented if bounds is None else _agreed(self.last < bounds[0], self.first < bounds[1])

    def __le__(self, other: Any) -> bool:
        bounds = _bounds(other)
        return NotImplemented if bounds is None else _agreed(self.last <= bounds[0], self.first <= bounds[1])

    def __gt__(self, other: Any) -> bool:
        bounds = _bounds(other)
        return NotImplemented if bounds is None else _agreed(self.first > bounds[1], self.last > bounds[0])

    def __ge__(self, other: Any) -> bool:
        bounds = _bounds(other)
        return NotImplemented if bounds is None else _agreed(self.first >= bounds[1], self.last >= bounds[0])

    def __eq__(self, other: object) -> bool:
        bounds = _bounds(other)
        if bounds is None:
            return NotImplemented
        days = {self.first, self.last, *bounds}
        return _agreed(len(days) == 1, self.first <= bounds[1] and bounds[0] <= self.last)

    def __hash__(self) -> int:
        return hash((self.first, self.last))


def _bounds(value: object) -> tuple[date, date] | None:
    if isinstance(value, Span):
        return value.first, value.last
    return (value, value) if isinstance(value, date) else None


def _agreed(surely: bool, perhaps: bool) -> bool:
    if surely != perhaps:
        raise TypeError("The date is not known well enough.")
    return surely


def parsed_span(text: Any) -> Span | None:
    """The days that `1960`, `1960-05` or `1960-05-03` may mean, or None."""
    match = _ISO.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    year, month, day = match.groups()
    first = parsed_date(f"{year}-{month or '01'}-{day or '01'}")
    if first is None:
        return None
    if day:
        return Span(first, first)
    end = first.month if month else 12
    return Span(first, date(first.year, end, monthrange(first.year, end)[1]))


class PartialDate(Day):
    name = "partial_date"

    def raw(self, answer: Any) -> Raw:
        if isinstance(answer, dict):  # what a draft kept
            return {part: str(answer.get(part) or "") for part in self.parts}
        match = _ISO.fullmatch(answer) if isinstance(answer, str) else None
        if match is None:
            return super().raw(answer)
        year, month, day = (part or "" for part in match.groups())
        return {"day": day.lstrip("0") or day, "month": month.lstrip("0") or month, "year": year}

    def keep(self, field: Field, raw: Any) -> Any:
        return dict(raw)

    def needs(self, field: Field, part: str) -> bool:
        return part == "year"

    def parse(self, field: Field, raw: dict[str, str], language: str) -> str:
        raw = {part: "" if typed.upper() in _UNKNOWN else typed for part, typed in raw.items()}
        if not raw["year"]:
            raise refused(_("Geben Sie mindestens das Jahr ein, zum Beispiel 1960."), "year")
        if raw["day"] and not raw["month"]:
            raise refused(_("Geben Sie zum Tag auch den Monat ein, zum Beispiel 3.5.1960."), "month")
        # The first month and the first day stand in while the others are checked; they are not kept.
        day = self.day_in({**raw, "day": raw["day"] or "1", "month": raw["month"] or "1"})
        known = 10 if raw["day"] else 7 if raw["month"] else 4
        answer = day.isoformat()[:known]
        self._check_limits(field, answer, language)
        return answer

    def _check_limits(self, field: Field, answer: str, language: str) -> None:
        span = parsed_span(answer)
        least, most = limit(field.limits.get("min", "")), limit(field.limits.get("max", ""))
        if span and most and span.first > most:
            raise refused(self.too_late(field, most, language), *self.parts)
        if span and least and span.last < least:
            sentence = _("Geben Sie ein Datum ab dem %(least)s ein.")
            raise refused(sentence % {"least": in_words(least, language)}, *self.parts)

    def comparable(self, answer: Any) -> Any:
        return parsed_span(answer)

    def text(self, field: Field, answer: Any, language: str) -> str:
        span = parsed_span(answer)
        if span is None or len(answer) == 4:
            return str(answer)
        if len(answer) == 10:
            return in_words(span.first, language)
        with translation.override(language):
            return formats.date_format(span.first, "YEAR_MONTH_FORMAT")

    def missing(self) -> str:
        return _("Geben Sie das Datum ein, soweit es bekannt ist. Das Jahr genügt, zum Beispiel 1960.")

    def missing_parts(self, raw: Raw) -> tuple[str, ...]:
        return ("year",)
