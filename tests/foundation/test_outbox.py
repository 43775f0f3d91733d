import threading
import time
import uuid
from datetime import timedelta
from functools import partial
from types import SimpleNamespace

import celery
import pytest
from django.db import DatabaseError, connection, connections, transaction

from foundation import clock, outbox, scope
from foundation.audit.models import AuditEvent
from foundation.errors import PortalError
from foundation.ids import new_id
from foundation.outbox import working
from foundation.outbox.hints import waiting
from foundation.outbox.models import SHOWN_AFTER, OutboxRow
from hro_portal.celery import app
from tests.drain import drain

pytestmark = pytest.mark.usefixtures("portal_db")

KIND = "test.effect"


@pytest.fixture(autouse=True)
def hints(monkeypatch):
    """What would have been sent to the broker, as (row id, queue)."""
    sent = []

    def send_task(name, *, kwargs, queue, retry):
        assert (name, retry) == ("outbox.work_one", False)
        sent.append((kwargs["row_id"], queue))

    monkeypatch.setattr(celery.current_app, "send_task", send_task)
    return sent


@pytest.fixture
def sent_for_real(hints, monkeypatch):
    """Hints go to the broker as in the city; nobody takes them."""
    monkeypatch.setattr(celery.current_app, "send_task", partial(celery.Celery.send_task, celery.current_app))


@pytest.fixture
def queue():
    """The name of a queue that is empty and that no worker reads."""
    name = f"test-{uuid.uuid4()}"
    yield name
    with app.connection_for_write() as broker:
        broker.default_channel.queue_purge(name)


@pytest.fixture
def effect(monkeypatch, queue):
    """Registers a handler; `done` are the subjects that it was called for, `do` is what else it does."""
    state = SimpleNamespace(done=[], do=lambda row: None)

    def run(row):
        state.done.append(row.subject_id)
        state.do(row)

    monkeypatch.setitem(outbox.handlers, KIND, outbox.Handler(run, queue))
    return state


def put(here, **fields):
    with scope.authority(here):
        outbox.put(KIND, authority_id=here, **({"subject_id": new_id()} | fields))
    return OutboxRow.objects.latest("created_at")


def let_pass(row, seconds):
    """As if the row had been written, claimed and put off that much earlier."""
    row.refresh_from_db()
    row.due_at -= timedelta(seconds=seconds)
    row.lease_until = row.lease_until and row.lease_until - timedelta(seconds=seconds)
    row.save(update_fields=["due_at", "lease_until"])


def fail(error):
    def raise_error(row):
        raise error

    return raise_error


def test_effect_is_hinted_after_the_commit_in_its_own_queue(here, effect, hints, queue):
    with scope.authority(here):
        outbox.put(KIND, authority_id=here, subject_id=new_id())
        assert hints == []
    row = OutboxRow.objects.get()
    assert hints == [(str(row.id), queue)]


@pytest.mark.parametrize("error", [RuntimeError("Acquire on closed pool"), ValueError("whatever")])
def test_a_hint_that_fails_in_a_way_nobody_foresaw_does_not_fail_who_submits(here, effect, monkeypatch, error):
    def send_task(*args, **kwargs):
        raise error

    monkeypatch.setattr(celery, "current_app", SimpleNamespace(send_task=send_task))
    with scope.authority(here):
        for _ in range(2):
            outbox.put(KIND, authority_id=here, subject_id=new_id())
    assert OutboxRow.objects.filter(state="due").count() == 2


def test_effect_of_a_rolled_back_wish_never_happens(here, effect, hints):
    def put_and_fail():
        with scope.authority(here):
            outbox.put(KIND, authority_id=here, subject_id=new_id())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        put_and_fail()
    assert hints == []
    assert not OutboxRow.objects.exists()


def test_same_effect_asked_for_twice_is_one_and_does_not_break_the_transaction(here, effect):
    subject = new_id()
    with scope.authority(here):
        for target in ("", "", "amt-a"):
            outbox.put(KIND, authority_id=here, subject_id=subject, target=target)
    assert OutboxRow.objects.count() == 2
    assert drain() == 2
    put(here, subject_id=subject)
    assert drain() == 0


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
    effect.do = lambda row: time.sleep(0.1)
    row = put(here)

    def deliver():
        working.work(row.id)
        connection.close()

    copies = [threading.Thread(target=deliver) for _ in range(5)]
    for copy in copies:
        copy.start()
    for copy in copies:
        copy.join()
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


def test_effect_of_later_waits_and_is_found_by_the_sweep(here, effect, hints, queue):
    row = put(here, due_at=clock.now() + timedelta(hours=1))
    assert hints == []
    assert working.sweep() == 0
    let_pass(row, 3601)
    assert working.sweep() == 1
    assert hints == [(str(row.id), queue)]


def test_a_queue_that_nobody_reads_keeps_no_other_from_being_swept(here, effect, hints, queue):
    """500 receipts wait for a worker that is away; a case whose hint was lost is routed all the same."""
    long_ago = clock.now() - timedelta(hours=1)
    waiting = [OutboxRow(kind=KIND, authority_id=here, subject_id=new_id(), due_at=long_ago) for _ in range(501)]
    OutboxRow.objects.bulk_create(waiting)
    route = OutboxRow.objects.create(kind="route", authority_id=here, subject_id=new_id())
    working.sweep()
    assert (str(route.id), outbox.DEFAULT) in hints
    assert len([row_id for row_id, name in hints if name == queue]) == 500


def test_two_sweeps_never_meet(here, effect, hints):
    let_pass(put(here, due_at=clock.now()), 60)
    with connections["owner"].cursor() as other:
        other.execute("SELECT pg_advisory_lock(%s)", [working._LOCK])
        try:
            assert working.sweep() == 0
        finally:
            other.execute("SELECT pg_advisory_unlock(%s)", [working._LOCK])
    assert working.sweep() == 1


def test_the_sweep_hints_at_no_more_than_a_queue_has_room_for(here, effect, queue, sent_for_real, monkeypatch):
    monkeypatch.setattr(working, "MOST_WAITING", 3)
    for _ in range(2):
        let_pass(put(here, due_at=clock.now()), 60)
    assert (working.sweep(), waiting(queue)) == (2, 2)
    for _ in range(3):
        let_pass(put(here, due_at=clock.now()), 60)
    assert [working.sweep() for _ in range(4)] == [1, 0, 0, 0]
    assert waiting(queue) == 3
    with celery.current_app.connection_for_write() as broker:
        broker.default_channel.queue_purge(queue)
    assert working.sweep() == 3, "what was lost is hinted at again"


def test_sweep_leaves_alone_what_is_held_or_done(here, effect, hints):
    held, done = put(here), put(here)
    working._claim(held.id)
    working.work(done.id)
    assert working.sweep() == 0


def test_backlog_tells_the_age_of_the_oldest_row_and_what_fails(here, effect):
    assert working.backlog() == working.Backlog(oldest_seconds=0.0, failing=0, dead=0, for_people=0)
    effect.do = fail(ValueError())
    working.work(put(here).id)
    put(here)
    let_pass(put(here), 90)
    backlog = working.backlog()
    assert (backlog.failing, backlog.dead, backlog.for_people) == (1, 0, 0)
    assert 90 <= backlog.oldest_seconds < 100


def test_what_did_not_help_itself_in_time_is_for_people(here, effect):
    effect.do = fail(ValueError())
    failing = put(here)
    working.work(failing.id)
    assert not OutboxRow.objects.for_people().exists()
    OutboxRow.objects.filter(pk=failing.pk).update(created_at=clock.now() - 2 * SHOWN_AFTER)
    let_pass(put(here), 2 * SHOWN_AFTER.total_seconds())
    dead = put(here)
    OutboxRow.objects.filter(pk=dead.pk).update(state="dead")
    assert working.backlog().for_people == 3


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


@pytest.mark.asvs("V16.5.2")
def test_dead_broker_costs_little_and_loses_nothing(here, effect, monkeypatch, caplog):
    away = celery.Celery(broker="redis://127.0.0.1:1/0", set_as_current=False)
    away.conf.broker_transport_options = {"max_retries": 0, "socket_connect_timeout": 0.2}
    monkeypatch.setattr(celery, "current_app", away)
    put(here)
    begun = time.monotonic()
    row = put(here)
    assert time.monotonic() - begun < 0.5
    assert str(row.id) in caplog.text
    assert working.sweep() == 0
    assert drain() == 2


def test_unknown_state_is_refused_by_the_database(here, effect):
    row = put(here)
    with pytest.raises(DatabaseError, match="outbox_state_known"), transaction.atomic():
        OutboxRow.objects.filter(pk=row.pk).update(state="lost")


def test_two_handlers_for_one_kind_are_refused(effect):
    with pytest.raises(ValueError, match=KIND):
        outbox.handler(KIND)(lambda row: None)


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
