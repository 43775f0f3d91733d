"""Migrates while people work: no statement waits long for a lock, because everybody else would wait behind it.

`python -m hro_portal.stack.migrating APP MIGRATION`, as the owner, takes one app to there, be it forward or back.
"""

import sys
import time

import django
import psycopg
from django.core.management import call_command
from django.db import OperationalError, connections
from django.db.migrations.executor import MigrationExecutor

from hro_portal.stack.refusal import StackRefusal

#: A page stands still for as long as a migration waits for its table.
LOCK_TIMEOUT = "2s"
#: A backfill longer than this belongs into a command that works in pieces.
STATEMENT_TIMEOUT = "10min"
TRIES = 15
PAUSE_SECONDS = 1.0

NO_LOCK = (
    "Eine Tabelle war {tries}-mal belegt, die Migration ist nicht vollständig. Das Portal arbeitet weiter wie vorher. "
    "Starten Sie die Vorbereitung noch einmal, am besten zu einer ruhigen Zeit."
)
TOO_LONG = (
    "Eine Anweisung der Migration hat länger als {limit} gedauert und ist abgebrochen. "
    "Das Portal arbeitet weiter wie vorher. Melden Sie den Fall den Entwicklern."
)


def migrate(*target: str) -> None:
    """Brings the tables up to this code, or with a target (app, migration) to there, be it forward or back.

    Acts as the role that owns the tables; raises `StackRefusal` when it cannot now. Each migration is one transaction:
    what is done stays done, and a next try goes on behind it.
    """
    connection = connections["owner"]
    executor = MigrationExecutor(connection)
    if not target and not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'; SET statement_timeout = '{STATEMENT_TIMEOUT}'")
    try:
        _try_again(target)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout; RESET statement_timeout")


def _try_again(target: tuple[str, ...]) -> None:
    for _ in range(TRIES):
        try:
            return _apply(*target)
        except OperationalError as error:
            match error.__cause__:
                case psycopg.errors.LockNotAvailable() | psycopg.errors.DeadlockDetected():
                    time.sleep(PAUSE_SECONDS)
                case psycopg.errors.QueryCanceled():
                    raise StackRefusal(TOO_LONG.format(limit=STATEMENT_TIMEOUT)) from None
                case _:
                    raise
    raise StackRefusal(NO_LOCK.format(tries=TRIES))


def _apply(*target: str) -> None:
    call_command("migrate", *target, database="owner", interactive=False)


if __name__ == "__main__":
    django.setup()
    try:
        migrate(*sys.argv[1:])
    except StackRefusal as refusal:
        sys.exit(str(refusal))
