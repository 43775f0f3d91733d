"""What somebody did to an offering, in the trail."""

from uuid import UUID

from catalogue.models import Offering
from foundation import audit


def record(action: str, offering: Offering, *, by_id: UUID | None, **refs: audit.Ref) -> None:
    """Writes one event in the current scope; `by_id` is the user who acted, None for the portal itself."""
    audit.record(
        action,
        authority_id=offering.authority_id,
        object_kind="offering",
        object_id=offering.pk,
        actor_id=by_id,
        for_party_id=None,
        **refs,
    )
