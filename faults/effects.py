"""What the outbox was asked to do, and the hints about it: read, pushed and held as an operator or time would."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import redis

from faults import scopes
from faults.person import Letter
from faults.records import now

if TYPE_CHECKING:
    from foundation.outbox.models import OutboxQuerySet

QUEUES = ("default", "documents")


def rows(letter: Letter) -> list[UUID]:
    """The effects asked for, in the order in which they were."""
    return list(_rows(letter).order_by("created_at", "id").values_list("pk", flat=True))


def unfinished(letter: Letter) -> list[str]:
    """Effects that are not done, with the reason where one is known; `everything` where there is none at all."""
    told = list(_rows(letter).values_list("kind", "state", "error_code"))
    return [f"{kind} is {state} {code}".strip() for kind, state, code in told if state != "done"] or (
        [] if told else ["everything"]
    )


def attempts(letter: Letter) -> dict[str, int]:
    """How often each effect was claimed."""
    return dict(_rows(letter).values_list("kind", "attempts"))


def dead(letter: Letter) -> list[str]:
    """The kinds of effects that were put aside."""
    return list(_rows(letter).filter(state="dead").values_list("kind", flat=True).order_by("kind"))


def error_of(letter: Letter, kind: str) -> str:
    """The code that operators see."""
    return _rows(letter).get(kind=kind).error_code


def shown_to_people(letter: Letter) -> list[str]:
    """The kinds of effects that clerks find among what the portal could not do by itself."""
    return list(_rows(letter).for_people().values_list("kind", flat=True))


def pause_of(letter: Letter, kind: str, *, tries: int) -> float:
    """For how many seconds an effect rests that has failed so often; 0 while it has not."""
    row = _rows(letter).get(kind=kind)
    if row.state != "due" or row.attempts < tries or row.lease_until or not row.error_code:
        return 0.0
    return max(0.0, (row.due_at - now()).total_seconds())


def waiting() -> int:
    """How many effects are due, of anybody; those that failed need not wait for their pause."""
    from applications.models import Line
    from foundation.outbox.models import OutboxRow

    due = OutboxRow.objects.filter(state=OutboxRow.State.DUE)
    moment = now()
    due.filter(lease_until=None).exclude(error_code="").update(due_at=moment)
    Line.objects.filter(ask_again_at__gt=moment).update(ask_again_at=moment)
    return due.filter(due_at__lte=moment).count()


def change_rows(letter: Letter, **fields: Any) -> None:
    """As if time had passed, or tries had failed."""
    _rows(letter).update(**fields)


def redrive(letter: Letter) -> None:
    """What the operator's action does with the effects that were put aside."""
    from foundation.outbox import working

    for row in _rows(letter).filter(state="dead"):
        working.redrive(row)


def push(letter: Letter) -> None:
    """What failed need not wait for its pause."""
    _rows(letter).filter(state="due", lease_until=None).exclude(error_code="").update(due_at=now())
    for row in _rows(letter).ready():
        hint(row.pk)


def hold(letter: Letter) -> None:
    """What failed rests for an hour, and is as far from being given up as at its first try."""
    _rows(letter).filter(state="due").update(due_at=now() + timedelta(hours=1), attempts=1)


def release(letter: Letter) -> None:
    """What failed is due now."""
    _rows(letter).filter(state="due").update(due_at=now())


def let_pass(letter: Letter, seconds: float) -> None:
    """As if so much time had gone by for what waits of this letter: it is older, and due so much earlier."""
    from django.db.models import F

    span = timedelta(seconds=seconds)
    _rows(letter).filter(state="due").update(due_at=F("due_at") - span, created_at=F("created_at") - span)
    for row in _rows(letter).ready():
        hint(row.pk)


def let_leases_pass() -> None:
    """As if the longest lease and the longest pause had passed, for all that waits.

    Who is about to commit the end of its work holds the row itself, and no lease matters any more.
    """
    from django.db import transaction
    from django.db.models import Q

    from applications.models import Line
    from foundation.outbox.models import OutboxRow

    past = now() - timedelta(seconds=1)
    due = OutboxRow.objects.filter(state=OutboxRow.State.DUE)
    with transaction.atomic():
        free = due.filter(pk__in=list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)))
        free.filter(lease_until__isnull=False).update(lease_until=past)
        free.filter(Q(attempts__gt=0) | ~Q(error_code="")).update(due_at=past)
    Line.objects.filter(ask_again_at__isnull=False).update(ask_again_at=past)


@contextmanager
def receipts_waiting(count: int) -> Iterator[None]:
    """So many receipts of others wait since an hour ago; they are gone again before anybody can make them."""
    from authorities.models import Authority
    from foundation.outbox.models import OutboxRow

    scopes.reconnect()
    rostock, then = Authority.objects.get(slug="rostock").pk, now() - timedelta(hours=1)
    rows = [OutboxRow(kind="receipt", authority_id=rostock, subject_id=uuid4(), due_at=then) for _ in range(count)]
    OutboxRow.objects.bulk_create(rows)
    try:
        yield
    finally:
        scopes.reconnect()
        OutboxRow.objects.filter(pk__in=[row.pk for row in rows]).delete()


def sweep() -> None:
    """What the worker does when beat's next tick comes."""
    from foundation.outbox import working

    scopes.reconnect()
    working.sweep()


def hint(row: UUID) -> None:
    """One more message about this row, in the queue of its kind; also where there is no such row."""
    from foundation.outbox import hints
    from foundation.outbox.models import OutboxRow

    scopes.reconnect()
    hints.hint(OutboxRow.objects.filter(pk=row).first() or OutboxRow(pk=row))


def hints_waiting() -> int:
    with _broker() as broker:
        return sum(broker.llen(name) for name in QUEUES)


def ticks_waiting() -> int:
    """What beat asked for and nobody has taken."""
    from foundation.outbox import hints
    from hro_portal import ticks

    return hints.waiting(ticks.QUEUE) or 0


def hints_at_work() -> int:
    """Messages that a worker has and has not confirmed."""
    with _broker() as broker:
        return broker.hlen("unacked")


def forget_hints_of_the_dead() -> None:
    """What workers held when they died comes back after the broker's time-out only; who waits for hints to be read
    would wait for it."""
    with _broker() as broker:
        broker.delete("unacked", "unacked_index")


def flush_redis() -> None:
    """Everything in Redis is gone; the workers' connections stay."""
    with _broker() as broker:
        broker.flushall()


def _rows(letter: Letter) -> "OutboxQuerySet":
    from foundation.outbox.models import OutboxRow

    scopes.reconnect()
    return OutboxRow.objects.filter(subject_id=letter.draft_id)


def _broker() -> "redis.Redis":
    from django.conf import settings

    return redis.Redis.from_url(settings.REDIS_URL.replace("redis+socket://", "unix://", 1))
