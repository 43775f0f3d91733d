"""F10, F29, F30, F31: several people want the same, or somebody may no longer want it."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial

import httpx

from faults import records
from faults.person import Letter
from faults.registry import fault
from faults.town import Town
from faults.visitor import Visitor
from hro_portal.stack.__main__ import DEMO_PASSWORD

CLERK, HEAD = "sachbearbeitung@example.org", "leitung@example.org"
RULING = {"action": "decide", "outcome": "answered", "reason": "Wir stellen zwei Bänke auf.", "regime": "letter"}


@fault("F10", "The draft's row is locked by somebody who does not let go")
def row_is_locked(town: Town) -> str:
    """503 and when to come back, never 500 and never for ever; afterwards the same button sends it."""
    letter = town.letter()
    with records.locked(letter):
        refused = town.send(letter)
        assert refused.status == httpx.codes.SERVICE_UNAVAILABLE, f"answered with {refused.status}"
        assert refused.retry_after, "nobody says when to come back"
        assert "noch einmal. das schadet nicht" in refused.page.lower(), "the page does not say what to do"
    assert town.send(letter).reference
    town.wait_until_done(letter)
    return "refused with 503 while the lock was held, sent by the same button afterwards"


@fault("F29", "Two devices change one draft")
def two_devices(town: Town) -> str:
    """The first one saves, the second one gets 409 with what it typed and what stands there now."""
    letter = town.letter(photo=False)
    step = letter.path.replace("pruefen/", "schritt/idee/")
    with ExitStack() as opened:
        devices = [Visitor(opened.enter_context(_browser_of(town, letter))) for _ in range(2)]
        texts = ("Bitte stellen Sie Bänke an die Warnow.", "Bitte stellen Sie Bänke an den Neuen Markt.")
        typed = [device.filled(step, {"text": text}) for device, text in zip(devices, texts, strict=True)]
        first, second = (device.post(step, boxes) for device, boxes in zip(devices, typed, strict=True))
    assert first.status_code == httpx.codes.FOUND, f"the first was answered with {first.status_code}"
    assert second.status_code == httpx.codes.CONFLICT, f"the second was answered with {second.status_code}"
    assert all(text in second.text for text in texts), "one of the two texts is not shown"
    return "the second of two devices: 409 with both texts"


@fault("F30", "Two decide at once; somebody decides while the person withdraws")
def two_decide(town: Town) -> str:
    """One wins; the other is told (409), and nothing is done by halves."""
    told = []
    letters = [_routed(town) for _ in range(2)]
    with _clerks(town, CLERK, CLERK) as (first, second), town.browser() as browser:
        for letter, rival in zip(letters, ("a second clerk", "the person"), strict=True):
            office = f"/backoffice/vorgang/{records.reference(letter)}/"
            first.send(f"{office}uebernehmen/", {}, at=office)
            decide = f"{office}entscheiden/"
            if rival == "the person":
                other = _withdrawing(browser, letter)
            else:
                other = partial(second.post, decide, second.filled(decide, RULING))
            answers = _at_once(partial(first.post, decide, first.filled(decide, RULING)), other)
            assert sorted(answers) == [httpx.codes.FOUND, httpx.codes.CONFLICT], f"with {rival}: {answers}"
            ends = records.history(letter)[-1]
            assert (records.decisions(letter) == 1) == (ends == "COMPLETED"), f"{ends} with a decision by halves"
            told.append(f"with {rival}: 302 and 409, {ends}")
    town.wait_until_done(*letters)
    return "; ".join(told)


@fault("F31", "A clerk loses the role while a case is open")
def clerk_is_dismissed(town: Town) -> str:
    """The next action is refused, and what was done before stays whole."""
    letter = _routed(town)
    office = f"/backoffice/vorgang/{records.reference(letter)}/"
    with _clerks(town, HEAD) as (head,):
        head.send(f"{office}uebernehmen/", {}, at=office)
        ruling = head.filled(f"{office}entscheiden/", RULING)
        with records.dismissed(HEAD):
            refused = head.post(f"{office}entscheiden/", ruling).status_code
            assert refused in (httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND), f"answered with {refused}"
            looked = head.browser.get(office).status_code
            assert looked == refused, f"the case is answered with {looked}"
        assert records.decisions(letter) == 0, "decided without the role"
        head.send(f"{office}entscheiden/", RULING)
    town.wait_until_done(letter)
    return f"taken over, then dismissed: {refused}; back in office, decided"


def _routed(town: Town) -> Letter:
    letter = town.letter(photo=False)
    assert town.send(letter).reference
    town.wait_until_done(letter)
    return letter


@contextmanager
def _clerks(town: Town, *emails: str) -> Iterator[Sequence[Visitor]]:
    with ExitStack() as opened:
        visitors = [Visitor(opened.enter_context(town.browser())) for _ in emails]
        for visitor, email in zip(visitors, emails, strict=True):
            visitor.sign_in(email, DEMO_PASSWORD)
        yield visitors


def _browser_of(town: Town, letter: Letter) -> httpx.Client:
    browser = town.browser()
    browser.cookies.update(dict(letter.cookies))
    return browser


def _withdrawing(browser: httpx.Client, letter: Letter) -> Callable[[], httpx.Response]:
    """The person's last click on the way out, ready to be made."""
    person_ = Visitor(browser)
    browser.cookies.update(dict(letter.cookies))
    path = f"/vorgang/{records.reference(letter)}/zurueckziehen/"
    boxes = person_.filled(path, {})
    return lambda: person_.post(path, boxes)


def _at_once(*calls: Callable[[], httpx.Response]) -> list[int]:
    with ThreadPoolExecutor(len(calls)) as threads:
        return [answer.result().status_code for answer in [threads.submit(call) for call in calls]]
