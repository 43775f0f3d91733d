"""Strikes at every door of a way, as from *absenden* to *delivered*: the k-th side effect, for k = 1, 2, … to the end.

One process with everything imported forks a child per point. The child walks until the accident; a second one is the
system after it. Both work on a copy of what was before the button was pressed (`grounds`).
"""

import itertools
import multiprocessing
import os
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, BinaryIO, Self
from uuid import UUID

from faults import outcome, walk, ways
from faults.grounds import Ground, Grounds, enter
from faults.journals import Office
from faults.person import Answer, Letter
from faults.walk import Seen, Strike
from faults.ways import Way

#: How long a second worker may stand at a lock that the first one holds, before the first goes on.
STANDS_SECONDS = 0.4
LOOK_SECONDS = 0.02
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
        seconds = [point.seconds for point in self.points] or [0.0]
        took = f"{statistics.median(seconds):.1f} s each in the middle, {max(seconds):.1f} s at most"
        return f"{score([self])} ({kinds}; a mail copied under its Message-ID at {copied}; {took})"


def score(done: Iterable[Enumeration]) -> str:
    """How many of all points held, in words."""
    points = [point for each in done for point in each.points]
    held, lost = sum(not point.wrong for point in points), sum(point.lost for point in points)
    return f"{held} of {len(points)} points held, {lost} lost, {len(points) - held - lost} doubled or wrong"


class Forge:
    """Forks processes from a warm one; `office` is the world outside, `log` takes what the processes print."""

    def __init__(self, office: Office, log: BinaryIO) -> None:
        self.office, self._log = office, log
        self.is_over = threading.Event()  # set by whoever ends the run before its time
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

    def enumerate(self, mode: str, way: Way, grounds: Grounds) -> Enumeration:
        """Out: every point of this mode, until a run comes to its end without meeting its door."""
        done = Enumeration(mode, way)
        with grounds.copy(grounds.first) as before:
            letter, draft = self.ask(before, ways.prepare, way.name)
            lane = _Lane(self, way, letter, draft, grounds, before)
            usual = lane.undisturbed()
            for number in itertools.count(1):
                if self.is_over.is_set():
                    raise InterruptedError
                point = lane.strike(Strike(mode, number), usual)
                if point is None:
                    return done
                done.points.append(point)
                self._log.write(f"{mode} {way.name} {point}\n".encode())
                self._log.flush()
        raise AssertionError

    def ask(self, ground: Ground, call: Callable[..., None], *arguments: Any) -> Any:
        """What a process of its own finds out there."""
        with self.fork(ground, call, *arguments) as (_process, pipe):
            if not pipe.poll(LONGEST_SECONDS):
                raise TimeoutError(call.__name__)
            return pipe.recv()

    @contextmanager
    def fork(
        self, ground: Ground, call: Callable[..., None], *arguments: Any
    ) -> Iterator[tuple[BaseProcess, Connection]]:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_on, args=(ground, call, theirs, *arguments))
        process.start()
        theirs.close()
        try:
            yield process, ours
        finally:
            process.join(LONGEST_SECONDS)
            process.kill()
            ours.close()


def _on(ground: Ground, call: Callable[..., None], pipe: Connection, *arguments: Any) -> None:
    enter(ground)
    call(pipe, *arguments)


@dataclass(frozen=True)
class _Lane:
    """One way, of which everything before the button is done; each point begins with a copy of that.

    `draft` is what the draft holds before the button is pressed.
    """

    forge: Forge
    way: Way
    letter: Letter
    draft: Sequence[str]
    grounds: Grounds
    before: Ground

    def undisturbed(self) -> Counter[str]:
        """What is kept, and what the person is told, when nothing happens and the button is pressed once."""
        mails = self._mailed()
        with (
            self.grounds.copy(self.before) as ground,
            self.forge.fork(ground, walk.walk, self.letter, Strike("none", 0)) as (_process, pipe),
        ):
            *_answers, (_end, kept) = _messages(pipe)
        return kept + self._mails(mails)

    def strike(self, strike: Strike, usual: Counter[str]) -> Point | None:
        """One accident at one door; None when the way is over before it."""
        begun = time.monotonic()
        mailed, handed_over = self._mailed(), len(self.forge.office.received)
        with self.grounds.copy(self.before) as ground:
            door, answers = self._walk(strike, ground)
            if not door:
                return None
            seen: Seen = self.forge.ask(ground, walk.recover, self.letter, not self.way.saves)
        mails = self._mails(mailed)
        copies = self._mailed() - mailed - mails.total()
        wrong = [*_unclear(self.way, answers, seen), *_differences(usual, seen.kept + mails)]
        wrong += [*seen.breaches, *seen.rows]
        if self.way.saves:
            wrong += halves(self.draft, usual, answers, seen)
        if len(self.forge.office.payloads(str(self.letter.draft_id), since=handed_over)) > 1:
            wrong.append("the department got two different payloads")
        return Point(strike.at, door, tuple(wrong), copies, time.monotonic() - begun)

    def _walk(self, strike: Strike, ground: Ground) -> tuple[str, list[Answer]]:
        """Out: the door at which it happened (none: the way was over before), and what the person was answered."""
        door, answers = "", list[Answer]()
        with self.forge.fork(ground, walk.walk, self.letter, strike) as (process, pipe):
            for what, *rest in _messages(pipe):
                if what == "answer":
                    answers += rest
                elif what == "struck":
                    kind, where, row = rest
                    door = f"{kind}: {where}"
                    with self._meanwhile(strike, ground, row):
                        pipe.send("go on")
                elif what == "end":
                    process.join(LONGEST_SECONDS)
        return door, answers

    @contextmanager
    def _meanwhile(self, strike: Strike, ground: Ground, row: UUID | None) -> Iterator[None]:
        """For delay and double run: somebody else does the same while the first one stands at the door."""
        if strike.mode not in ("delay", "double run"):
            yield
            return
        if strike.mode == "delay":
            self.forge.ask(ground, walk.age)
        second = (walk.take_over, row) if row else (walk.resend, self.letter)
        with self.forge.fork(ground, *second) as (process, pipe):
            over = time.monotonic() + STANDS_SECONDS
            while not pipe.poll(LOOK_SECONDS) and time.monotonic() < over and not self.grounds.is_waited_on(ground):
                pass
            yield
            process.join(LONGEST_SECONDS)

    def _mailed(self) -> int:
        """How many mails the person has."""
        return len(self.grounds.mail.to(self.letter.email))

    def _mails(self, before: int) -> Counter[str]:
        """Those since then, copies once: servers know them by their Message-ID."""
        return Counter({"mail": len({mail.message_id for mail in self.grounds.mail.to(self.letter.email)[before:]})})


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


def halves(before: Sequence[str], usual: Counter[str], answers: Sequence[Answer], seen: Seen) -> Iterator[str]:
    """A draft is as it was before or as it was typed; who was told that it is saved finds what was typed (I7).

    Whoever is shown the page again, because of the file, knows of the file: then the rest counts.
    """
    told = any(answer.status >= 400 for answer in answers)
    found = [line for line in seen.draft if line.startswith(outcome.TYPED if told else outcome.WHOLE)]
    if not found or found[0] not in (*before, *usual):
        yield f"half: {found or 'no draft'}"
    if any(answer.location for answer in answers) and not set(seen.draft) <= usual.keys():
        yield "lost: answers that were confirmed as saved"


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
