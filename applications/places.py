"""Whether an offering has a place left for one more application."""

from datetime import datetime
from uuid import UUID

from applications.errors import ApplicationError
from applications.models import Application
from catalogue import opening
from catalogue.models import Offering
from foundation import scope


@opening.counts_with
def count(offering_id: UUID, since: datetime | None) -> int:
    """The applications that came since then; withdrawn ones count, tests and those that are erased do not."""
    rows = Application.objects.real().filter(offering_id=offering_id)
    return (rows.filter(submitted_at__gte=since) if since else rows).count()


def refuse_closed(offering: Offering, *, for_good: bool = False) -> None:
    """Raises ApplicationError `closed` while the service takes no applications. Runs in the scope of a person, who may
    not see the others' applications; so they are counted in a widened one. `for_good` as in `opening.why_closed`.
    """
    if not opening.is_limited(offering):
        return
    with scope.widened("count the places of a service that are taken"):
        sentence = opening.why_closed(offering, for_good=for_good)
    if sentence:
        raise ApplicationError("closed", sentence)
