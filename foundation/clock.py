"""The portal's clock is the database's: one for all processes, and one instant for a whole transaction."""

from datetime import datetime

from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime


def now() -> datetime:
    """The time at which the current transaction began."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return cursor.fetchone()[0]


def read_moment(text: str) -> datetime | None:
    """Midnight of a day, or a moment; without an offset it is meant in the city's time. None for what is neither."""
    try:
        day = parse_date(text)
        moment = datetime(day.year, day.month, day.day) if day else parse_datetime(text)
    except ValueError:
        return None
    return timezone.make_aware(moment) if moment and timezone.is_naive(moment) else moment
