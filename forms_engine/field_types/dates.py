"""Dates: three boxes, stored as ISO 8601."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import formats, timezone, translation
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from forms_engine.characters import readable
from forms_engine.field_types.base import FieldType, Raw, refused

if TYPE_CHECKING:
    from forms_engine.structure import Field

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_BOXES = ("day", "month", "year")
_RELATIVE = re.compile(r"today(?:([+-])([0-9]{1,5}))?")


def parsed_date(text: Any) -> date | None:
    """The day of an ISO date, or None."""
    match = _ISO.fullmatch(text) if isinstance(text, str) else None
    try:
        return date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None


def limit(text: str) -> date | None:
    """The day that a `min` or `max` means today; None if it means none."""
    match = _RELATIVE.fullmatch(text)
    if match is None:
        return parsed_date(text)
    days = int(match[2] or 0)
    return timezone.localdate() + timedelta(days=-days if match[1] == "-" else days)


def in_words(day: date, language: str) -> str:
    """1. April 2027, or what the language writes."""
    with translation.override(language):
        return formats.date_format(day, "DATE_FORMAT")


class Day(FieldType):
    name = "date"
    control = "date"
    parts: tuple[str, ...] = _BOXES

    def read(self, data: MultiValueDict[str, Any], name: str) -> Raw:
        if name in data and f"{name}_year" not in data:  # one value in place of three boxes
            return self.raw(readable(str(data[name])).strip())
        return {part: readable(str(data.get(f"{name}_{part}", ""))).strip() for part in self.parts}

    def raw(self, answer: Any) -> Raw:
        if not isinstance(answer, str):
            return dict.fromkeys(_BOXES, "")
        if match := _ISO.fullmatch(answer):
            year, month, day = match.groups()
            return {"day": day.lstrip("0") or day, "month": month.lstrip("0") or month, "year": year}
        boxes = (*answer.split(".", 2), "", "", "")[:3]  # 3.5.2024, or what a draft kept
        return dict(zip(_BOXES, (box.strip() for box in boxes), strict=True))

    def keep(self, field: Field, raw: Any) -> Any:
        return "{day}.{month}.{year}".format_map(raw)

    def parse(self, field: Field, raw: Any, language: str) -> str:
        day = self.day_in(raw)
        least, most = limit(field.limits.get("min", "")), limit(field.limits.get("max", ""))
        if most and day > most:
            raise refused(self.too_late(field, most, language), *_BOXES)
        if least and day < least:
            raise refused(
                _("Geben Sie ein Datum ab dem %(least)s ein.") % {"least": in_words(least, language)}, *_BOXES
            )
        return day.isoformat()

    def too_late(self, field: Field, most: date, language: str) -> str:
        """The sentence for a day after the last one."""
        if field.limits["max"] == "today":
            return _("Geben Sie ein Datum ein, das nicht in der Zukunft liegt, zum Beispiel 3.5.2024.")
        return _("Geben Sie ein Datum bis zum %(most)s ein.") % {"most": in_words(most, language)}

    def day_in(self, raw: dict[str, str]) -> date:
        """The day in its three boxes; refused with those that are wrong."""
        wrong = [part for part in _BOXES if not (raw[part].isascii() and raw[part].isdigit() and len(raw[part]) <= 4)]
        if wrong:
            raise refused(self._wrong_boxes(raw, wrong), *wrong)
        day, month, year = (int(raw[part]) for part in _BOXES)
        if not 1 <= month <= 12:
            raise refused(_("Geben Sie den Monat als Zahl von 1 bis 12 ein, zum Beispiel 3.5.2024."), "month")
        if len(raw["year"]) != 4 or year < 1800:
            raise refused(_("Geben Sie das Jahr mit vier Ziffern ein, zum Beispiel 2024."), "year")
        if not 1 <= day <= monthrange(year, month)[1]:
            sentence = _("Den %(day)d. %(month)s %(year)d gibt es nicht. Geben Sie ein anderes Datum ein.")
            shown = {"day": day, "month": formats.date_format(date(year, month, 1), "F"), "year": year}
            raise refused(sentence % shown, "day")
        return date(year, month, day)

    def _wrong_boxes(self, raw: dict[str, str], wrong: list[str]) -> str:
        if len(wrong) == 1 and not raw[wrong[0]]:
            return {
                "day": _("Geben Sie auch den Tag ein, zum Beispiel 3.5.2024."),
                "month": _("Geben Sie auch den Monat ein, zum Beispiel 3.5.2024."),
                "year": _("Geben Sie auch das Jahr ein, zum Beispiel 3.5.2024."),
            }[wrong[0]]
        return _("Geben Sie Tag, Monat und Jahr als Zahlen ein, zum Beispiel 3.5.2024.")

    def comparable(self, answer: Any) -> date | None:
        return parsed_date(answer)

    def text(self, field: Field, answer: Any, language: str) -> str:
        day = parsed_date(answer)
        return in_words(day, language) if day else str(answer)

    def missing(self) -> str:
        return _("Geben Sie ein Datum ein, zum Beispiel 3.5.2024.")

    def missing_parts(self, raw: Raw) -> tuple[str, ...]:
        return self.parts
