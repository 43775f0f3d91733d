"""Advisory locks of the database, by number: here, so that no two are the same."""

from django.db import connection

BACKUP, TRAIL, SWEEP = 7_000_002, 7_000_011, 7_000_012


def alone(lock: int) -> bool:
    """Takes the lock until the commit, or says that somebody else has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock])
        return cursor.fetchone()[0]
