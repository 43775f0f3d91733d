"""The town that faults are tried in: the whole portal as real processes, people, a mail server and a department."""

import itertools
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import httpx

from faults import effects, person, records
from faults.journals import MailSink, Office
from faults.person import Answer, Letter
from hro_portal.stack import Stack
from hro_portal.stack.process import Process, Program

Found = TypeVar("Found")
INJECTED = Path(__file__).with_name("inject")
POLL_SECONDS = 0.1
ORDERLY_END_SECONDS, READY_SECONDS = 30.0, 120.0
#: What whoever presses a button reads while something is away, in each language.
PAUSES = {"de": "drücken Sie den Knopf noch einmal. Das schadet nicht", "en": "press the button again. It does no harm"}
#: Who works the outbox, each with a queue of its own; what happens to "worker" happens to both.
WORKERS = ("worker", "documents")


class Town:
    """What a fault works with: people, processes, accidents, waiting.

    What the portal keeps of a case is in `faults.records`, its work in `faults.effects`, what the city offers in
    `faults.offers`.
    """

    #: Promised: stuck work is found by itself within a minute.
    promised_seconds = 60.0

    def __init__(self, stack: Stack, mail: MailSink, office: Office, *, patient: bool) -> None:
        self.stack, self.mail, self.office = stack, mail, office
        self.patient = patient  # with --long: outages last as long as the fault list says
        self._numbers = itertools.count(1)

    # People ---------------------------------------------------------------------------------------

    def browser(self) -> httpx.Client:
        """A new browser in front of the real web server."""
        return person.over_http(self.stack.base_url)

    def letter(self, *, photo: bool = True) -> Letter:
        """A draft at its last page, ready to be sent, by somebody new."""
        with self.browser() as browser:
            return person.write(browser, f"mensch{next(self._numbers)}@example.org", photo=photo)

    def send(self, letter: Letter) -> Answer:
        """Presses the button once; raises `httpx.HTTPError` where no answer came."""
        with self.browser() as browser:
            return person.send(browser, letter)

    def try_to_send(self, letter: Letter) -> Answer | None:
        """Presses the button once; None where no answer came."""
        try:
            return self.send(letter)
        except httpx.HTTPError:
            return None

    def send_until_answered(self, letter: Letter) -> Answer:
        """What people do where no answer came, or the answer was to try again later: presses the button again."""
        return self.wait_for(lambda: self._reference(letter), "a reference")

    def refused(self, letter: Letter) -> None:
        """Presses the button, and is told in the person's words that it did not work now, and when to come back."""
        for language, words in PAUSES.items():
            with self.browser() as browser:
                browser.headers["Accept-Language"] = language
                answer = person.send(browser, letter)
            assert answer.status == httpx.codes.SERVICE_UNAVAILABLE, f"answered with {answer.status}"
            assert answer.retry_after, "nobody says when to come back"
            assert words in answer.page, f"the page does not say what to do in the language {language}"

    def _reference(self, letter: Letter) -> Answer | None:
        if (answer := self.try_to_send(letter)) is None:
            return None
        assert answer.reference or answer.status == httpx.codes.SERVICE_UNAVAILABLE, f"answered with {answer.status}"
        return answer if answer.reference else None

    # What came of it ------------------------------------------------------------------------------

    def wait_for(self, look: Callable[[], Found | None], what: str, *, seconds: float | None = None) -> Found:
        """Out: the first thing found that counts as true; asks again until the time is over."""
        seconds = seconds or self.promised_seconds
        deadline = time.monotonic() + seconds
        while not (found := look()):
            assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain: {what}"
            time.sleep(POLL_SECONDS)
        return found

    def wait_until_done(self, *letters: Letter, seconds: float | None = None) -> None:
        """Until every effect of these letters is done."""
        waiting = list(letters)

        def over() -> bool:
            waiting[:] = [letter for letter in waiting if effects.unfinished(letter)]
            return not waiting

        try:
            self.wait_for(over, "effects", seconds=seconds)
        except AssertionError as late:
            what = sorted({kind for letter in waiting for kind in effects.unfinished(letter)})
            raise AssertionError(f"{late}: {', '.join(what)} of {len(waiting)} of {len(letters)}") from None

    def wait_until_quiet(self) -> None:
        """Until the outbox is empty; what failed or waits for a lease of somebody who is dead is helped along."""
        self.wait_for(lambda: not effects.waiting(), "an empty outbox", seconds=2 * self.promised_seconds)

    def wait_until_read(self) -> None:
        """Until no hint waits for a worker, and none is being worked."""
        self.wait_for(lambda: not effects.hints_waiting() and not effects.hints_at_work(), "the hints to be read")

    def breaches(self, since: datetime | None = None) -> list[str]:
        """What the invariants say, in words; nothing may wait any more."""
        return records.breaches(since)

    # Accidents ------------------------------------------------------------------------------------

    @contextmanager
    def struck(self, part: str) -> Iterator["Accident"]:
        """Web or worker with watched doors; ordinary again afterwards."""
        file = self.stack.data_dir / "accident"
        path = os.pathsep.join(filter(None, (str(INJECTED), self.stack.env.get("PYTHONPATH", ""))))
        with self.environment(part, PYTHONPATH=path, PORTAL_ACCIDENT=str(file)):
            yield Accident(file)
        file.unlink(missing_ok=True)

    @contextmanager
    def environment(self, part: str, **variables: str) -> Iterator[None]:
        """One part of the stack, restarted with further variables; with its usual ones afterwards."""
        usual = [(process, process.program) for process in self.processes(part)]
        try:
            for process, program in usual:
                self._restart(process, replace(program, env={**program.env, **variables}))
            yield
        finally:
            for process, program in usual:
                self._restart(process, program)

    @contextmanager
    def without(self, part: str) -> Iterator[None]:
        """One part of the stack is down in the meantime."""
        processes = self.processes(part)
        for process in processes:
            process.stop(ORDERLY_END_SECONDS)
        try:
            yield
        finally:
            for process in processes:
                process.start()
            self.wait_ready(part)

    @contextmanager
    def outage(self, part: str, *, seconds: float) -> Iterator[None]:
        """The same for at least so long, whatever is tried in the meantime."""
        over = time.monotonic() + seconds
        with self.without(part):
            yield
            time.sleep(max(0.0, over - time.monotonic()))

    def restart(self, part: str) -> None:
        """SIGTERM, the time that an orderly end takes, and a new start."""
        for process in self.processes(part):
            self._restart(process, process.program)

    def wait_ready(self, part: str) -> None:
        """Until it answers, as after an accident."""
        for process in self.processes(part):
            process.wait_ready(READY_SECONDS)

    def processes(self, part: str) -> list[Process]:
        """The stack's processes behind a part; the worker's are one for each of its queues."""
        found = []
        for name in WORKERS if part == "worker" else (part,):
            with suppress(KeyError):
                found.append(self.stack.process(name))
        return found

    def _restart(self, process: Process, program: Program) -> None:
        process.stop(ORDERLY_END_SECONDS)
        process.program = program
        process.start()
        process.wait_ready(READY_SECONDS)


class Accident:
    """What will happen at the next door of a kind, in whichever process passes it first."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def prepare(self, kind: str, *, whole: bool) -> None:
        """The process that next comes to a door of this kind dies there; `whole`: with all of its group."""
        draft = self._file.with_suffix(".new")
        draft.write_text(json.dumps({"kind": kind, "whole": whole}))
        draft.rename(self._file)

    @property
    def happened(self) -> bool:
        return not self._file.exists()
