"""Working days and due dates in Mecklenburg-Vorpommern.

VwVfG § 31 with BGB §§ 187–193: the day of the event does not count; weeks and months end on the day of
the same name or number, or on the last day of the month; an end on a Saturday, Sunday or public holiday
moves to the next working day.
"""

from calendar import monthrange
from datetime import date, timedelta

import holidays
from django.utils import timezone

from foundation import clock

_HOLIDAYS = holidays.country_holidays("DE", subdiv="MV")
_SATURDAY = 5


def today() -> date:
    """The date at the authority, by the portal's clock."""
    return timezone.localtime(clock.now()).date()


def is_working_day(day: date) -> bool:
    """Monday to Friday, no public holiday of the Land (8 March and 31 October are)."""
    return day.weekday() < _SATURDAY and day not in _HOLIDAYS


def add_working_days(day: date, number: int) -> date:
    """The working day that is `number` (≥ 0) working days after the day."""
    while number > 0:
        day += timedelta(days=1)
        number -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days come after `start` up to and with `end`; negative when `end` lies before `start`."""
    if end < start:
        return -working_days_between(end, start)
    return sum(is_working_day(start + timedelta(days=passed)) for passed in range(1, (end - start).days + 1))


def due_date(start: date, *, days: int = 0, working_days: int = 0, weeks: int = 0, months: int = 0) -> date:
    """The last day of a period that an event on `start` sets off; always a working day."""
    end = _add_months(add_working_days(start, working_days), months) + timedelta(days=days, weeks=weeks)
    while not is_working_day(end):
        end += timedelta(days=1)
    return end


def _add_months(day: date, months: int) -> date:
    """The day of the same number, or the last day of a shorter month (BGB § 188 (2), (3))."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
