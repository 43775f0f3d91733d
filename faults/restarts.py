"""F39: orderly restarts under load."""

import threading
import time
from functools import partial

from faults.person import Answer, Letter
from faults.registry import fault
from faults.town import Town

PEOPLE = 4


@fault("F39", "SIGTERM of web and worker while people send")
def rolling_restart(town: Town) -> str:
    """No request fails, no task is lost."""
    over = threading.Event()
    sent: list[tuple[Letter, Answer]] = []
    failed: list[str] = []

    def person() -> None:
        while not over.is_set():
            try:
                letter = town.letter(photo=False)
                sent.append((letter, town.send(letter)))
            # Whatever a person sees but an answer is what this fault looks for.
            except Exception as error:  # noqa: BLE001
                failed.append(f"{type(error).__name__}: {error}")

    people = [threading.Thread(target=person) for _ in range(PEOPLE)]
    for each in people:
        each.start()
    try:
        for part in ("web", "worker", "web"):
            town.wait_for(lambda: len(sent) >= PEOPLE or failed, "the first answers")
            town.restart(part)
            town.wait_for(partial(_go_on, sent, failed, len(sent) + PEOPLE), "answers after the restart")
    finally:
        over.set()
        for each in people:
            each.join()
    assert not failed, f"{len(failed)} of {len(sent) + len(failed)} failed: {failed[0]}"
    assert all(answer.reference for _letter, answer in sent), "somebody got no reference"
    begun = time.monotonic()
    town.wait_until_done(*(letter for letter, _answer in sent), seconds=2 * town.promised_seconds)
    return f"3 restarts, {len(sent)} sent by {PEOPLE} people, 0 failed; all done after {time.monotonic() - begun:.0f} s"


def _go_on(sent: list[tuple[Letter, Answer]], failed: list[str], enough: int) -> bool:
    return len(sent) > enough or bool(failed)
