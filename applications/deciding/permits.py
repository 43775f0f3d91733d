"""What a person or organisation was allowed, and until when."""

from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet

from applications.models import Decision
from authorities import clock as calendar
from postbox.models import PostboxItem


def permits_of(party_id: UUID) -> QuerySet[Decision]:
    """Grants with a validity that were made known and not revoked, the first to end in front; to be read in a scope.

    `valid_until` None means: without an end. Place and conditions are opened by `notice.place_of`, `conditions_of`.
    """
    known = PostboxItem.objects.filter(subject_id=OuterRef("application_id"), effective_on__isnull=False)
    return (
        Decision.objects.filter(
            Exists(known),
            application__party_id=party_id,
            application__is_test=False,
            outcome__in=(Decision.Outcome.APPROVED, Decision.Outcome.PARTIALLY),
            valid_from__isnull=False,
        )
        .exclude(revocation__effective_on__lte=calendar.today())
        .select_related("application__authority", "application__offering__service")
        .order_by(F("valid_until").asc(nulls_last=True), "-at")
    )
