"""People send while the portal's parts die at random; the seed tells the same story again."""

import functools
import os
import random
import threading
import time

import httpx
from django.db import connections

from faults import effects
from faults.person import Answer, Letter
from faults.registry import fault
from faults.town import Town

PEOPLE = 3
PAUSE_SECONDS = 5.0
BREATH_SECONDS = 0.5
PARTS = ("web", "worker", "documents", "beat", "redis", "postgres")


@fault("soak", "any part dies, every five seconds")
def soak(town: Town) -> str:
    """Whoever was told a reference has exactly one case in the end, and nothing waits."""
    seed = int(os.environ.get("FAULTS_SEED") or time.time())
    chance, seconds = random.Random(seed), 600 if town.patient else 60
    over, sent, failures = threading.Event(), list[tuple[Letter, Answer]](), list[str]()
    people = [threading.Thread(target=_send_on, args=(town, over, sent, failures)) for _ in range(PEOPLE)]
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
            process = town.stack.process(part)
            town.wait_for(functools.partial(getattr, process, "alive"), "the supervisor")
            town.wait_ready(part)
        for each in people:
            each.join()
        connections.close_all()
    assert not failures, f"seed {seed}: {'; '.join(sorted(set(failures)))}"
    references = [answer.reference for _letter, answer in sent]
    assert len(set(references)) == len(references), f"seed {seed}: one reference for two cases"
    town.wait_until_done(*(letter for letter, _answer in sent), seconds=4 * town.promised_seconds)
    assert not effects.waiting()
    return f"seed {seed}: {died} deaths in {seconds} s, {len(sent)} sent by {PEOPLE} people, each there once"


def _send_on(town: Town, over: threading.Event, sent: list[tuple[Letter, Answer]], failures: list[str]) -> None:
    """Writes and sends; whom no page comes, or 503, tries again, as people do. Anything else is a failure."""
    while not over.is_set():
        try:
            letter = town.letter(photo=False)
            sent.append((letter, town.send_until_answered(letter)))
        except httpx.TransportError:
            over.wait(BREATH_SECONDS)
        except httpx.HTTPStatusError as refused:
            if refused.response.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                request = refused.request
                failures.append(f"{request.method} {request.url.path} answered with {refused.response.status_code}")
            over.wait(BREATH_SECONDS)
        except AssertionError as broken:
            failures.append(str(broken))
