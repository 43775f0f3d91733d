"""What workers do for the catalogue."""

from catalogue import poster
from foundation import outbox
from foundation.outbox.models import OutboxRow


@outbox.handler("poster", queue="documents")
def make_poster(row: OutboxRow) -> None:
    poster.make(row.subject_id)
