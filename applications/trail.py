"""What somebody did to a case, in the trail."""

from uuid import UUID

from applications.models import Application
from foundation import audit


def record(action: str, application: Application, *, by_id: UUID | None, **refs: audit.Ref) -> None:
    """Writes one event in the current scope; `by_id` is the user who acted, None without an account."""
    audit.record(
        action,
        authority_id=application.authority_id,
        object_kind="application",
        object_id=application.pk,
        actor_id=by_id,
        for_party_id=application.party_id,
        **refs,
    )
