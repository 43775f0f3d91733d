"""Beat's ticks, on the real broker: what nobody takes does not pile up."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import celery
import pytest
import yaml
from celery.schedules import crontab
from django.conf import settings

from foundation.outbox import hints
from hro_portal import celery as portal
from hro_portal import ticks
from hro_portal.stack import portal as stack

SECONDLY, DAILY = {"task": "test.often", "schedule": 10.0}, {"task": "test.daily", "schedule": crontab(hour=3)}


@pytest.fixture
def beat(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ticks.Scheduler]:
    """A beat of its own with two entries, whose queue no worker reads."""
    monkeypatch.setattr(ticks, "QUEUE", f"test-{uuid.uuid4()}")
    app = celery.Celery(broker=settings.REDIS_URL, set_as_current=False)
    app.conf.beat_schedule = ticks.in_their_queue({"often": SECONDLY, "daily": DAILY})
    scheduler = ticks.Scheduler(app, schedule_filename=str(tmp_path / "schedule"))
    yield scheduler
    scheduler.close()
    with app.connection_for_write() as broker:
        broker.default_channel.queue_purge(ticks.QUEUE)


def send(beat: ticks.Scheduler, name: str) -> None:
    beat.apply_entry(beat.schedule[name])


def test_what_comes_every_few_seconds_is_left_out_while_nobody_takes_it(beat: ticks.Scheduler) -> None:
    for _ in range(ticks.MOST_WAITING + 5):
        send(beat, "often")
    assert hints.waiting(ticks.QUEUE) == ticks.MOST_WAITING
    with beat.app.connection_for_write() as broker:
        broker.default_channel.queue_purge(ticks.QUEUE)
    send(beat, "often")
    assert hints.waiting(ticks.QUEUE) == 1, "it goes on as soon as somebody takes them again"


def test_what_has_its_hour_is_sent_however_much_waits(beat: ticks.Scheduler) -> None:
    for _ in range(ticks.MOST_WAITING):
        send(beat, "often")
    send(beat, "daily")
    assert hints.waiting(ticks.QUEUE) == ticks.MOST_WAITING + 1


def test_every_tick_goes_to_the_queue_that_the_worker_reads_beside_its_own() -> None:
    queues = {entry["options"]["queue"] for entry in portal.app.conf.beat_schedule.values()}
    assert queues == {ticks.QUEUE}
    assert portal.app.conf.beat_scheduler == f"{ticks.__name__}:{ticks.Scheduler.__name__}"


def test_the_workers_of_the_stack_and_of_the_containers_read_the_ticks() -> None:
    started = stack.worker(redis_url=settings.REDIS_URL, env={}).command
    described = yaml.safe_load((Path(settings.BASE_DIR) / "docker-compose.yml").read_text())
    for command in (started, described["services"]["worker"]["command"]):
        queues = command[command.index("--queues") + 1]
        assert queues.split(",") == ["default", ticks.QUEUE]


def test_only_what_comes_a_few_times_a_day_has_its_hour() -> None:
    """The rest is bounded; these are sent however much waits."""
    hours = [each["schedule"] for each in portal.app.conf.beat_schedule.values()]
    assert sum(len(at.hour) * len(at.minute) for at in hours if isinstance(at, crontab)) == 31


def test_no_tick_and_no_hint_is_thrown_away_by_the_clock_of_whoever_takes_it(beat: ticks.Scheduler) -> None:
    """Celery compares `expires` with the worker's clock, which may be wrong by days (fault F32)."""
    send(beat, "often")
    with beat.app.connection_for_read() as broker:
        message = broker.SimpleQueue(ticks.QUEUE).get_nowait()
    assert message.headers["expires"] is None
    assert not [name for name, entry in portal.app.conf.beat_schedule.items() if "expires" in entry["options"]]
