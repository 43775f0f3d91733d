"""What workers do for the catalogue."""

from celery import shared_task

from catalogue import poster, use_cases
from foundation import outbox, scope
from foundation.outbox.models import OutboxRow


@outbox.handler("poster", queue="documents")
def make_poster(row: OutboxRow) -> None:
    poster.make(row.subject_id)


@shared_task(name="catalogue.order_posters_of_new_rates")
def order_posters_of_new_rates() -> None:
    """Each night: what has begun to cost something else gets a new poster."""
    with scope.system("order posters of services whose rate has changed"):
        use_cases.order_posters_of_new_rates()
