"""F1 to F5: `kill -9` of real processes, once at each kind of door that they have."""

import time
from collections.abc import Sequence

import httpx

from faults import person, records
from faults.person import Letter
from faults.registry import fault
from faults.town import Accident, Town

WORKERS_DOORS = ("write", "commit", "render", "file", "hand-over", "mail")


@fault("F1", "kill -9 of the worker's child in the middle of a task")
def child_of_the_worker(town: Town) -> str:
    """At each kind of door: done within a minute, once."""
    return _worker_dies(town, whole=False)


@fault("F2", "kill -9 of the whole worker")
def whole_worker(town: Town) -> str:
    """At each kind of door: the supervisor starts a new one, which does not wait for the broker's time-out."""
    return _worker_dies(town, whole=True)


@fault("F3", "kill -9 of web between COMMIT and the hint to the worker")
def web_before_the_hint(town: Town) -> str:
    """The sweep finds what nobody was told of; the same form gives the same reference."""
    with town.struck("web") as accident:
        return _web_dies(town, accident, "hint", accepted=True)


@fault("F4", "kill -9 of web between COMMIT and the answer")
def web_before_the_answer(town: Town) -> str:
    """The person presses the button again and gets the same reference; there is one application."""
    with town.struck("web") as accident:
        return _web_dies(town, accident, "answer", accepted=True)


@fault("F5", "kill -9 of web before COMMIT")
def web_before_the_commit(town: Town) -> str:
    """Nothing is stored, the draft is still there; of a file that was on its way nothing stays after a day."""
    from foundation import files

    with town.struck("web") as accident:
        told = [_web_dies(town, accident, kind, accepted=False) for kind in ("write", "commit")]
        for kind in ("file", "write"):
            _dies_with_a_photo(town, accident, kind)
        told.append("with a photo on its way")
        town.letter()
    removed = records.a_day_later(files.remove_orphans)
    return f"{', '.join(told)}; a day later {removed} forgotten files removed"


def _dies_with_a_photo(town: Town, accident: Accident, kind: str) -> None:
    with town.browser() as browser:
        try:
            person.write(browser, "foto@example.org", before_photo=lambda: accident.prepare(kind, whole=False))
        except httpx.TransportError:
            pass
        else:
            raise AssertionError("the process was dead and answered")
    assert accident.happened, "no process came to its door"


def _worker_dies(town: Town, *, whole: bool) -> str:
    """Each accident also stops what others left behind, so the minute counts from the last one."""
    letters: list[Letter] = []
    with town.struck("worker") as accident:
        for kind in WORKERS_DOORS:
            letters.append(town.letter())
            accident.prepare(kind, whole=whole)
            assert town.send(letters[-1]).reference, "submitting needs no worker"
            town.wait_for(lambda: accident.happened, f"a worker at a door of the kind {kind}")
            last = time.monotonic()
            town.wait_ready("worker")
        town.wait_until_done(*letters, seconds=town.promised_seconds - (time.monotonic() - last))
    _once(town, letters)
    return f"at {', '.join(WORKERS_DOORS)}; all done {time.monotonic() - last:.0f} s after the last accident"


def _web_dies(town: Town, accident: Accident, kind: str, *, accepted: bool) -> str:
    """Once a single process of web, once all of them."""
    letters = []
    for whole in (False, True):
        letter = town.letter()
        accident.prepare(kind, whole=whole)
        try:
            answer = town.send(letter)
        except httpx.HTTPError:
            answer = None
        assert accident.happened, "no process came to its door"
        assert answer is None, "the process was dead and answered"
        assert (records.sent_at(letter) is not None) == accepted, "an application too many or too few"
        references = {town.send_until_answered(letter).reference for _ in range(3)}
        assert len(references) == 1, f"{len(references)} references for one letter"
        letters.append(letter)
    town.wait_until_done(*letters)
    _once(town, letters)
    return f"at {kind}"


def _once(town: Town, letters: Sequence[Letter]) -> None:
    """Mail comes at least once: a worker that dies between the mail server's 250 and its commit sends again."""
    for letter in letters:
        mails = town.mail.to(letter.email)
        assert 1 <= len(mails) <= 2, f"{len(mails)} mails"
        assert len(town.office.payloads(str(letter.draft_id))) <= 1, "two payloads for the department"
