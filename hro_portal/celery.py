"""The worker's side of the portal. Redis carries hints only; the outbox in PostgreSQL is the truth."""

import os
import resource
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import celeryd_after_setup, worker_process_init

from hro_portal import ticks

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hro_portal.settings")

app = Celery("hro_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    result_backend=None,
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    # Below the outbox's lease: who is killed for being slow no longer holds its row when the sweep comes.
    task_soft_time_limit=20,
    task_time_limit=25,
    broker_connection_retry_on_startup=True,
    # Time limits stay below the visibility timeout, or a slow task would be started twice.
    broker_transport_options={
        "visibility_timeout": 300,
        "unacked_restore_throttle": 1,
        "max_retries": 0,
        "socket_connect_timeout": 0.2,
    },
    worker_max_memory_per_child=400_000,
    worker_soft_shutdown_timeout=10,
    worker_hijack_root_logger=False,
    task_default_queue="default",
    timezone="Europe/Berlin",
    beat_scheduler="hro_portal.ticks:Scheduler",
    beat_schedule=ticks.in_their_queue(
        {
            "sweep the outbox": {"task": "outbox.sweep_due", "schedule": 10.0},
            "chain the trail": {"task": "audit.seal_chain", "schedule": 10.0},
            "anchor the trail": {"task": "audit.anchor_chain", "schedule": crontab(hour=23, minute=50)},
            "remove bytes that no row knows": {"task": "files.remove_orphans", "schedule": crontab(hour=3, minute=30)},
            "ask the scanner about files that wait": {"task": "files.scan_waiting", "schedule": 30.0},
            "remove drafts past their date": {
                "task": "applications.discard_expired_drafts",
                "schedule": 600.0,
            },
            "erase cases past their retention": {
                "task": "applications.erase_past_retention",
                "schedule": crontab(hour="1-4", minute="*/10"),
            },
            "publish forms on their day": {"task": "forms_engine.publish_due", "schedule": 60.0},
            "end what was not retrieved": {"task": "postbox.end_unretrieved", "schedule": crontab(hour=0, minute=10)},
            "tell each office what waits": {"task": "deciding.ask_for_digests", "schedule": crontab(hour=6, minute=30)},
            "print what new rates cost": {
                "task": "catalogue.order_posters_of_new_rates",
                "schedule": crontab(hour=0, minute=20),
            },
            "remove sittings that have ended": {
                "task": "accounts.remove_ended_sittings",
                "schedule": crontab(hour=2, minute=30),
            },
            "close invitations past their date": {
                "task": "accounts.close_expired_invitations",
                "schedule": crontab(hour=2, minute=40),
            },
            "show that the worker lives": {"task": "health.beat", "schedule": 15.0},
        }
    ),
)
app.autodiscover_tasks()


@celeryd_after_setup.connect
def tell_redis_our_name(sender: str, conf: Any, **kwargs: Any) -> None:
    """The supervisor, and whoever looks at CLIENT LIST, sees which worker takes work."""
    conf.broker_transport_options = conf.broker_transport_options | {"client_name": sender}


@celeryd_after_setup.connect
def require_keys_and_role(**kwargs: Any) -> None:
    """A worker that cannot seal and open (fault F33), or that row-level security does not bind, must not take work."""
    from hro_portal.keys import require_all_or_exit  # models exist only now
    from hro_portal.role import require_obedient_or_exit

    require_obedient_or_exit()
    require_all_or_exit()


@worker_process_init.connect
def limit_memory(**kwargs: Any) -> None:
    """Who makes documents never takes the machine's memory from others (F19): the effect fails, and shows its code."""
    from django.conf import settings

    if settings.WORKER_MEMORY_BYTES:
        resource.setrlimit(resource.RLIMIT_AS, (settings.WORKER_MEMORY_BYTES, settings.WORKER_MEMORY_BYTES))
