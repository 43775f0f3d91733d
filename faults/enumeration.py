"""Strikes at every door of the way from *absenden* to *delivered*: the k-th side effect, for k = 1, 2, … to the end.

One process with everything imported forks a child per point. The child walks until the accident; a second one is the
system after it. Under a second each.
"""

import itertools
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, BinaryIO, Self
from uuid import UUID

from faults import walk
from faults.doors import KINDS
from faults.journals import MailSink, Office
from faults.person import Answer, Letter
from faults.walk import Seen, Strike

#: How long a second worker may stand at a lock that the first one holds, before the first goes on.
STANDS_SECONDS = 0.4
LONGEST_SECONDS = 60


@dataclass(frozen=True)
class Point:
    """One accident and what came of it; `wrong` says what did not hold."""

    no: int
    door: str
    wrong: tuple[str, ...]
    copies: int
    seconds: float

    @property
    def lost(self) -> bool:
        return any(line.startswith("lost") for line in self.wrong)


@dataclass
class Enumeration:
    """All points of one mode."""

    mode: str
    points: list[Point] = field(default_factory=list)

    @property
    def missing_kinds(self) -> list[str]:
        """Kinds of doors that the way never came to; a list that holds because it is empty would prove nothing."""
        met = {point.door.split(":")[0] for point in self.points}
        return [kind for kind in KINDS if kind not in met]

    def __str__(self) -> str:
        held = sum(not point.wrong for point in self.points)
        lost = sum(point.lost for point in self.points)
        copied = sum(point.copies > 0 for point in self.points)
        doors = Counter(point.door.split(":")[0] for point in self.points)
        kinds = ", ".join(f"{number} {kind}" for kind, number in doors.items())
        slowest = max((point.seconds for point in self.points), default=0.0)
        return (
            f"{held} of {len(self.points)} {self.mode} points held, {lost} lost, {len(self.points) - held - lost} "
            f"doubled or wrong ({kinds}; a mail copied under its Message-ID at {copied}; slowest {slowest:.1f} s)"
        )


class Forge:
    """Forks processes from a warm one; mail and office are the world outside, `log` takes what the processes print."""

    def __init__(self, mail: MailSink, office: Office, log: BinaryIO) -> None:
        self.mail, self.office, self._log = mail, office, log
        self._numbers = itertools.count(1)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["faults.warm"])

    def __enter__(self) -> Self:
        """Starts the warm process; what it and its children say goes to the log."""
        usual = [os.dup(number) for number in (1, 2)]
        try:
            for number in (1, 2):
                os.dup2(self._log.fileno(), number)
            forkserver.ensure_running()
        finally:
            for number, kept in zip((1, 2), usual, strict=True):
                os.dup2(kept, number)
                os.close(kept)
        return self

    def __exit__(self, *error: object) -> None:
        """The warm process ends with this one."""

    def enumerate(self, mode: str) -> Enumeration:
        """Out: every point of this mode, until a run comes to its end without meeting its door."""
        done = Enumeration(mode)
        for number in itertools.count(1):
            point = self.strike(Strike(mode, number))
            if point is None:
                return done
            done.points.append(point)
            self._log.write(f"{mode} {point}\n".encode())
            self._log.flush()
        raise AssertionError

    def strike(self, strike: Strike) -> Point | None:
        """One accident at one door; None when the way is over before it."""
        begun = time.monotonic()
        letter: Letter = self._ask(walk.write, next(self._numbers))
        answers: list[Answer] = []
        door = ""
        with self._fork(walk.walk, letter, strike) as (process, pipe):
            for what, *rest in _messages(pipe):
                if what == "answer":
                    answers += rest
                elif what == "struck":
                    kind, where, row = rest
                    door = f"{kind}: {where}"
                    with self._meanwhile(strike, letter, row):
                        pipe.send("go on")
                elif what == "end":
                    process.join(LONGEST_SECONDS)
        if not door:
            return None
        seen: Seen = self._ask(walk.recover, letter)
        received = self.mail.to(letter.email)
        copies = len(received) - len({mail.message_id for mail in received})
        return Point(strike.at, door, tuple(self._wrong(letter, answers, seen)), copies, time.monotonic() - begun)

    def _wrong(self, letter: Letter, answers: list[Answer], seen: Seen) -> Iterator[str]:
        """What did not hold: nothing lost, nothing doubled, no unclear answer."""
        yield from seen.breaches
        yield from seen.rows
        for answer in answers:
            if answer.status >= 500 and (answer.status != 503 or not answer.retry_after):
                yield f"the person was answered with {answer.status}"
        for status in seen.unclear:
            yield f"sending again was answered with {status}"
        references = seen.references | {answer.reference for answer in answers if answer.reference}
        if len(references) != 1:
            yield f"{len(references)} references were shown"
        received = self.mail.to(letter.email)
        if not received:
            yield "no mail came"
        if len({mail.message_id for mail in received}) > len({mail.subject for mail in received}):
            yield "one mail came under two Message-IDs"
        if len(self.office.payloads(str(letter.draft_id))) > 1:
            yield "the department got two different payloads"

    @contextmanager
    def _meanwhile(self, strike: Strike, letter: Letter, row: UUID | None) -> Iterator[None]:
        """For delay and double run: somebody else does the same while the first one stands at the door."""
        if strike.mode not in ("delay", "double run"):
            yield
            return
        if strike.mode == "delay":
            self._ask(walk.age)
        second = (walk.take_over, row) if row else (walk.resend, letter)
        with self._fork(*second) as (process, pipe):
            pipe.poll(STANDS_SECONDS)
            yield
            process.join(LONGEST_SECONDS)

    def _ask(self, call: Callable[..., None], *arguments: Any) -> Any:
        with self._fork(call, *arguments) as (_process, pipe):
            if not pipe.poll(LONGEST_SECONDS):
                raise TimeoutError(call.__name__)
            return pipe.recv()

    @contextmanager
    def _fork(self, call: Callable[..., None], *arguments: Any) -> Iterator[tuple[BaseProcess, Connection]]:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=call, args=(theirs, *arguments))
        process.start()
        theirs.close()
        try:
            yield process, ours
        finally:
            process.join(LONGEST_SECONDS)
            process.kill()
            ours.close()


def _messages(pipe: Connection) -> Iterator[tuple[Any, ...]]:
    """What comes through the pipe, until the other end is gone."""
    try:
        while pipe.poll(LONGEST_SECONDS):
            yield pipe.recv()
    except (EOFError, ConnectionResetError):
        return
