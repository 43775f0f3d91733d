"""What forked processes do: the way from a button to its last effect, and what the system does after an accident.

Each function runs in a process of its own, forked from the warm one, and tells what it saw through a pipe.
"""

import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from queue import Empty
from uuid import UUID

from faults import doors, effects, outcome, person, records
from faults.doors import Door, Look
from faults.person import Answer, Letter

MODES = ("crash", "error", "lost answer", "delay", "double run")
ROUNDS = 10
QUEUES = ("default", "documents")


@dataclass(frozen=True)
class Strike:
    """What happens at which door."""

    mode: str
    at: int


@dataclass(frozen=True)
class Seen:
    """What people and the outbox saw in the end; `rows` are effects that did not come to an end.

    `draft` is what the draft was right after the accident, before anybody pressed a button again.
    """

    answers: tuple[Answer, ...]
    breaches: tuple[str, ...]
    rows: tuple[str, ...]
    kept: Counter[str]
    draft: tuple[str, ...]


def walk(pipe: Connection, letter: Letter, strike: Strike) -> None:
    """Presses the button and does the work that follows, with one accident on the way."""
    from django.conf import settings

    at_work: list[UUID | None] = [None]

    def stand(door: Door) -> None:
        pipe.send(("struck", door.kind, door.where, at_work[0]))
        pipe.recv()

    before, after = _looks(strike, stand)
    doors.watch(before, after, files=str(settings.DATA_DIR))
    with _browser() as browser:
        pipe.send(("answer", person.send(browser, letter)))
    for row in _rows_of(letter):
        at_work[0] = row
        _work(row)
    pipe.send(("end", outcome.kept(letter)))


def resend(pipe: Connection, letter: Letter) -> None:
    """The browser asks once more while the first request may still be on its way."""
    with _browser() as browser:
        pipe.send(person.send(browser, letter))


def take_over(pipe: Connection, row: UUID) -> None:
    """A second worker gets the same message."""
    pipe.send(_work(row))


def recover(pipe: Connection, letter: Letter, is_sent: bool) -> None:
    """The restarted system: the person presses the button again, leases end, the sweep finds what was forgotten."""
    from foundation.audit import chain

    draft = outcome.draft(letter)
    with _browser() as browser:
        answers = [person.send(browser, letter)]
        # Somebody saved meanwhile; both versions are shown, and the person takes the one that was typed. What is sent
        # already says so, and shows no form any more.
        if answers[0].status == person.httpx.codes.CONFLICT and not is_sent:
            answers.append(person.send(browser, person.shown_again(letter, answers[0])))
        for _ in range(ROUNDS):
            effects.let_leases_pass()
            if not _sweep():
                break
        answers.append(person.send(browser, letter))
    chain.seal_new_events()
    pipe.send(
        Seen(
            answers=tuple(answers),
            breaches=tuple(_breaches(letter, is_sent=is_sent)),
            rows=tuple(effects.unfinished(letter) if is_sent else ()),
            kept=outcome.kept(letter),
            draft=tuple(draft),
        )
    )


def age(pipe: Connection) -> None:
    """The clock moves on past every lease."""
    effects.let_leases_pass()
    pipe.send("later")


def work_all(letter: Letter) -> None:
    """What a worker does when nothing happens; and the look behind it."""
    for row in _rows_of(letter):
        _work(row)
    list(_breaches(letter, is_sent=False))


def _looks(strike: Strike, stand: Look) -> tuple[Look, Look]:
    """What to do before and behind each door."""

    def at(act: Look) -> Look:
        def look(door: Door) -> None:
            if door.no == strike.at:
                act(door)

        return look

    def crash(door: Door) -> None:
        stand(door)
        os.kill(os.getpid(), signal.SIGKILL)

    def fail(door: Door) -> None:
        stand(door)
        door.fail()

    match strike.mode:
        case "crash":
            return at(crash), doors.nothing
        case "error":
            return at(fail), doors.nothing
        case "lost answer":
            return doors.nothing, at(fail)
        case _:
            return at(stand), doors.nothing


def _browser() -> person.httpx.Client:
    from django.conf import settings

    return person.in_process(settings.BASE_URL)


def _rows_of(letter: Letter) -> Iterator[UUID]:
    """Each row of the case once, in the order of their hints; those that are put on the way come last."""
    from foundation.outbox.models import OutboxRow

    seen: set[UUID] = set()
    rows = OutboxRow.objects.filter(subject_id=letter.draft_id, state=OutboxRow.State.DUE).order_by("created_at", "id")
    while row := next((row for row in rows.values_list("pk", flat=True) if row not in seen), None):
        seen.add(row)
        yield row


def _work(row: UUID) -> bool:
    from foundation.outbox import working

    return working.work(row)


def _sweep() -> int:
    """What beat and worker do: the sweep hints, each hint is worked. Out: how many rows were hinted at."""
    from celery import current_app

    from foundation.outbox import working

    told = working.sweep()
    with current_app.connection_for_read() as broker:
        for name in QUEUES:
            queue = broker.SimpleQueue(name)
            with suppress(Empty):
                while message := queue.get_nowait():
                    message.ack()
                    _work(UUID(message.payload[1]["row_id"]))
            queue.close()
    return told


def _breaches(letter: Letter, *, is_sent: bool) -> Iterator[str]:
    sent = records.sent_at(letter)
    if is_sent and sent is None:
        yield "lost: there is no application"
    yield from records.breaches(sent)
