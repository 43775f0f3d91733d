"""Files that came while the scanner was away: nobody opens them, until it is back and has looked at them."""

import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Min

from foundation import audit, clock, scope, vault
from foundation.files import scanner
from foundation.files.storage import open_bytes

if TYPE_CHECKING:
    from foundation.files.models import StoredFile

AT_ONCE = 500
MOST_SECONDS = 20
logger = logging.getLogger(__name__)


def scan_waiting() -> int:
    """Asks the scanner about files that wait, in no particular order; says how many have their answer now."""
    from foundation.files.models import StoredFile

    with scope.system("files that wait for the scanner", read_only=True):
        # By chance, so that one that can never be scanned does not stand before the others for ever.
        files = list(StoredFile.objects.filter(verdict=StoredFile.Verdict.PENDING).order_by("?")[:AT_ONCE])
    answered, end = 0, time.monotonic() + MOST_SECONDS
    for stored in files:
        if scanner.is_left_alone() or time.monotonic() > end:
            break
        answered += _scan(stored)
    return answered


def longest_wait() -> timedelta:
    """How long the oldest of them waits; zero when none does."""
    from foundation.files.models import StoredFile

    with scope.system("the oldest file that waits for the scanner", read_only=True):
        waiting = StoredFile.objects.filter(verdict=StoredFile.Verdict.PENDING)
        oldest = waiting.aggregate(at=Min("created_at"))["at"]
    return clock.now() - oldest if oldest else timedelta()


def _scan(stored: "StoredFile") -> bool:
    """The scanner is asked outside of any transaction; only its answer is written in one."""
    try:
        found = scanner.ask(open_bytes(stored))
    except (OSError, vault.VaultError) as error:
        logger.critical("files: %s cannot be read: %s", stored.pk, type(error).__name__)
        return False
    if found == scanner.PENDING:
        return False
    with scope.system("the scanner's answer"):
        waits = type(stored).objects.filter(pk=stored.pk, verdict=scanner.PENDING)
        if waits.update(verdict=found) and found == scanner.INFECTED:
            logger.error("files: %s is infected", stored.pk)
            audit.record(
                "file.infected", authority_id=stored.authority_id, object_kind="file", object_id=stored.subject_id
            )
    return True
