"""One supervised child, without the stack around it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hro_portal.stack import StackRefusal, process
from hro_portal.stack.process import Process, Program

LONG = 60.0


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "MAX_BACK_OFF_SECONDS", 0.01)


def child(folder: Path, *command: str) -> Process:
    return Process(Program("kind", command, {}, is_ready=lambda: True), folder)


@contextmanager
def watched(one: Process) -> Iterator[None]:
    """What the stack's watch does."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.005):
            one.revive()

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        one.stop()


def test_earlier_accidents_do_not_count_against_a_child_that_is_waited_for(tmp_path: Path) -> None:
    one = child(tmp_path, "sleep", "60")
    one.start()
    with watched(one):
        for _accident in range(6):
            one.kill()
            one.wait_ready(LONG)
    assert one.failures == 6


def test_a_child_that_keeps_ending_is_refused_before_the_time_is_over(tmp_path: Path) -> None:
    one, begun = child(tmp_path, "false"), time.monotonic()
    one.start()
    with watched(one), pytest.raises(StackRefusal, match="kind"):
        one.wait_ready(LONG)
    assert time.monotonic() - begun < LONG
