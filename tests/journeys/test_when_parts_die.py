"""Parts die at the worst moment: nothing that was sent is lost, and nothing is done twice (architecture § 2.4)."""

import http.client
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

import pytest

from hro_portal.stack import Stack, portal
from tests.journeys import forms
from tests.journeys.conftest import Arrive
from tests.journeys.posting import Sender
from tests.journeys.records import Records
from tests.journeys.visitor import Visitor
from tests.journeys.waiting import wait_for

SWEPT_WITHIN = 60


def takes_work(stack: Stack, worker: str) -> bool:
    return portal._takes_work(stack.env["REDIS_URL"], worker)


def at_the_last_page(person: Visitor) -> tuple[Sender, str]:
    """Out: what sends the draft, and its id."""
    forms.begin_idea(person)
    forms.tell_idea(person)
    forms.leave_address(person, "lena@example.org")
    person.at("Prüfen und absenden")
    person.tick("Ich habe alle Angaben geprüft.")
    return Sender(person.page), person.path.split("/")[2]


def wait_until_all_is_done_once(records: Records, draft_id: str) -> None:
    open_rows = "subject_id = %s AND state <> 'done'"
    wait_for(lambda: not records.count("outbox_outboxrow", open_rows, draft_id), "all effects", seconds=SWEPT_WITHIN)
    assert records.count("applications_application", "id = %s AND state = 'RECEIVED'", draft_id) == 1
    assert records.count("applications_receipt", "application_id = %s", draft_id) == 1
    assert records.count("applications_routing", "application_id = %s", draft_id) == 1
    assert records.count("applications_transition", "application_id = %s", draft_id) == 2
    kinds = records.read("SELECT kind FROM outbox_outboxrow WHERE subject_id = %s ORDER BY kind", draft_id)
    assert kinds == [("notify.received",), ("receipt",), ("route",)]


@pytest.mark.asvs("V2.3.3")
@pytest.mark.tr("A3.13.01")
def test_worker_killed_while_it_makes_the_receipt(arrive: Arrive, stack: Stack, records: Records) -> None:
    sender, draft_id = at_the_last_page(arrive())
    worker = stack.process("documents")
    with records.locked("applications_receipt"):  # the worker cannot finish before it dies
        status, _place = sender.submit()
        assert status == HTTPStatus.FOUND
        at_it = "subject_id = %s AND kind = 'receipt' AND lease_until IS NOT NULL"
        wait_for(lambda: records.count("outbox_outboxrow", at_it, draft_id), "the worker takes the row")
        before = worker.pid
        assert before
        os.killpg(before, signal.SIGKILL)
    wait_for(lambda: worker.pid not in (None, before), "the supervisor")
    wait_for(lambda: takes_work(stack, "documents@stack"), "Redis sees the new one take work", seconds=SWEPT_WITHIN)
    assert not takes_work(stack, "somebody@stack")
    assert records.count("applications_receipt", "application_id = %s", draft_id) == 0
    worker.wait_ready()
    # The dead worker's lease ends after 150 seconds; here they have passed.
    records.change("UPDATE outbox_outboxrow SET lease_until = now() WHERE subject_id = %s AND state = 'due'", draft_id)
    wait_until_all_is_done_once(records, draft_id)


@pytest.mark.asvs("V16.5.2")
@pytest.mark.tr("A3.13.04")
def test_submitting_without_redis_shows_the_reference_and_the_work_is_done_later(
    arrive: Arrive, stack: Stack, records: Records
) -> None:
    person = arrive()
    _sender, draft_id = at_the_last_page(person)
    stack.process("redis").stop()
    try:
        reference = forms.submit(person)
        assert reference
        assert records.count("outbox_outboxrow", "subject_id = %s AND state = 'due'", draft_id) == 3
    finally:
        stack.process("redis").start()
        stack.process("redis").wait_ready()
    wait_until_all_is_done_once(records, draft_id)


@pytest.fixture
def accident(stack: Stack) -> Iterator[Path]:
    """The file that makes the web process die at its next commit; the process is an ordinary one again afterwards."""
    file = stack.data_dir / "accident"
    with _web_with(stack, PYTHONPATH=str(Path(__file__).parent / "accident"), PORTAL_ACCIDENT=str(file)):
        yield file


@contextmanager
def _web_with(stack: Stack, **environment: str) -> Iterator[None]:
    web = stack.process("web")
    usual = web.program
    for program in (replace(usual, env={**usual.env, **environment}), usual):
        web.stop()
        web.program = program
        web.start()
        web.wait_ready()
        if program is not usual:
            yield


@pytest.mark.asvs("V2.3.3")
@pytest.mark.tr("A3.13.01", "A3.13.04")
def test_web_killed_between_commit_and_enqueue(arrive: Arrive, stack: Stack, records: Records, accident: Path) -> None:
    sender, draft_id = at_the_last_page(arrive())
    accident.touch()
    with suppress(http.client.HTTPException, OSError):
        sender.submit()
    assert not accident.exists()
    assert records.count("applications_application", "id = %s", draft_id) == 1
    stack.process("web").wait_ready()

    answers = {sender.submit() for _ in range(3)}
    [(reference,)] = records.read("SELECT reference FROM applications_application WHERE id = %s", draft_id)
    assert answers == {(HTTPStatus.FOUND, f"/vorgang/{reference}/abgesendet/")}
    wait_until_all_is_done_once(records, draft_id)
