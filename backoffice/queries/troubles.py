"""What waits too long or was given up, as far as it is the business of whoever asks. Ids and codes only, no names."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.models import StaffRole
from accounts.people import Clerk
from applications.models import Application
from backoffice import troubles as words
from foundation import clock
from foundation.audit import chain
from foundation.outbox.models import OutboxQuerySet, OutboxRow

MOST = 200
#: Who answers for a whole authority, also for what belongs to no case.
ANSWERABLE = frozenset({StaffRole.Role.HEAD, StaffRole.Role.OPERATOR})


@dataclass(frozen=True)
class Trouble:
    """An effect that people should look at; `reference` is empty where it is about no case."""

    row_id: UUID
    what: str
    why: str
    code: str
    reference: str
    can_open: bool
    since: datetime
    attempts: int
    is_dead: bool
    next_try: datetime
    is_test: bool = False

    @property
    def is_overdue(self) -> bool:
        return self.next_try < clock.now()


@dataclass(frozen=True)
class Troubles:
    """The given up ones first, then the oldest; `has_more` where there are more than one page shows."""

    rows: list[Trouble]
    has_more: bool


def can_redrive(clerk: Clerk) -> bool:
    return bool(clerk.roles & ANSWERABLE)


def rows_of(clerk: Clerk) -> OutboxQuerySet:
    """Heads and operators: their authority's. Clerks: those of their departments' cases, and of cases without one."""
    rows = OutboxRow.objects.for_people().filter(authority_id=clerk.authority_id)
    if can_redrive(clerk):
        return rows
    without = Application.objects.filter(authority_id=clerk.authority_id, department=None)
    mine = Application.objects.visible_to(clerk) | without
    return rows.filter(subject_id__in=mine.values("pk"))


def troubles(clerk: Clerk) -> Troubles:
    # "dead" sorts before "due".
    found = list(rows_of(clerk).order_by("state", "created_at", "pk")[: MOST + 1])
    subjects = {row.subject_id for row in found[:MOST]}
    cases = {
        pk: (reference, is_test)
        for pk, reference, is_test in Application.objects.filter(
            authority_id=clerk.authority_id, pk__in=subjects
        ).values_list("pk", "reference", "is_test")
    }
    opened = _opened_by(clerk, subjects)
    rows = [
        Trouble(
            row_id=row.pk,
            what=words.what(row.kind),
            why=words.why(row.kind, row.error_code),
            code=row.error_code,
            reference=cases.get(row.subject_id, ("", False))[0],
            can_open=row.subject_id in opened,
            since=row.created_at,
            attempts=row.attempts,
            is_dead=row.state == OutboxRow.State.DEAD,
            next_try=row.due_at,
            is_test=cases.get(row.subject_id, ("", False))[1],
        )
        for row in found[:MOST]
    ]
    return Troubles(rows, has_more=len(found) > MOST)


def trail_waits_since(clerk: Clerk) -> datetime | None:
    """Since when the trail of the whole portal has not been chained, told to who answers for an authority.

    None while it waits no longer than it may. Opens a scope of its own.
    """
    if not can_redrive(clerk):
        return None
    waits = chain.longest_wait()
    return clock.now() - waits if waits > chain.WAITS_TOO_LONG else None


def _opened_by(clerk: Clerk, subjects: set[UUID]) -> set[UUID]:
    """The cases that this person may open: operators see where cases stand, never what stands in them."""
    return set(Application.objects.visible_to(clerk).filter(pk__in=subjects).values_list("pk", flat=True))
