from datetime import date, datetime

import pytest

from authorities import clock
from foundation import clock as portal_clock

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 21), False),
        (date(2027, 3, 8), False),  # Monday, women's day: a holiday in the Land since 2023
        (date(2022, 3, 8), True),
        (date(2025, 10, 31), False),  # Friday, Reformation Day
        (date(2026, 11, 18), True),  # Buß- und Bettag is a holiday in Saxony only
    ],
)
def test_is_working_day_knows_weekends_and_the_holidays_of_the_land(day: date, expected: bool) -> None:
    assert clock.is_working_day(day) is expected


def test_add_working_days_skips_weekend_and_holidays() -> None:
    assert clock.add_working_days(FRIDAY, 1) == date(2026, 11, 23)
    assert clock.add_working_days(date(2026, 12, 23), 2) == date(2026, 12, 28)
    assert clock.add_working_days(FRIDAY, 0) == FRIDAY


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (FRIDAY, FRIDAY, 0),
        (FRIDAY, date(2026, 11, 22), 0),
        (FRIDAY, date(2026, 11, 23), 1),
        (date(2026, 11, 24), FRIDAY, -2),
        (date(2026, 12, 23), date(2026, 12, 28), 2),
    ],
)
def test_working_days_between_counts_neither_the_first_day_nor_free_days(start: date, end: date, expected: int) -> None:
    assert clock.working_days_between(start, end) == expected


@pytest.mark.parametrize(
    ("start", "period", "expected"),
    [
        (date(2026, 11, 23), {"weeks": 4}, date(2026, 12, 21)),
        (date(2027, 1, 29), {"months": 1}, date(2027, 3, 1)),  # 28 February is a Sunday
        (date(2026, 1, 31), {"months": 1}, date(2026, 3, 2)),  # 28 February is a Saturday
        (date(2026, 11, 27), {"weeks": 4}, date(2026, 12, 28)),  # 25 December is a holiday, then a weekend
        (date(2026, 11, 23), {"days": 10}, date(2026, 12, 3)),
        (date(2026, 11, 25), {"days": 10}, date(2026, 12, 7)),  # Saturday
        (FRIDAY, {"working_days": 3}, date(2026, 11, 25)),
    ],
)
def test_due_date_ends_on_a_working_day(start: date, period: dict[str, int], expected: date) -> None:
    assert clock.due_date(start, **period) == expected


@pytest.mark.tr("A3.2.07")
@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-28T22:59:59Z", date(2026, 3, 28)),
        ("2026-03-28T23:00:00Z", date(2026, 3, 29)),  # summer time begins on this day, which has 23 hours
        ("2026-03-29T21:59:59Z", date(2026, 3, 29)),
        ("2026-03-29T22:00:00Z", date(2026, 3, 30)),
        ("2026-10-24T21:59:59Z", date(2026, 10, 24)),
        ("2026-10-24T22:00:00Z", date(2026, 10, 25)),  # it ends on this day, which has 25 hours
        ("2026-10-25T22:59:59Z", date(2026, 10, 25)),
        ("2026-10-25T23:00:00Z", date(2026, 10, 26)),
        ("2028-02-28T23:00:00Z", date(2028, 2, 29)),
        ("2028-02-29T23:00:00Z", date(2028, 3, 1)),
    ],
)
def test_day_begins_at_midnight_in_germany_also_when_the_hours_change(
    monkeypatch: pytest.MonkeyPatch, moment: str, day: date
) -> None:
    """The database's clock cannot be set for one test."""
    monkeypatch.setattr(portal_clock, "now", lambda: datetime.fromisoformat(moment))
    assert clock.today() == day


@pytest.mark.tr("A3.2.07")
def test_periods_count_days_also_when_the_hours_change_and_in_leap_years() -> None:
    assert clock.due_date(date(2026, 3, 27), days=3) == date(2026, 3, 30)
    assert clock.due_date(date(2026, 10, 23), days=3) == date(2026, 10, 26)
    assert clock.due_date(date(2028, 1, 31), months=1) == date(2028, 2, 29)
    assert clock.due_date(date(2028, 2, 29), months=12) == date(2029, 2, 28)
