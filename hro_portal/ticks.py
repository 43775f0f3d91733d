"""Beat's ticks: in a queue of their own, and no more of them than somebody reads.

A tick that nobody takes is worth nothing beside the next one, and a night without a worker is thousands of them. They
carry no `expires`: Celery compares it with the worker's clock, and a worker whose clock is wrong (fault F32) would
throw away every tick.
"""

import logging
from collections.abc import Mapping
from typing import Any

from celery.beat import PersistentScheduler, ScheduleEntry
from celery.schedules import crontab

from foundation.outbox import hints

#: Read by the worker in turns with the outbox's hints, so that neither waits behind a heap of the other.
QUEUE = "ticks"
MOST_WAITING = 20

logger = logging.getLogger(__name__)


def in_their_queue(schedule: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The schedule, each entry of which goes to the queue of the ticks."""
    return {name: {**entry, "options": {"queue": QUEUE}} for name, entry in schedule.items()}


class Scheduler(PersistentScheduler):
    """Beat, which leaves out what comes again within seconds while enough of it waits. What has its hour is sent."""

    def apply_async(self, entry: ScheduleEntry, *args: Any, **kwargs: Any) -> Any:
        if isinstance(entry.schedule, crontab) or (hints.waiting(QUEUE) or 0) < MOST_WAITING:
            return super().apply_async(entry, *args, **kwargs)
        logger.warning("beat: nobody takes ticks; left out: %s", entry.name)
        return None
