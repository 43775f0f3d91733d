"""One moment for a backup: it holds a lock alone, which whoever takes away what it may still need has to share."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from foundation import locks


@contextmanager
def no_backup(using: str) -> Iterator[bool]:
    """Whether no backup runs now; where none does, none begins before the block ends."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock_shared(%s)", [locks.BACKUP])
        [is_free] = cursor.fetchone()
        try:
            yield is_free
        finally:
            if is_free:
                cursor.execute("SELECT pg_advisory_unlock_shared(%s)", [locks.BACKUP])
