"""The audit trail: who did what, and who read what. Ids and codes only, never a name or an answer."""

import uuid

from django.db.models.functions import Now

from foundation import scope

Ref = str | int | uuid.UUID | None


def record(
    action: str,
    *,
    authority_id: uuid.UUID | None,
    object_kind: str,
    object_id: uuid.UUID,
    actor_id: uuid.UUID | None = None,
    for_party_id: uuid.UUID | None = None,
    **refs: Ref,
) -> None:
    """Appends one event in the current scope, and so in the same commit as the deed.

    `action` is `noun.verb` in the past (`application.submitted`). `actor_id` is the user who acted, None for
    the portal itself and for people without an account. `refs` are ids and codes.
    """
    from foundation.audit.models import AuditEvent

    # No default of the database for `at`: Django would read it back, and a person may not read the trail.
    AuditEvent.objects.create(
        at=Now(),
        authority_id=authority_id,
        actor_id=actor_id,
        for_party_id=for_party_id,
        action=action,
        object_kind=object_kind,
        object_id=object_id,
        refs={name: str(ref) if isinstance(ref, uuid.UUID) else ref for name, ref in refs.items()},
    )


def record_access(
    action: str,
    *,
    authority_id: uuid.UUID,
    object_kind: str,
    object_id: uuid.UUID,
    actor_id: uuid.UUID | None = None,
    for_party_id: uuid.UUID | None = None,
    **refs: Ref,
) -> None:
    """Appends who read: the one row that a GET may write (law 5).

    Called after the answer is built and its read-only scope has ended; opens a short scope of its own.
    """
    with scope.authority(authority_id):
        record(
            action,
            authority_id=authority_id,
            object_kind=object_kind,
            object_id=object_id,
            actor_id=actor_id,
            for_party_id=for_party_id,
            **refs,
        )
