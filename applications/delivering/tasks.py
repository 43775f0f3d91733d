"""The effects that follow a submit. Each may run twice: a row in the database makes it happen once."""

from applications.delivering import handover, use_cases
from foundation import outbox
from foundation.outbox.models import OutboxRow


@outbox.handler("route")
def route(row: OutboxRow) -> None:
    use_cases.route_application(row.subject_id)


@outbox.asker(handover.KIND, most_attempts=handover.MOST_ATTEMPTS)
def hand_over(row: OutboxRow) -> outbox.Finish:
    return handover.ask(row)


@outbox.handler("receipt", queue="documents")
def make_receipt(row: OutboxRow) -> None:
    use_cases.make_receipt(row.subject_id)
