"""The town that faults are tried in: the whole portal as real processes, people, a mail server and a department."""

import itertools
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import httpx

from faults import person, walk
from faults.journals import MailSink, Office
from faults.person import Answer, Letter
from hro_portal.stack import Stack
from hro_portal.stack.process import Program

Found = TypeVar("Found")
INJECTED = Path(__file__).with_name("inject")
#: Promised: stuck work is found by itself within a minute.
PROMISED_SECONDS = 60
POLL_SECONDS = 0.1


class Town:
    """What a fault works with. Its methods that look into the database do so as the portal's own role."""

    def __init__(self, stack: Stack, mail: MailSink, office: Office) -> None:
        self.stack, self.mail, self.office = stack, mail, office
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

    def send_until_answered(self, letter: Letter, seconds: float = PROMISED_SECONDS) -> Answer:
        """What people do where no answer came, or the answer was to try again later: presses the button again."""
        return self.wait_for(lambda: self._reference(letter), "a reference", seconds=seconds)

    def _reference(self, letter: Letter) -> Answer | None:
        try:
            answer = self.send(letter)
        except httpx.HTTPError:
            return None
        assert answer.reference or answer.status == httpx.codes.SERVICE_UNAVAILABLE, f"answered with {answer.status}"
        return answer if answer.reference else None

    # What came of it ------------------------------------------------------------------------------

    def wait_for(self, look: Callable[[], Found | None], what: str, *, seconds: float = PROMISED_SECONDS) -> Found:
        """Out: the first thing found that counts as true; asks again until the time is over."""
        deadline = time.monotonic() + seconds
        while not (found := look()):
            assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain: {what}"
            time.sleep(POLL_SECONDS)
        return found

    def wait_until_done(self, *letters: Letter, seconds: float = PROMISED_SECONDS) -> None:
        """Until every effect of these letters is done, and their mails are there."""
        open_rows = [f"{kind} of {letter.email}" for letter in letters for kind in self._open(letter)]
        self.wait_for(
            lambda: not any(self._open(letter) for letter in letters), f"{open_rows or 'effects'}", seconds=seconds
        )

    def _open(self, letter: Letter) -> list[str]:
        from foundation.outbox.models import OutboxRow

        self.fresh_connection()
        rows = OutboxRow.objects.filter(subject_id=letter.draft_id)
        kinds = list(rows.values_list("kind", "state"))
        return [kind for kind, state in kinds if state != OutboxRow.State.DONE] or ([] if kinds else ["everything"])

    def count_applications(self, letter: Letter) -> int:
        """0 or 1: whether the letter has become an application."""
        from applications.models import Application
        from foundation import scope

        self.fresh_connection()
        with scope.system("a fault is looked at", read_only=True):
            return Application.objects.filter(pk=letter.draft_id).count()

    def breaches(self, since: datetime | None = None, *, settled: bool = True) -> list[str]:
        """What the invariants say, in words; with `settled` nothing may wait any more."""
        from hro_portal import invariants

        self.fresh_connection()
        found = invariants.check(files=True, since=since, patience=timedelta(), settled=settled)
        return [f"{breach.invariant}: {breach.sentence}" for breach in found]

    def wait_until_quiet(self, seconds: float = 2 * PROMISED_SECONDS) -> None:
        """Until nothing in the outbox is due, of nobody; what failed need not wait for its pause."""
        from foundation.outbox.models import OutboxRow

        def quiet() -> bool:
            self.fresh_connection()
            rows = OutboxRow.objects.filter(state=OutboxRow.State.DUE)
            rows.exclude(error_code="").filter(lease_until=None).update(due_at=self.now())
            return not rows.filter(due_at__lte=self.now()).exists()

        self.wait_for(quiet, "an empty outbox", seconds=seconds)

    def let_leases_pass(self) -> None:
        """As if the longest lease and the longest pause had passed."""
        self.fresh_connection()
        walk.let_leases_pass()

    def now(self) -> datetime:
        """The database's clock."""
        from foundation import clock

        return clock.now()

    def fresh_connection(self) -> None:
        """Faults break connections; whoever looks begins with a new one."""
        from django.db import connection

        connection.close()

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
        process = self.stack.process(part)
        usual = process.program
        try:
            self._restart(part, replace(usual, env={**usual.env, **variables}))
            yield
        finally:
            self._restart(part, usual)

    @contextmanager
    def without(self, part: str) -> Iterator[None]:
        """One part of the stack is down in the meantime."""
        process = self.stack.process(part)
        process.stop()
        try:
            yield
        finally:
            process.start()
            process.wait_ready()

    def _restart(self, part: str, program: Program) -> None:
        process = self.stack.process(part)
        process.stop()
        process.program = program
        process.start()
        process.wait_ready()


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
