"""Hints to the workers. A hint may be lost or doubled; it never fails whoever gives it."""

import logging
from typing import TYPE_CHECKING

import celery
import kombu.exceptions
import redis
from django.db import transaction

from foundation import outbox

if TYPE_CHECKING:
    from foundation.outbox.models import OutboxRow

logger = logging.getLogger(__name__)


def hint_after_commit(row: "OutboxRow") -> None:
    """Tells a worker of this row as soon as it is safe."""

    def tell() -> None:
        hint(row)

    # Not a `partial`: when a hook fails, Django logs its name, and without one it fails whoever commits.
    transaction.on_commit(tell, robust=True)


def hint(row: "OutboxRow") -> bool:
    """Sends the row's id to the queue of its kind; False when the broker does not answer (faults F6, F7)."""
    known = outbox.handlers.get(row.kind)
    queue = known.queue if known else outbox.DEFAULT
    try:
        celery.current_app.send_task("outbox.work_one", kwargs={"row_id": str(row.id)}, queue=queue, retry=False)
    except (OSError, kombu.exceptions.OperationalError):
        logger.warning("outbox: no broker; the sweep will find row %s (%s)", row.id, row.kind)
        return False
    return True


def waiting(queue: str) -> int | None:
    """How many messages of this queue nobody has taken yet; None when the broker does not answer."""
    try:
        with celery.current_app.connection_for_write() as broker:
            return broker.default_channel.queue_declare(queue=queue).message_count
    except (OSError, kombu.exceptions.OperationalError, redis.RedisError):
        logger.warning("outbox: no broker; nobody knows how many messages wait in the queue %s", queue)
        return None
