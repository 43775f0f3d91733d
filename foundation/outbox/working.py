"""The worker's side of the outbox: claim, do, complete; and what happens when doing fails.

Attempts count *claims*, each in a commit of its own, so that an effect that kills its worker cannot go on
for ever. A lease is longer than Celery's hard time limit: who still works, still holds it.
"""

import logging
import random
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Min

from foundation import clock, locks, outbox, scope
from foundation.errors import PortalError
from foundation.outbox.hints import hint, hint_after_commit, waiting
from foundation.outbox.models import OutboxQuerySet, OutboxRow

#: Longer than Celery's hard time limit, and short enough that with the sweep's ten seconds what a dead worker held
#: is done within the promised minute (fault F1).
LEASE = timedelta(seconds=30)
FIRST_PAUSE_SECONDS = 10
LONGEST_PAUSE_SECONDS = 3600
#: The sweep hints at no more than a queue has room for: one that nobody reads must not fill the broker.
MOST_WAITING = 500

logger = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Somebody else holds the row by now; what was done here is rolled back."""


def work(row_id: uuid.UUID) -> bool:
    """Does the row's effect if it is due and nobody else is at it; True when it is done by this call."""
    row = _claim(row_id)
    if row is None:
        return False
    known = outbox.handlers.get(row.kind)
    if known is None:
        _bury(row, "unknown-kind")
        return False
    try:
        finish = known.begin(row)
        with scope.authority(row.authority_id):
            finish()
            _complete(row)
    except outbox.NotNow as later:
        _put_off(row, later)
        return False
    # Whatever an effect raises, the rest of the queue goes on and the row shows the code.
    except Exception as error:  # noqa: BLE001
        _fail(row, error.code if isinstance(error, PortalError) else type(error).__name__)
        return False
    return True


def sweep() -> int:
    """Hints at rows that are due and held by nobody; says at how many. Stops when the broker is away.

    Each queue is filled for itself, its oldest rows first: where one has no worker, the others are found as ever. Two
    sweeps never meet, or each would fill the same room.
    """
    with transaction.atomic(durable=True):
        return _fill_queues() if locks.alone(locks.SWEEP) else 0


def _fill_queues() -> int:
    told = 0
    for queue, ready in _ready_by_queue():
        if (full := waiting(queue)) is None:
            break
        for row in ready.order_by("due_at")[: max(0, MOST_WAITING - full)]:
            if not hint(row):
                return told
            told += 1
    return told


def redrive(row: OutboxRow) -> None:
    """Gives a dead row a new life, after somebody has mended what it died of."""
    with transaction.atomic():
        OutboxRow.objects.filter(pk=row.pk, state=OutboxRow.State.DEAD).update(
            state=OutboxRow.State.DUE, attempts=0, error_code="", due_at=clock.now(), lease_until=None, lease_token=None
        )
        hint_after_commit(row)


def hasten(row: OutboxRow) -> None:
    """Tries a row at once that failed and waits for its next turn; what somebody works on goes on as it is."""
    with transaction.atomic():
        waiting = OutboxRow.objects.filter(pk=row.pk, state=OutboxRow.State.DUE, lease_token=None)
        if waiting.update(due_at=clock.now()):
            hint_after_commit(row)


@dataclass(frozen=True)
class Backlog:
    """What waits: for how long the oldest row that is due, how many rows failed and come again, how many are dead.

    `for_people` are those that are shown in the backoffice, because the portal did not help itself in time.
    """

    oldest_seconds: float
    failing: int
    dead: int
    for_people: int


def backlog() -> Backlog:
    """The state of the outbox, for `/readyz`."""
    oldest = OutboxRow.objects.ready().aggregate(at=Min("due_at"))["at"]
    # One question for each state: done rows are many, and each of these has its partial index.
    return Backlog(
        oldest_seconds=(clock.now() - oldest).total_seconds() if oldest else 0.0,
        failing=OutboxRow.objects.filter(state=OutboxRow.State.DUE).exclude(error_code="").count(),
        dead=OutboxRow.objects.filter(state=OutboxRow.State.DEAD).count(),
        for_people=OutboxRow.objects.for_people().count(),
    )


def _ready_by_queue() -> Iterator[tuple[str, OutboxQuerySet]]:
    kinds: dict[str, list[str]] = defaultdict(list)
    for kind, known in outbox.handlers.items():
        kinds[known.queue].append(kind)
    kinds.pop(outbox.DEFAULT, None)
    # Whatever has no queue of its own, kinds that nobody knows too: who claims such a row buries it visibly.
    yield outbox.DEFAULT, OutboxRow.objects.ready().exclude(kind__in=[kind for own in kinds.values() for kind in own])
    for queue, own in kinds.items():
        yield queue, OutboxRow.objects.ready().filter(kind__in=own)


def _claim(row_id: uuid.UUID) -> OutboxRow | None:
    with transaction.atomic(durable=True):
        row = OutboxRow.objects.ready().select_for_update(skip_locked=True).filter(pk=row_id).first()
        if row is None:
            return None
        if row.attempts >= _most_attempts(row):
            # Failing would have buried it; so its last worker died.
            _bury(row, row.error_code or "worker-lost")
            return None
        row.attempts += 1
        row.lease_token = uuid.uuid4()
        row.lease_until = clock.now() + LEASE
        row.save(update_fields=["attempts", "lease_token", "lease_until"])
        return row


def _complete(row: OutboxRow) -> None:
    held = OutboxRow.objects.held(row.lease_token)
    if not held.update(state=OutboxRow.State.DONE, lease_until=None, lease_token=None, error_code=""):
        raise LeaseLost


def _fail(row: OutboxRow, code: str) -> None:
    if row.attempts >= _most_attempts(row):
        _bury(row, code)
        return
    logger.warning("outbox: %s of %s failed, attempt %s: %s", row.kind, row.subject_id, row.attempts, code)
    OutboxRow.objects.held(row.lease_token).update(
        due_at=clock.now() + _pause(row.attempts), lease_until=None, lease_token=None, error_code=code[:80]
    )


def _put_off(row: OutboxRow, later: outbox.NotNow) -> None:
    if row.attempts >= _most_attempts(row):
        _bury(row, later.code)
        return
    OutboxRow.objects.held(row.lease_token).update(
        due_at=later.until,
        lease_until=None,
        lease_token=None,
        error_code=later.code[:80],
    )


def _most_attempts(row: OutboxRow) -> int:
    known = outbox.handlers.get(row.kind)
    return known.most_attempts if known else outbox.MOST_ATTEMPTS


def _bury(row: OutboxRow, code: str) -> None:
    logger.error("outbox: %s of %s is dead: %s", row.kind, row.subject_id, code)
    OutboxRow.objects.filter(pk=row.pk, state=OutboxRow.State.DUE, lease_token=row.lease_token).update(
        state=OutboxRow.State.DEAD, lease_until=None, lease_token=None, error_code=code[:80]
    )


def _pause(attempts: int) -> timedelta:
    """Doubles with each attempt, with jitter, so that what failed together does not come back together."""
    longest = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (attempts - 1))
    return timedelta(seconds=random.uniform(longest / 2, longest))  # noqa: S311 - jitter is no secret  # nosec B311
