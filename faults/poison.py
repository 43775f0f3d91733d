"""F18: work that can never succeed is put aside where people see it, and keeps nobody else waiting."""

import statistics
import time
from collections.abc import Callable

from faults import effects, records
from faults.person import Letter
from faults.registry import fault
from faults.town import Town

LAST_BUT_ONE = 11
TURNS, PATIENT_TURNS = 5, 40
#: How much slower others may be beside poison: in the middle, and of those that wait longest (the 95th of a hundred,
#: which only many turns can tell).
MIDDLE_TIMES, LONGEST_TIMES, BREATH_SECONDS = 1.5, 1.2, 0.5


@fault("F18", "Poisoned tasks: one that always fails, one that kills its worker each time")
def poisoned(town: Town) -> str:
    """Tried twelve times, then dead and shown; others go on; after mending, one action gives it a new life."""
    fails, others = town.letter(), [town.letter() for _ in range(3)]
    with town.without("worker"):
        assert town.send(fails).reference
        kept = records.spoil_answers(fails)
        for letter in others:
            assert town.send(letter).reference
        # As if all but the last two tries had failed already.
        effects.change_rows(fails, attempts=LAST_BUT_ONE - 1)
    town.wait_until_done(*others)
    _until_put_aside(town, fails)
    dead = effects.dead(fails)
    with town.browser() as browser:
        assert browser.get("/readyz").json()["outbox"]["dead"] >= len(dead), "nobody sees it"
    records.set_answers(fails, kept)
    effects.redrive(fails)
    town.wait_until_done(fails)
    told = f"{', '.join(dead)} dead after 12 tries, shown, 3 others done meanwhile; mended and done"
    return f"{told}; {_killer(town)}; {_others_are_as_quick(town)}"


def _others_are_as_quick(town: Town) -> str:
    """From the button to the last effect, one letter alone and one beside poison, in turns: whatever else the machine
    does meets both alike, and the middle ones can be compared."""
    poison, alone, beside = town.letter(photo=False), [], []
    with town.without("worker"):
        assert town.send(poison).reference
        kept = records.spoil_answers(poison)  # the newest answers of all: the worker starts all the same
    for _ in range(PATIENT_TURNS if town.patient else TURNS):
        effects.hold(poison)
        alone.append(_seconds_until_done(town))
        effects.release(poison)
        beside.append(_seconds_until_done(town, meanwhile=lambda: effects.push(poison)))
    records.set_answers(poison, kept)
    effects.redrive(poison)
    effects.push(poison)
    town.wait_until_done(poison)
    usual, poisoned = statistics.median(alone), statistics.median(beside)
    assert poisoned <= MIDDLE_TIMES * usual + BREATH_SECONDS, f"{poisoned:.1f} s instead of {usual:.1f} s"
    assert max(beside) < town.promised_seconds, f"somebody waited {max(beside):.0f} s"
    told = f"{len(beside)} others beside it {poisoned:.1f} s in the middle ({max(beside):.1f} s at most)"
    return f"{told}, alone {usual:.1f} s{_longest(alone, beside) if town.patient else ''}"


def _longest(alone: list[float], beside: list[float]) -> str:
    usual, poisoned = (statistics.quantiles(times, n=20)[-1] for times in (alone, beside))
    assert poisoned <= LONGEST_TIMES * usual, f"p95 {poisoned:.2f} s instead of {usual:.2f} s"
    return f"; p95 {poisoned:.2f} s, alone {usual:.2f} s"


def _seconds_until_done(town: Town, meanwhile: Callable[[], None] = lambda: None) -> float:
    letter = town.letter()
    meanwhile()
    begun = time.monotonic()
    assert town.send(letter).reference
    meanwhile()
    town.wait_until_done(letter)
    return time.monotonic() - begun


def _killer(town: Town) -> str:
    """The segmentation fault: whoever renders dies."""
    letter = town.letter()
    with town.struck("worker") as accident:
        with town.without("worker"):
            assert town.send(letter).reference
            effects.change_rows(letter, attempts=LAST_BUT_ONE)
            accident.prepare("render", whole=False)
        town.wait_for(lambda: accident.happened, "a worker that dies")
        effects.let_leases_pass()
        _until_put_aside(town, letter)
    effects.redrive(letter)
    town.wait_until_done(letter)
    return "the killer of workers is put aside at its 12th"


def _until_put_aside(town: Town, letter: Letter) -> None:
    def put_aside() -> bool:
        effects.push(letter)
        return "receipt" in effects.dead(letter)

    town.wait_for(put_aside, "the receipt to be put aside")
