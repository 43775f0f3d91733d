"""An effect is done once, whoever dies, and tried again until people must look."""

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection

from foundation import clock, outbox, scope
from foundation.audit.models import AuditEvent
from foundation.errors import PortalError
from foundation.ids import new_id
from foundation.outbox import working
from foundation.outbox.models import OutboxRow
from tests.at_once import at_once
from tests.drain import drain
from tests.foundation.outbox.wishes import KIND, fail, let_pass, put

pytestmark = pytest.mark.usefixtures("portal_db")


def test_effect_and_completion_are_one_commit_in_the_authoritys_scope(here, effect):
    from foundation import audit

    effect.do = lambda row: audit.record("x.done", authority_id=here, object_kind="x", object_id=row.subject_id)
    row = put(here)
    assert working.work(row.id)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.lease_token) == ("done", 1, None)
    with scope.authority(here):
        assert AuditEvent.objects.get().object_id == row.subject_id


def test_five_copies_of_a_hint_at_once_are_one_effect(here, effect):
    """The one that does the effect is at it until the four others have come and gone."""
    gone, went = threading.Semaphore(0), []
    effect.do = lambda row: went.extend(gone.acquire(timeout=30) for _ in range(4))
    row = put(here)

    def deliver(_no):
        is_done = working.work(row.id)
        gone.release()
        return is_done

    assert sorted(at_once(5, deliver)) == [False] * 4 + [True]
    assert went == [True] * 4
    assert effect.done == [row.subject_id]


def test_hint_for_a_row_that_is_done_or_gone_does_nothing(here, effect):
    row = put(here)
    assert working.work(row.id)
    assert not working.work(row.id)
    assert not working.work(new_id())
    assert len(effect.done) == 1


def test_failed_effect_leaves_nothing_and_comes_back_later(here, effect):
    from foundation import audit

    def write_and_fail(row):
        audit.record("x.done", authority_id=here, object_kind="x", object_id=row.subject_id)
        raise ValueError("Lena Kogge, geboren am 3.5.1990")

    effect.do = write_and_fail
    row = put(here)
    assert not working.work(row.id)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error_code) == ("due", 1, "ValueError")
    assert timedelta(0) < row.due_at - clock.now() <= timedelta(seconds=10)
    assert not working.work(row.id), "it is not due yet"
    with scope.authority(here):
        assert not AuditEvent.objects.exists()
    effect.do = lambda row: None
    let_pass(row, 10)
    assert working.work(row.id)


@pytest.mark.asvs("V16.2.5")
@pytest.mark.tr("A3.14.07")
def test_failure_is_logged_by_code_and_without_the_words_of_the_error(here, effect, caplog):
    effect.do = fail(PortalError("no-pango", "Lena Kogge, geboren am 3.5.1990"))
    row = put(here)
    working.work(row.id)
    row.refresh_from_db()
    assert row.error_code == "no-pango"
    assert "no-pango" in caplog.text
    assert "Kogge" not in caplog.text


def test_poison_is_buried_after_twelve_attempts_with_growing_pauses_and_can_be_redriven(here, effect, hints, queue):
    effect.do = fail(UnicodeError())
    row = put(here)
    pauses = []
    for _ in range(12):
        working.work(row.id)
        row.refresh_from_db()
        pauses.append((row.due_at - clock.now()).total_seconds())
        let_pass(row, 4000)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error_code) == ("dead", 12, "UnicodeError")
    assert max(pauses) <= 3600
    assert pauses[9] > pauses[0] * 60
    assert not working.work(row.id)
    assert working.backlog().dead == 1
    effect.do = lambda row: None
    hints.clear()
    working.redrive(row)
    assert hints == [(str(row.id), queue)]
    assert drain() == 1


def test_row_of_a_killed_worker_is_due_again_when_its_lease_ends(here, effect):
    row = put(here)
    claimed = working._claim(row.id)
    assert claimed is not None
    assert not working.work(row.id)
    let_pass(row, working.LEASE.total_seconds() - 5)
    assert not working.work(row.id)
    let_pass(row, 6)
    assert working.work(row.id)
    assert effect.done == [row.subject_id]


def test_row_that_kills_every_worker_is_buried(here, effect):
    row = put(here)
    for _ in range(12):
        assert working._claim(row.id) is not None
        let_pass(row, 200)
    assert not working.work(row.id)
    row.refresh_from_db()
    assert (row.state, row.error_code, effect.done) == ("dead", "worker-lost", [])


def test_worker_that_lost_its_lease_cannot_complete(here, effect):
    from foundation import audit

    def lose_the_lease(row):
        audit.record("x.done", authority_id=here, object_kind="x", object_id=row.subject_id)
        OutboxRow.objects.filter(pk=row.pk).update(lease_token=new_id())

    effect.do = lose_the_lease
    row = put(here)
    assert not working.work(row.id)
    with scope.authority(here):
        assert not AuditEvent.objects.exists()


def test_row_of_an_unknown_kind_is_buried_visibly(here, caplog):
    row = put(here)
    assert not working.work(row.id)
    row.refresh_from_db()
    assert (row.state, row.error_code) == ("dead", "unknown-kind")


def test_an_effect_that_may_not_be_tried_yet_comes_again_when_it_says(here, effect):
    until = clock.now() + timedelta(minutes=3)

    def not_now(row):
        raise outbox.NotNow(until, "busy")

    effect.do = not_now
    row = put(here)
    assert not working.work(row.id)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error_code, row.due_at) == ("due", 1, "busy", until)


def test_who_asks_outside_does_so_in_no_transaction_and_finishes_in_one(here, monkeypatch):
    seen = []

    def ask(row):
        seen.append(connection.in_atomic_block)
        return lambda: seen.append(connection.in_atomic_block)

    monkeypatch.setitem(outbox.handlers, KIND, outbox.Handler(ask=ask, most_attempts=2))
    assert working.work(put(here).id)
    assert seen == [False, True]


def test_a_kind_may_be_tried_less_often_than_others(here, monkeypatch):
    def ask(row):
        raise ValueError

    monkeypatch.setitem(outbox.handlers, KIND, outbox.Handler(ask=ask, most_attempts=1))
    row = put(here)
    working.work(row.id)
    row.refresh_from_db()
    assert row.state == "dead"


def test_operator_gives_dead_rows_a_new_try(here, effect, hints):
    from foundation.outbox.admin import OutboxAdmin

    effect.do = fail(ValueError())
    dead = put(here)
    put(here)
    OutboxRow.objects.filter(pk=dead.pk).update(state="dead", attempts=12, error_code="ValueError")
    hints.clear()
    request = SimpleNamespace(_messages=SimpleNamespace(add=lambda *_told: None))
    OutboxAdmin(OutboxRow, SimpleNamespace()).redrive(request, OutboxRow.objects.all())
    dead.refresh_from_db()
    assert (dead.state, dead.attempts, dead.error_code) == ("due", 0, "")
    assert [row_id for row_id, _queue in hints] == [str(dead.id)]
