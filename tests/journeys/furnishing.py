"""The data folder of a portal whose demo is loaded and worked off: made once for all processes of a test run.

`begin` makes it in a process of its own while other tests run; whoever needs it calls `furnished`.
"""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import environ
import psycopg

from hro_portal.stack import Stack
from hro_portal.stack.pytest_plugin import FOLDER
from tests.journeys.records import Records
from tests.journeys.waiting import wait_for


def begin() -> subprocess.Popen[bytes]:
    """What goes wrong in there is told by `furnished`, which tries again."""
    return subprocess.Popen([sys.executable, "-m", __name__], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def furnished() -> Path:
    """Out: the folder, when it is ready; made here if nobody else has made it."""
    folder = Path(os.environ[FOLDER])
    data, done = folder / "furnished", folder / "furnished.done"
    with (folder / "furnished.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            with portal(data) as stack, records_of(stack) as records:
                waiting = "state = 'due' AND due_at < now() + interval '1 minute'"
                wait_for(lambda: not records.count("outbox_outboxrow", waiting), "the demo's effects", seconds=300)
            done.touch()
    return data


def portal(data: Path) -> Stack:
    """A whole portal on this data folder, to be entered."""
    return Stack(data, demo=True, durable=False)


@contextmanager
def records_of(stack: Stack) -> Iterator[Records]:
    address = environ.Env.db_url_config(stack.owner_env["DATABASE_OWNER_URL"])
    names = {"host": "HOST", "port": "PORT", "user": "USER", "dbname": "NAME"}
    given = {key: str(address[name]) for key, name in names.items()}
    with psycopg.connect(**given, autocommit=True) as connection:
        yield Records(connection)


if __name__ == "__main__":
    furnished()
