"""What no hint found is swept up; what waits too long is shown."""

from datetime import timedelta

import celery
import pytest
from django.db import connections

from foundation import clock, locks, outbox
from foundation.ids import new_id
from foundation.outbox import working
from foundation.outbox.hints import waiting
from foundation.outbox.models import SHOWN_AFTER, OutboxRow
from tests.foundation.outbox.wishes import KIND, fail, let_pass, put

pytestmark = pytest.mark.usefixtures("portal_db")


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
        other.execute("SELECT pg_advisory_lock(%s)", [locks.SWEEP])
        try:
            assert working.sweep() == 0
        finally:
            other.execute("SELECT pg_advisory_unlock(%s)", [locks.SWEEP])
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
