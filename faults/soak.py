"""People send while the portal's parts die at random; the seed tells the same story again."""

import os
import random
import threading
import time

import httpx
from django.db import OperationalError, connections

from faults import records
from faults.person import Answer, Letter
from faults.registry import fault
from faults.town import Town

PEOPLE = 3
PAUSE_SECONDS = 5.0
PARTS = ("web", "worker", "documents", "beat", "redis", "postgres")


@fault("soak", "any part dies, every five seconds")
def soak(town: Town) -> str:
    """Whoever was told a reference has exactly one case in the end, and nothing waits."""
    seed = int(os.environ.get("FAULTS_SEED") or time.time())
    chance, seconds = random.Random(seed), 600 if town.patient else 60
    over, sent = threading.Event(), list[tuple[Letter, Answer]]()
    people = [threading.Thread(target=_send_on, args=(town, over, sent)) for _ in range(PEOPLE)]
    for each in people:
        each.start()
    begun, died = time.monotonic(), 0
    try:
        while time.monotonic() - begun < seconds:
            part = chance.choice(PARTS)
            town.stack.process(part).kill()
            died += 1
            over.wait(chance.uniform(PAUSE_SECONDS / 2, PAUSE_SECONDS * 1.5))
    finally:
        over.set()
        for part in PARTS:
            town.wait_for(lambda part=part: town.stack.process(part).alive, "the supervisor")  # type: ignore[misc]
            town.wait_ready(part)
        for each in people:
            each.join()
        connections.close_all()
    references = [answer.reference for _letter, answer in sent]
    assert len(set(references)) == len(references), f"seed {seed}: one reference for two cases"
    town.wait_until_done(*(letter for letter, _answer in sent), seconds=4 * town.promised_seconds)
    assert not records.waiting()
    return f"seed {seed}: {died} deaths in {seconds} s, {len(sent)} sent by {PEOPLE} people, each there once"


def _send_on(town: Town, over: threading.Event, sent: list[tuple[Letter, Answer]]) -> None:
    """Writes and sends; a page that does not come is asked for again, as people do."""
    while not over.is_set():
        try:
            letter = town.letter(photo=False)
        except (httpx.HTTPError, RuntimeError, IndexError):
            time.sleep(0.5)
            continue
        except OperationalError:
            continue
        sent.append((letter, town.send_until_answered(letter)))
