from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.db import connection
from django.db.models.functions import Now

from hro_portal.health.models import Heartbeat


@shared_task(name="health.beat")
def beat() -> None:
    """Sent by beat and run by a worker, so it shows that both live and reach the database."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": Now()})


@worker_ready.connect
def beat_at_start(**kwargs: Any) -> None:
    """A worker that has just started counts as alive, however much work waits before its first heartbeat."""
    beat()
    connection.close()
