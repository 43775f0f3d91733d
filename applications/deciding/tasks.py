"""What follows a decision, worked from the outbox; and the daily mail to the offices."""

from uuid import UUID

from celery import shared_task

from applications.deciding import delivery, waiting
from foundation import outbox, scope
from foundation.outbox.models import OutboxRow


@outbox.handler("notice", queue="documents")
def make_notice(row: OutboxRow) -> None:
    delivery.deliver_notice(UUID(row.target))


@outbox.handler(delivery.NOTIFY)
def notify_of_notice(row: OutboxRow) -> None:
    delivery.notify_of_notice(UUID(row.target), effect=row.pk)


@outbox.handler(waiting.DIGEST)
def send_digest(row: OutboxRow) -> None:
    waiting.send_digest(row.subject_id, effect=row.pk)


@shared_task(name="deciding.ask_for_digests")
def ask_for_digests() -> None:
    """Every morning: each office is told how much waits."""
    with scope.system("ask for the daily mail to each office"):
        waiting.ask_for_digests()
