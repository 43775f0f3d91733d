"""Waiting for what other processes do: asks again until a deadline, never sleeps for luck."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")
POLL_SECONDS = 0.1


def wait_for(look: Callable[[], Found | None], what: str, *, seconds: float = 30) -> Found:
    """Out: the first thing found that counts as true."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(POLL_SECONDS)
    return found
