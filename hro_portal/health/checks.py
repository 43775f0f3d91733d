"""Is the portal able to work? Each check answers `{"ok": bool, …}` and holds nothing about people.

Whoever balances requests sends people away where one of `SERVING` fails: without these nobody can be served. All else
is for operators: what people send is safe, and nobody helps them by taking the pages away (faults F6, F7).
"""

import functools
import tempfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from foundation.audit import anchors, chain
from foundation.files import waiting
from foundation.outbox import working
from hro_portal.health.models import Heartbeat

#: Beat sends the heartbeat every 15 seconds; four missed ones are no accident.
WORKER_SILENT = timedelta(seconds=60)
#: Beat sweeps every 10 seconds; work that waits this long is not being done.
OUTBOX_STUCK = timedelta(minutes=5)
#: Waiting files are asked about every 30 seconds; one that waits this long needs somebody to look at the scanner.
SCAN_STUCK = timedelta(hours=1)
#: The heads of the trail are written down every night.
ANCHOR_MISSED = timedelta(hours=26)

Answer = dict[str, Any]


def database() -> Answer:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"ok": True}


def broker() -> Answer:
    """Celery's hints: without them work waits for the next sweep, and nothing is lost."""
    address = settings.REDIS_URL.replace("redis+socket://", "unix://", 1)
    with redis.Redis.from_url(address, socket_connect_timeout=0.5, socket_timeout=0.5) as client:
        return {"ok": bool(client.ping())}


def migrations() -> Answer:
    return {"ok": _all_applied()}


def storage() -> Answer:
    settings.FILES_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=settings.FILES_DIR) as file:
        file.write(b"x")
    return {"ok": True}


def worker() -> Answer:
    return {"ok": Heartbeat.objects.filter(name="worker").fresh(WORKER_SILENT).exists()}


def outbox() -> Answer:
    """The age of the oldest row that is due; 0 when nothing waits. Rows that fail are for people to look at."""
    waiting = working.backlog()
    return {
        "ok": waiting.oldest_seconds < OUTBOX_STUCK.total_seconds(),
        "oldest_due_seconds": round(waiting.oldest_seconds),
        "failing": waiting.failing,
        "dead": waiting.dead,
        "needs_attention": waiting.for_people,
    }


def scanner() -> Answer:
    """How long the oldest file waits for the scanner. Nobody opens it until then, and the portal goes on without."""
    longest = waiting.longest_wait()
    return {
        "ok": True,
        "oldest_file_seconds": round(longest.total_seconds()),
        "needs_attention": int(longest > SCAN_STUCK),
    }


def trail() -> Answer:
    """How long the oldest event waits for its link, and how long ago the heads were written down.

    Nobody is kept from anything by it; but what is not chained could be changed unseen.
    """
    sealing, anchoring = chain.longest_wait(), anchors.longest_wait()
    return {
        "ok": True,
        "oldest_event_seconds": round(sealing.total_seconds()),
        "anchored_seconds": round(anchoring.total_seconds()),
        "needs_attention": int(sealing > chain.WAITS_TOO_LONG) + int(anchoring > ANCHOR_MISSED),
    }


CHECKS: dict[str, Callable[[], Answer]] = {
    "database": database,
    "redis": broker,
    "migrations": migrations,
    "storage": storage,
    "worker": worker,
    "outbox": outbox,
    "scanner": scanner,
    "trail": trail,
}


#: What a page needs.
SERVING = ("database", "migrations", "storage")

#: What to do, for whoever is called at night.
ADVICE = {
    "database": "Prüfen Sie PostgreSQL und DATABASE_URL. Niemand kann das Portal benutzen.",
    "migrations": "Führen Sie „python -m hro_portal.stack.prepare“ aus.",
    "storage": "Prüfen Sie Platz und Rechte von DATA_DIR.",
    "redis": "Starten Sie Redis. Anträge werden angenommen, die Arbeit daran wartet. Verloren geht nichts.",
    "worker": "Starten Sie worker und beat, und prüfen Sie Redis. Anträge werden angenommen, die Arbeit daran wartet.",
    "outbox": "Prüfen Sie worker und documents. Was im Einzelnen wartet, steht im Backoffice unter „Störungen“.",
    "scanner": "Prüfen Sie clamd. Dateien warten ungeöffnet.",
    "trail": "Prüfen Sie worker und beat, und Platz und Rechte von DATA_DIR/anchors. Das Protokoll ist ungesichert.",
}


def answers() -> dict[str, Answer]:
    """Out: the answer of every check; one that cannot be made is not ok and names the kind of its failure.

    What is not ok or waits for people says what to do.
    """
    found = {name: _ask(check) for name, check in CHECKS.items()}
    return {
        name: answer | ({"advice": ADVICE[name]} if _is_for_people(answer) else {}) for name, answer in found.items()
    }


def can_serve(answers: dict[str, Answer]) -> bool:
    return all(answers[name]["ok"] for name in SERVING)


def for_people(answers: dict[str, Answer]) -> list[str]:
    """The names of what somebody has to look at."""
    return [name for name, answer in answers.items() if _is_for_people(answer)]


def _is_for_people(answer: Answer) -> bool:
    return not answer["ok"] or bool(answer.get("needs_attention"))


def _ask(check: Callable[[], Answer]) -> Answer:
    try:
        return check()
    except (DatabaseError, redis.RedisError, OSError) as error:
        return {"ok": False, "error": type(error).__name__}


def _all_applied() -> bool:
    if _applied_once():
        return True
    _applied_once.cache_clear()
    return False


@functools.cache
def _applied_once() -> bool:
    # What is applied stays applied for this code, and reading all migrations takes time.
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
