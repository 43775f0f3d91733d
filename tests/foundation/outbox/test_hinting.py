"""An effect is asked for in the transaction that wants it, and hinted at after its commit."""

import time
from types import SimpleNamespace

import celery
import pytest
from django.db import DatabaseError, transaction

from foundation import outbox, scope
from foundation.ids import new_id
from foundation.outbox import working
from foundation.outbox.models import OutboxRow
from tests.drain import drain
from tests.foundation.outbox.wishes import KIND, put

pytestmark = pytest.mark.usefixtures("portal_db")


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
