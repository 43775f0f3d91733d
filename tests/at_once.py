"""Several who do the same at the same moment."""

import threading
from collections.abc import Callable
from typing import TypeVar

from django.db import connections

Told = TypeVar("Told")


def at_once(number: int, one: Callable[[int], Told]) -> list[Told]:
    """So many threads, let go together, each with connections of its own; out: what came of each, in no order."""
    told: list[Told] = []
    gate = threading.Barrier(number)

    def run(no: int) -> None:
        gate.wait()
        try:
            told.append(one(no))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(no,)) for no in range(number)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(told) == number
    return told
