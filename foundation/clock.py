"""The portal's clock is the database's: one for all processes, and one instant for a whole transaction."""

from datetime import datetime

from django.db import connection


def now() -> datetime:
    """The time at which the current transaction began."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return cursor.fetchone()[0]
