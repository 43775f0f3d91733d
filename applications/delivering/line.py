"""The line to a department's own program: one that failed often in a row is left alone for a while (a circuit breaker).

Other departments are not delayed by it, and when the while has passed, one case at a time tries whether it is back.
"""

import random
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from applications.models import Line
from foundation import clock, outbox

SILENT_AFTER = 5
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=15)
#: Whoever tries whether it is back does so alone for this long: longer than the asking takes.
TRIAL = timedelta(seconds=30)


def demand(department_id: UUID) -> None:
    """Returns when the program may be asked now; else raises `NotNow` with the time to come again."""
    line = Line.objects.filter(pk=department_id, failures__gte=SILENT_AFTER).first()
    if line is None or line.ask_again_at is None:
        return
    now = clock.now()
    trial = Line.objects.filter(pk=department_id, ask_again_at__lte=now)
    if not trial.update(ask_again_at=now + TRIAL):
        # Not all at the same second: the first one finds out for the others.
        later = timedelta(seconds=random.uniform(5, 30))  # noqa: S311 - scatter is no secret  # nosec B311
        raise outbox.NotNow(max(line.ask_again_at, now) + later, "target-silent")


def note_failure(department_id: UUID) -> None:
    """One more in a row; from the fifth on, the program is left alone, each time for longer."""
    with transaction.atomic():
        Line.objects.get_or_create(department_id=department_id)
        line = Line.objects.select_for_update().get(pk=department_id)
        line.failures += 1
        if line.failures >= SILENT_AFTER:
            line.ask_again_at = clock.now() + _pause(line.failures - SILENT_AFTER)
        line.save()


def note_success(department_id: UUID) -> None:
    Line.objects.filter(pk=department_id).exclude(failures=0).update(failures=0, ask_again_at=None)


def _pause(more: int) -> timedelta:
    return min(FIRST_PAUSE * 2 ** min(more, 10), LONGEST_PAUSE)
