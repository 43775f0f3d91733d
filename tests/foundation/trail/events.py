"""Events of a test, and what the trail says of them."""

from collections.abc import Callable
from uuid import UUID

from foundation import audit, scope
from foundation.audit import chain
from foundation.audit.models import AuditEvent, AuditLink
from foundation.ids import new_id

ROSTOCK, SCHWERIN = new_id(), new_id()


Sql = Callable[..., None]


def happen(times: int = 5, authority: UUID | None = ROSTOCK) -> list[UUID]:
    for _ in range(times):
        with scope.system("a test acts"):
            audit.record(
                "application.read", authority_id=authority, object_kind="application", object_id=new_id(), no=1
            )
    return ids(authority)


def ids(authority: UUID | None = ROSTOCK) -> list[UUID]:
    with scope.system("a test looks", read_only=True):
        return list(AuditEvent.objects.filter(authority_id=authority).order_by("at", "id").values_list("id", flat=True))


def links(authority: UUID = ROSTOCK) -> list[tuple[int, UUID]]:
    with scope.system("a test looks", read_only=True):
        return list(AuditLink.objects.filter(authority_id=authority).order_by("no").values_list("no", "event_id"))


def found(**more) -> list[tuple[str, int, UUID | None]]:
    return [(breach.kind, breach.no, breach.event_id) for breach in chain.verify(ROSTOCK, **more)]


def happen_ago(by_hand, *ages: str, authority: UUID = ROSTOCK) -> list[UUID]:
    """Events as they were written so long ago, while no sealer was there."""
    written = [new_id() for _ in ages]
    for event_id, age in zip(written, ages, strict=True):
        by_hand(
            """INSERT INTO audit_auditevent (id, authority_id, at, action, object_kind, object_id, refs)
               VALUES (%s, %s, now() - %s::interval, 'application.read', 'application', %s, '{}')""",
            *(event_id, authority, age, new_id()),
        )
    return written
