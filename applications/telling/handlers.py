"""Each touched case gets its message in a commit of its own, so that one that fails holds up no other."""

from applications.models import Announcement, Application
from applications.telling.queries import KIND
from applications.telling.use_cases import tell_case
from foundation import outbox
from foundation.outbox.models import OutboxRow


@outbox.handler(KIND)
def tell_of_announcement(row: OutboxRow) -> None:
    """The row's subject is the case, its target the announcement."""
    announcement = Announcement.objects.select_related("authority").get(pk=row.target)
    tell_case(announcement, Application.objects.for_pages().get(pk=row.subject_id))
