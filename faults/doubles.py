"""F15 to F17, F28, F34, F35: the same thing comes twice, late, in the wrong order or under the same name."""

import itertools
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from unittest import mock
from uuid import UUID

import httpx

from faults import effects, person, records
from faults.person import Letter
from faults.registry import fault
from faults.town import Town

COPIES = 5
CLICKS = 20
#: Each beat asks for three things or more within fifteen seconds.
TICKS_OF_BOTH = 10


@fault("F15", "The same task is delivered five times at once")
def delivered_five_times(town: Town) -> str:
    """One effect."""
    letters = [town.letter() for _ in range(2)]
    with town.without("worker"):
        for letter in letters:
            assert town.send(letter).reference
        rows = [row for letter in letters for row in effects.rows(letter)]
        for row in rows * COPIES:
            effects.hint(row)
    town.wait_until_done(*letters)
    town.wait_until_read()
    for letter in letters:
        assert len(town.mail.to(letter.email)) == 1, "more than one mail"
    return f"{len(rows)} tasks {COPIES} times each, one effect each"


@fault("F16", "A task is delivered again after a week")
def delivered_after_a_week(town: Town) -> str:
    """No effect, whether its row is still there or not."""
    letter = town.letter()
    assert town.send(letter).reference
    town.wait_until_done(letter)
    rows = effects.rows(letter)
    effects.change_rows(letter, created_at=records.now() - timedelta(days=7))
    before = effects.attempts(letter)
    for row in rows:
        effects.hint(row)
    effects.hint(UUID(int=7))
    town.wait_until_read()
    assert effects.attempts(letter) == before, "it was done again"
    assert len(town.mail.to(letter.email)) == 1, "more than one mail"
    return f"{len(rows)} old tasks and one without a row: no effect"


@fault("F17", "Tasks come in the wrong order")
def wrong_order(town: Town) -> str:
    """Mail and receipt before the routing: each is made, and the history is the same as ever."""
    letter = town.letter()
    with town.without("worker"):
        assert town.send(letter).reference
        effects.flush_redis()
        for row in reversed(effects.rows(letter)):
            effects.hint(row)
    town.wait_until_done(letter)
    steps = records.history(letter)
    assert steps == ["SUBMITTED", "RECEIVED"], f"the history is {steps}"
    return "hints in reverse: " + " → ".join(steps)


@fault("F28", "Double click, double tab, resend by a proxy: the form comes twenty times at once")
def twenty_at_once(town: Town) -> str:
    """One application, and all answers show its reference."""
    letter = town.letter()
    with ThreadPoolExecutor(CLICKS) as people:
        answers = list(people.map(lambda _no: town.send(letter), range(CLICKS)))
    references = {answer.reference for answer in answers}
    assert len(references) == 1, f"{len(references)} references"
    assert references != {None}, f"answered with {answers[0].status}"
    town.wait_until_done(letter)
    assert len(town.mail.to(letter.email)) == 1, "more than one mail"
    return f"{CLICKS} posts at once, {CLICKS} times the same reference"


@fault("F34", "Two drafts are given the same reference")
def same_reference(town: Town) -> str:
    """The second one gets another; nobody sees a fault."""
    from django.conf import settings

    from foundation import ids

    usual = ids.secrets.choice
    letters, drawn = [], itertools.count()

    def choice(letters_to_choose: str) -> str:
        # References are drawn from 31 letters, codes from 32. The first three references are the same.
        same = letters_to_choose == ids._REFERENCE_LETTERS and next(drawn) < 3 * 7
        return letters_to_choose[7] if same else usual(letters_to_choose)

    with mock.patch.object(ids.secrets, "choice", choice):
        for number in range(2):
            with person.in_process(settings.BASE_URL) as browser:
                letters.append(person.write(browser, f"gleich{number}@example.org"))
    references = {town.send_until_answered(letter).reference for letter in letters}
    assert len(references) == 2, "two people have one reference"
    town.wait_until_done(*letters)
    return "three draws gave the same reference, two drafts have two"


@fault("F35", "Beat runs twice, or not at all")
def beat_twice_or_never(town: Town) -> str:
    """Two of them double nothing. Without one, lost hints stay lost until it is back, and `/readyz` says so: to
    operators, for people can go on sending."""
    twice = _with_two_beats(town)
    beat = town.stack.process("beat")
    letter = town.letter()
    with town.without("worker"):
        beat.stop()
        assert town.send(letter).reference
        effects.flush_redis()
    try:
        past = records.now() - timedelta(minutes=5)
        effects.change_rows(letter, due_at=past, created_at=past)
        with town.browser() as browser:
            ready = browser.get("/readyz")
        assert ready.status_code == httpx.codes.OK, "people are sent away"
        assert "outbox" in ready.json()["needs_attention"], "nobody was told"
    finally:
        beat.start()
    town.wait_until_done(letter)
    for each in (twice, letter):
        assert len(town.mail.to(each.email)) == 1, "more than one mail"
    return "two beats: each effect once; none for five minutes: /readyz is 200 and names the outbox; back: done"


def _with_two_beats(town: Town) -> Letter:
    usual = town.stack.process("beat").program
    schedule = str(town.stack.data_dir / "second-schedule")
    command = list(usual.command)
    command[command.index("--schedule") + 1] = schedule
    second = replace(usual, command=command)
    letter = town.letter()
    with town.without("worker"):
        assert town.send(letter).reference
        with (town.stack.log_dir / "second-beat.log").open("ab") as log:
            process = subprocess.Popen(second.command, env=dict(second.env), cwd=second.cwd, stdout=log, stderr=log)
        # Two sweeps of each, nobody to work: the ticks pile up.
        town.wait_for(lambda: effects.ticks_waiting() >= TICKS_OF_BOTH, "ticks of both")
    town.wait_until_done(letter)
    town.wait_until_read()
    process.terminate()
    process.wait(10)
    return letter
