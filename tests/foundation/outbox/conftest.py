"""A kind of effect with a queue of its own, and the hints that would have been sent."""

import uuid
from functools import partial
from types import SimpleNamespace

import celery
import pytest

from foundation import outbox
from hro_portal.celery import app
from tests.foundation.outbox.wishes import KIND


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
