"""What drills do with a portal from outside: furnish it, run its commands, ask its database, file applications."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import psycopg

from faults import person
from hro_portal.stack import Stack
from hro_portal.stack.portal import ROOT
from hro_portal.stack.postgres import ADMIN, DATABASE

STORES = ("postgres", "redis")
PATIENCE_SECONDS = 240
#: Each application makes a receipt, and that is what takes the time of a drill.
MOST = 8


@contextmanager
def folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="hro-drill-") as name:
        Path(name).chmod(0o711)  # PostgreSQL's user passes through
        yield Path(name)


def run(stack: Stack, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A command of the portal, such as `manage.py backup`, in the owner's environment."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=stack.owner_env | settings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def must_run(stack: Stack, *command: str, **settings: str) -> str:
    """The same; out: what it said. Raises `RuntimeError` with its last words if it fails."""
    done = run(stack, *command, **settings)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:3])}: {(done.stderr or done.stdout).strip()[-800:]}")
    return done.stdout.strip()


def furnish(data: Path, *authorities: str) -> None:
    """A city with its people and a few cases, and all that the demo has of these authorities, ready to be started."""
    with Stack(data, demo=True, only=STORES, durable=False, given={}) as stack:
        must_run(stack, "drills/furnish.py", *authorities, PYTHONPATH=str(ROOT))


def ask(stack: Stack, query: str, *values: object) -> list[tuple[Any, ...]]:
    """The rows as the database's own administrator sees them: no policy hides one."""
    socket = stack.env["DATABASE_URL"].partition(":5432/")[2].removesuffix(f"/{DATABASE}")
    with psycopg.connect(host=socket, user=ADMIN, dbname=DATABASE) as connection:
        answer = connection.execute(query, values)
        return answer.fetchall() if answer.description else []


def ask_one(stack: Stack, query: str, *values: object) -> Any:
    return ask(stack, query, *values)[0][0]


def wait_until_done(stack: Stack) -> None:
    """Until the outbox is empty: receipts are made, cases are routed."""
    _wait_for(
        lambda: not ask_one(stack, "SELECT count(*) FROM outbox_outboxrow WHERE state = 'due'"),
        lambda: "The outbox did not get empty.",
    )


def _wait_for(over: Callable[[], bool], complaint: Callable[[], str]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not over():
        if time.monotonic() > deadline:
            raise TimeoutError(complaint())
        time.sleep(0.1)


def file_one(base_url: str, email: str, *, photo: bool = True) -> str:
    """One application through the pages; its reference as the person has seen it."""
    with person.over_http(base_url) as browser:
        answer = person.send(browser, person.write(browser, email, photo=photo))
    if answer.reference is None:
        raise RuntimeError(f"The application was answered with {answer.status}.")
    return answer.reference


class Filing(threading.Thread):
    """People who file one application after the other, until told to stop or enough have.

    `references` are those that they have been shown; `failed` holds what was no clear answer to them.
    """

    def __init__(self, base_url: str, *, most: int = MOST, pause: float = 0.0) -> None:
        super().__init__(daemon=True)
        self.base_url = base_url
        self.most, self.pause = most, pause
        self.references: list[str] = []
        self.failed: list[str] = []
        self._stopping = threading.Event()

    def run(self) -> None:
        for number in range(1, self.most + 1):
            if self._stopping.wait(self.pause):
                return
            try:
                self.references.append(file_one(self.base_url, f"person{number}@example.org", photo=number % 2 == 1))
            except (httpx.HTTPError, RuntimeError, AssertionError) as error:
                self.failed.append(f"{type(error).__name__} {error}")

    def wait_for(self, more: int) -> None:
        """Until that many more have been filed."""
        wanted = min(len(self.references) + more, self.most)
        _wait_for(
            lambda: not self.is_alive() or len(self.references) >= wanted,
            lambda: f"Nobody could file: {self.failed[-1:]}",
        )

    def stop(self) -> Sequence[str]:
        self._stopping.set()
        self.join()
        return self.references
