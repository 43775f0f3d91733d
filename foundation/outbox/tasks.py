"""Celery's doors to the outbox."""

import uuid

from celery import shared_task

from foundation.outbox import working


@shared_task(name="outbox.work_one")
def work_one(*, row_id: str) -> None:
    """Works one row; a hint that comes twice, late or for nothing does no harm."""
    working.work(uuid.UUID(row_id))


@shared_task(name="outbox.sweep_due")
def sweep_due() -> None:
    """Every ten seconds: hints at what was forgotten."""
    working.sweep()
