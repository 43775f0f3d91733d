"""What follows a decision, worked from the outbox."""

from uuid import UUID

from applications.deciding import delivery
from foundation import outbox
from foundation.outbox.models import OutboxRow


@outbox.handler("notice", queue="documents")
def make_notice(row: OutboxRow) -> None:
    delivery.deliver_notice(UUID(row.target))


@outbox.handler(delivery.NOTIFY)
def notify_of_notice(row: OutboxRow) -> None:
    delivery.notify_of_notice(UUID(row.target))
