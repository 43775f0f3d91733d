"""How bytes leave the disk: after their row is gone, and not while a backup still needs them."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DatabaseError, connection, transaction

from foundation import locks

logger = logging.getLogger(__name__)


def remove(paths: Iterable[Path]) -> int:
    """Removes these files, whose rows are gone, and says how many.

    What cannot be removed now goes with the daily sweep of orphans.
    """
    removed = 0
    try:
        with _allowed() as is_allowed:
            for path in paths if is_allowed else ():
                path.unlink(missing_ok=True)
                removed += 1
    except (DatabaseError, OSError) as error:
        # The row's removal is committed: to fail now would tell the person that it is not.
        logger.warning("files: bytes stay until the daily sweep: %s", type(error).__name__)
    return removed


@contextmanager
def _allowed() -> Iterator[bool]:
    """Whether bytes may be removed now; no backup begins before the block ends."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [locks.BACKUP])
        yield cursor.fetchone()[0]
