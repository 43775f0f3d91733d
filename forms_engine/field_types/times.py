"""Times of day, and days with a time: as clocks show them here, without a zone."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from forms_engine.field_types.base import FieldType, Raw, refused
from forms_engine.field_types.dates import Day, in_words, parsed_date

if TYPE_CHECKING:
    from forms_engine.structure import Field

_TYPED = re.compile(r"([01]?[0-9]|2[0-3])(?:[:.]([0-5][0-9]))?(?: ?Uhr| ?h)?", re.IGNORECASE | re.ASCII)
_STORED = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def parsed_time(text: Any) -> time | None:
    """The time of `14:30`, or None."""
    match = _STORED.fullmatch(text) if isinstance(text, str) else None
    return time(int(match[1]), int(match[2])) if match else None


def typed_time(typed: str, *parts: str) -> time:
    """The time in `14:30`, `14.30`, `9` or `9 Uhr`."""
    match = _TYPED.fullmatch(typed.strip())
    if match is None:
        raise refused(_("Geben Sie die Uhrzeit als Stunden und Minuten ein, zum Beispiel 14:30."), *parts)
    return time(int(match[1]), int(match[2] or 0))


def clock(moment: time | datetime) -> str:
    """14:30, as it is stored."""
    return f"{moment:%H:%M}"


def in_hours(moment: time | datetime) -> str:
    """14:30 Uhr, or what the language says."""
    return _("%(time)s Uhr") % {"time": clock(moment)}


class Clock(FieldType):
    name = "time"

    def parse(self, field: Field, raw: str, language: str) -> str:
        moment = typed_time(raw)
        least, most = (parsed_time(field.limits.get(end)) for end in ("min", "max"))
        if least and moment < least:
            raise refused(_("Geben Sie eine Uhrzeit ab %(least)s ein.") % {"least": in_hours(least)})
        if most and moment > most:
            raise refused(_("Geben Sie eine Uhrzeit bis %(most)s ein.") % {"most": in_hours(most)})
        return clock(moment)

    def comparable(self, answer: Any) -> time | None:
        return parsed_time(answer)

    def text(self, field: Field, answer: Any, language: str) -> str:
        moment = parsed_time(answer)
        return in_hours(moment) if moment else str(answer)

    def missing(self) -> str:
        return _("Geben Sie eine Uhrzeit ein, zum Beispiel 14:30.")


class Moment(Day):
    """A day and a time, stored as 2027-04-01T14:30."""

    name = "datetime"
    parts = (*Day.parts, "time")

    def raw(self, answer: Any) -> Raw:
        if isinstance(answer, dict):  # what a draft kept
            return {part: str(answer.get(part) or "") for part in self.parts}
        day, _t, hours = answer.partition("T") if isinstance(answer, str) else ("", "", "")
        boxes: Any = super().raw(day)
        return {**{part: boxes.get(part, "") for part in Day.parts}, "time": hours}

    def keep(self, field: Field, raw: Any) -> Any:
        return dict(raw)

    def parse(self, field: Field, raw: Any, language: str) -> str:
        day = super().parse(field, raw, language)
        if not raw["time"]:
            raise refused(_("Geben Sie auch die Uhrzeit ein, zum Beispiel 14:30."), "time")
        return f"{day}T{clock(typed_time(raw['time'], 'time'))}"

    def comparable(self, answer: Any) -> datetime | None:
        if not isinstance(answer, str):
            return None
        text, _t, hours = answer.partition("T")
        day, moment = parsed_date(text), parsed_time(hours)
        return datetime.combine(day, moment) if day and moment else None

    def text(self, field: Field, answer: Any, language: str) -> str:
        moment = self.comparable(answer)
        return f"{in_words(moment.date(), language)}, {in_hours(moment)}" if moment else str(answer)

    def missing(self) -> str:
        return _("Geben Sie Datum und Uhrzeit ein, zum Beispiel 3.5.2024, 14:30.")
