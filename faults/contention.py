"""F10, F29, F30, F31: several people want the same, or somebody may no longer want it."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial

import httpx

from faults import offers, person, records, server
from faults.doubles import CLICKS
from faults.person import SERVICE, Letter
from faults.registry import fault
from faults.town import Town
from faults.visitor import Visitor
from hro_portal.stack.__main__ import DEMO_PASSWORD

DEADLOCK_TRIES = 5
LOCK_SECONDS = 10.0  # lock_timeout of the portal's role
#: How somebody without an account or a role is answered.
AWAY = (httpx.codes.FOUND, httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND)
CLERK, HEAD = "sachbearbeitung@example.org", "leitung@example.org"
RULING = {"action": "decide", "outcome": "answered", "reason": "Wir stellen zwei Bänke auf.", "regime": "letter"}


@fault("F10", "A row that somebody does not let go, a deadlock, a serialization failure")
def rows_are_wanted_by_others(town: Town) -> str:
    """Who gives way is tried again and told nothing of it; who waits too long is told 503 and when to come back, never
    500 and never for ever, and the same button sends it afterwards.
    """
    letter = town.letter()
    with records.locked(letter):
        town.refused(letter)
    assert town.send(letter).reference
    town.wait_until_done(letter)
    return f"locked: refused with 503, sent by the same button; {_deadlock(town)}; {_serialization(town)}"


def _deadlock(town: Town) -> str:
    """The portal holds the draft and wants the service; the other one holds the service and wants the draft."""
    for _try in range(DEADLOCK_TRIES):
        letter = town.letter()
        with server.connect(town.stack.env["DATABASE_URL"]) as other, ThreadPoolExecutor(1) as people:
            other.execute("SET deadlock_timeout = '1min'")  # so the portal is the one that must give way
            with other.transaction(), server.connect(town.stack.env["DATABASE_URL"]) as observer:
                draft = [letter.draft_id]
                other.execute(
                    "SELECT 1 FROM catalogue_offering WHERE id ="
                    " (SELECT offering_id FROM applications_draft WHERE id = %s) FOR UPDATE",
                    draft,
                )
                sending = people.submit(town.send, letter)
                while not server.waiting_at_a_lock(observer):
                    assert not sending.done(), f"answered with {sending.result().status} before it came to the lock"
                begun = time.monotonic()
                found = other.execute("SELECT 1 FROM applications_draft WHERE id = %s FOR UPDATE", draft).fetchone()
                took = time.monotonic() - begun
            answer = sending.result()
        assert found, "the draft is gone, and nobody has its reference"
        # Later it was the time-out for locks that ended it, and not PostgreSQL's look for deadlocks.
        if took < LOCK_SECONDS / 2:
            assert answer.reference, f"a deadlock was answered with {answer.status}"
            town.wait_until_done(letter)
            return f"deadlock ended after {took:.1f} s, the draft was there, tried again and sent"
    raise AssertionError(f"{DEADLOCK_TRIES} times no deadlock came about")


def _serialization(town: Town) -> str:
    """Twenty clicks at once, and whoever comes second fails and is tried again: all get the one reference, or 503."""
    letter, before = town.letter(), _gave_way(town)
    with server.snapshots_per_transaction(town.stack.env["DATABASE_URL"]):
        with ThreadPoolExecutor(CLICKS) as people:
            with records.locked(letter):  # so that several stand before the row
                clicks = [people.submit(town.send, letter) for _ in range(CLICKS)]
                town.wait_for(lambda: records.locks_waited_for() > 1, "two clicks at the lock")
            answers = [click.result() for click in clicks]
        times = _gave_way(town) - before
        assert times, "nobody came second"
        late = [answer for answer in answers if not answer.reference]
        statuses = {answer.status for answer in late}
        assert statuses <= {httpx.codes.SERVICE_UNAVAILABLE}, f"answered with {statuses}"
        assert all(answer.retry_after for answer in late), "nobody says when to come back"
        answers += [town.send_until_answered(letter) for _ in range(2)]
    references = {answer.reference for answer in answers if answer.reference}
    assert len(references) == 1, f"{len(references)} references"
    town.wait_until_done(letter)
    return f"{times} serialization failures at {CLICKS} clicks, {len(late)} answered with 503"


def _gave_way(town: Town) -> int:
    """How often the web server has tried a request again."""
    return (town.stack.log_dir / "web.log").read_text(errors="replace").count("gave way to another one")


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


@fault("F31", "A clerk loses the role, or the whole authority is closed, while cases are open")
def office_is_closed(town: Town) -> str:
    """The next action is refused, a running one is done whole or not at all, and nobody's case is lost by it."""
    return f"{_dismissed(town)}; {_closed_down(town)}"


def _dismissed(town: Town) -> str:
    letter = _routed(town)
    office = f"/backoffice/vorgang/{records.reference(letter)}/"
    with _clerks(town, HEAD) as (head,):
        head.send(f"{office}uebernehmen/", {}, at=office)
        ruling = head.filled(f"{office}entscheiden/", RULING)
        with offers.dismissed(HEAD):
            refused = head.post(f"{office}entscheiden/", ruling).status_code
            assert refused in (httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND), f"answered with {refused}"
            looked = head.browser.get(office).status_code
            assert looked == refused, f"the case is answered with {looked}"
        assert records.decisions(letter) == 0, "decided without the role"
        head.send(f"{office}entscheiden/", RULING)
    town.wait_until_done(letter)
    return f"taken over, then dismissed: {refused}; back in office, decided"


def _closed_down(town: Town) -> str:
    """All accounts of the staff are locked and all services taken offline: while a case is being decided, another one
    has been accepted but not delivered, and a third person stands before the button."""
    opened, waiting, draft = _routed(town), town.letter(), town.letter()
    office = f"/backoffice/vorgang/{records.reference(opened)}/"
    decide = f"{office}entscheiden/"
    with _clerks(town, HEAD) as (head,), ThreadPoolExecutor(1) as people:
        head.send(f"{office}uebernehmen/", {}, at=office)
        ruling = head.filled(decide, RULING)
        with town.without("worker"):
            reference = town.send(waiting).reference
            assert reference
            with ExitStack() as closed:
                with records.locked(opened, "applications_application"):
                    running = people.submit(head.post, decide, ruling)
                    town.wait_for(lambda: records.locks_waited_for() or running.done(), "the decision at its lock")
                    closed.enter_context(offers.closed_down("rostock"))
                ran = running.result().status_code
                assert ran == httpx.codes.FOUND or ran < httpx.codes.INTERNAL_SERVER_ERROR, f"answered with {ran}"
                decided, ends = records.decisions(opened), records.history(opened)[-1]
                assert (decided == 1) == (ends == "COMPLETED"), f"{ends} with {decided} decisions"
                for answer in (head.post(decide, ruling), head.browser.get(office)):
                    assert answer.status_code in AWAY, f"answered with {answer.status_code}"
                assert records.decisions(opened) == decided, "decided by somebody whose account is locked"
                assert town.send(draft).reference, "what was begun could not be sent"
                with town.browser() as browser:
                    assert browser.get(SERVICE).status_code == httpx.codes.NOT_FOUND, "the service is still offered"
                    case = person.look(browser, waiting, f"/vorgang/{reference}/").status_code
                    assert case == httpx.codes.OK, f"the person's case is answered with {case}"
                for process in town.processes("worker"):
                    process.start()
                town.wait_ready("worker")
                town.wait_until_done(waiting, draft)
    with _clerks(town, HEAD) as (head,):
        if not decided:
            head.send(decide, RULING)
        assert head.browser.get(office).status_code == httpx.codes.OK
    town.wait_until_done(opened)
    return f"closed down: the running decision {'done whole' if decided else 'not done'}, others delivered; open again"


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
