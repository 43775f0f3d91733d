"""Strikes at every door of a way, as from *absenden* to *delivered*: the k-th side effect, for k = 1, 2, … to the end.

One process with everything imported forks a child per point. The child walks until the accident; a second one is the
system after it. Under a second each.
"""

import itertools
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, BinaryIO, Self
from uuid import UUID

from faults import walk, ways
from faults.journals import MailSink, Office
from faults.person import Answer, Letter
from faults.walk import Seen, Strike
from faults.ways import Sessions, Way

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
    """All points of one mode on one way."""

    mode: str
    way: Way
    points: list[Point] = field(default_factory=list)

    @property
    def missing_kinds(self) -> list[str]:
        """Kinds of doors that the way never came to; a list that holds because it is empty would prove nothing."""
        met = {point.door.split(":")[0] for point in self.points}
        return [kind for kind in self.way.kinds if kind not in met]

    def __str__(self) -> str:
        copied = sum(point.copies > 0 for point in self.points)
        doors = Counter(point.door.split(":")[0] for point in self.points)
        kinds = ", ".join(f"{number} {kind}" for kind, number in doors.items())
        slowest = max((point.seconds for point in self.points), default=0.0)
        return f"{score([self])} ({kinds}; a mail copied under its Message-ID at {copied}; slowest {slowest:.1f} s)"


def score(done: Iterable[Enumeration]) -> str:
    """How many of all points held, in words."""
    points = [point for each in done for point in each.points]
    held, lost = sum(not point.wrong for point in points), sum(point.lost for point in points)
    return f"{held} of {len(points)} points held, {lost} lost, {len(points) - held - lost} doubled or wrong"


class Forge:
    """Forks processes from a warm one; mail and office are the world outside, `log` takes what the processes print."""

    def __init__(self, mail: MailSink, office: Office, log: BinaryIO) -> None:
        self.mail, self.office, self._log = mail, office, log
        self._numbers = itertools.count(1)
        self._sessions: Sessions = {}
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

    def enumerate(self, mode: str, way: Way) -> Enumeration:
        """Out: every point of this mode, until a run comes to its end without meeting its door."""
        done = Enumeration(mode, way)
        usual = self._undisturbed(way)
        for number in itertools.count(1):
            point = self._strike(Strike(mode, number), way, usual)
            if point is None:
                return done
            done.points.append(point)
            self._log.write(f"{mode} {way.name} {point}\n".encode())
            self._log.flush()
        raise AssertionError

    def _undisturbed(self, way: Way) -> Counter[str]:
        """What is kept, and what the person is told, when nothing happens and the button is pressed once."""
        letter, before = self._prepare(way)
        with self._fork(walk.walk, letter, Strike("none", 0)) as (_process, pipe):
            *_answers, (_end, kept) = _messages(pipe)
        return kept + self._mails(letter, before)

    def _prepare(self, way: Way) -> tuple[Letter, int]:
        """Out: the button, and how many mails its person already has."""
        if not self._sessions:
            self._sessions = self._ask(ways.sign_in)
        letter: Letter = self._ask(ways.prepare, way.name, next(self._numbers), self._sessions)
        return letter, len(self.mail.to(letter.email))

    def _mails(self, letter: Letter, before: int) -> Counter[str]:
        """Those since then, copies once: servers know them by their Message-ID."""
        return Counter({"mail": len({mail.message_id for mail in self.mail.to(letter.email)[before:]})})

    def _strike(self, strike: Strike, way: Way, usual: Counter[str]) -> Point | None:
        """One accident at one door; None when the way is over before it."""
        begun = time.monotonic()
        letter, before = self._prepare(way)
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
        mails = self._mails(letter, before)
        copies = len(self.mail.to(letter.email)) - before - mails.total()
        wrong = [*_unclear(way, answers, seen), *_differences(usual, seen.kept + mails), *self._wrong(letter, seen)]
        return Point(strike.at, door, tuple(wrong), copies, time.monotonic() - begun)

    def _wrong(self, letter: Letter, seen: Seen) -> Iterator[str]:
        """What did not hold for the invariants, the outbox and the department."""
        yield from seen.breaches
        yield from seen.rows
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


def _unclear(way: Way, answers: list[Answer], seen: Seen) -> Iterator[str]:
    """Answers that leave people alone: a fault says when to come back, and what was sent has one number."""
    for answer in answers:
        if answer.status >= 500 and (answer.status != 503 or not answer.retry_after):
            yield f"the person was answered with {answer.status}"
    for answer in seen.answers:
        if answer.status >= 500 or (way.sends and not answer.reference):
            yield f"pressing again was answered with {answer.status}"
    references = {answer.reference for answer in (*answers, *seen.answers) if answer.reference}
    if way.sends and len(references) != 1:
        yield f"{len(references)} references were shown"


def _differences(usual: Counter[str], found: Counter[str]) -> Iterator[str]:
    """Nothing lost, nothing doubled: after an accident there is what there is without one."""
    yield from (f"lost: {times} {what}" for what, times in (usual - found).items())
    yield from (f"doubled: {times} {what}" for what, times in (found - usual).items())


def _messages(pipe: Connection) -> Iterator[tuple[Any, ...]]:
    """What comes through the pipe, until the other end is gone."""
    try:
        while pipe.poll(LONGEST_SECONDS):
            yield pipe.recv()
    except (EOFError, ConnectionResetError):
        return
