import os
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from foundation import scope
from foundation.audit import anchors, chain
from foundation.audit.models import AuditEvent
from foundation.outbox.models import OutboxRow
from hro_portal.health.models import Heartbeat
from hro_portal.health.tasks import beat

pytestmark = pytest.mark.usefixtures("portal_db")
PARTS = {"database", "redis", "migrations", "storage", "worker", "outbox", "scanner", "trail"}


def ready(client: Client) -> tuple[int, dict[str, Any]]:
    response = client.get("/readyz")
    return response.status_code, response.json()


def test_healthz_asks_nobody(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert response.json() == {"ok": True}
    assert "no-store" in response["Cache-Control"]


def test_readyz_with_everything_at_work(client: Client) -> None:
    beat()
    status, answer = ready(client)
    assert status == 200
    assert answer.keys() == {"ok"} | PARTS
    assert all(answer[part]["ok"] for part in PARTS)


def test_readyz_without_a_worker(client: Client) -> None:
    assert ready(client)[0] == 503
    beat()
    assert ready(client)[0] == 200
    Heartbeat.objects.update(at=Now() - timedelta(minutes=2))
    status, answer = ready(client)
    assert (status, answer["worker"]["ok"]) == (503, False)


def test_a_second_heartbeat_replaces_the_first() -> None:
    beat()
    beat()
    assert Heartbeat.objects.count() == 1


def test_readyz_without_redis(client: Client, settings: Settings) -> None:
    beat()
    settings.REDIS_URL = "redis+socket:///nowhere/redis"
    status, answer = ready(client)
    assert status == 503
    assert answer["redis"] == {"ok": False, "error": "ConnectionError"}
    assert answer["database"]["ok"]


def test_readyz_when_files_cannot_be_kept(client: Client, settings: Settings, tmp_path: Path) -> None:
    beat()
    in_the_way = tmp_path / "files"
    in_the_way.write_text("a file where the folder should be")
    settings.FILES_DIR = in_the_way
    status, answer = ready(client)
    assert (status, answer["storage"]["ok"]) == (503, False)


def test_readyz_tells_how_long_the_oldest_work_waits(client: Client) -> None:
    beat()
    authority = uuid.uuid4()
    OutboxRow.objects.create(
        authority_id=authority, kind="later", subject_id=uuid.uuid4(), due_at=Now() + timedelta(days=1)
    )
    assert ready(client)[1]["outbox"]["oldest_due_seconds"] == 0
    OutboxRow.objects.create(
        authority_id=authority, kind="stuck", subject_id=uuid.uuid4(), due_at=Now() - timedelta(minutes=6)
    )
    status, answer = ready(client)
    assert status == 503
    assert 360 <= answer["outbox"]["oldest_due_seconds"] < 420
    assert answer["outbox"]["needs_attention"] == 0


def test_readyz_counts_what_people_have_to_look_at_and_stays_ready(client: Client) -> None:
    """A case that was given up is no reason to send people away from the portal."""
    beat()
    OutboxRow.objects.create(authority_id=uuid.uuid4(), kind="receipt", subject_id=uuid.uuid4(), state="dead")
    status, answer = ready(client)
    assert status == 200
    assert (answer["outbox"]["dead"], answer["outbox"]["needs_attention"]) == (1, 1)


def test_readyz_tells_how_long_the_trail_waits_for_its_sealer_and_its_anchor(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    beat()
    settings.DATA_DIR = tmp_path
    nothing_yet = {"ok": True, "oldest_event_seconds": 0, "anchored_seconds": 0, "needs_attention": 0}
    assert ready(client)[1]["trail"] == nothing_yet
    for minutes in (40, 30):
        happen_ago(timedelta(minutes=minutes))
    answer = ready(client)[1]["trail"]
    assert 2400 <= answer["oldest_event_seconds"] < 2460
    assert answer["needs_attention"] == 1
    chain.seal_new_events()
    happen_ago(timedelta(minutes=10))
    answer = ready(client)[1]["trail"]
    assert 600 <= answer["oldest_event_seconds"] < 660
    assert answer["needs_attention"] == 0


def test_readyz_tells_when_the_heads_were_last_written_down(client: Client, settings: Settings, tmp_path: Path) -> None:
    beat()
    settings.DATA_DIR = tmp_path
    happen_ago(timedelta(hours=30))
    chain.seal_new_events()
    assert ready(client)[1]["trail"]["needs_attention"] == 1, "no night has passed in which they were"
    anchors.append_heads()
    assert ready(client)[1]["trail"]["needs_attention"] == 0
    yesterday = time.time() - 27 * 3600
    os.utime(anchors.file(), (yesterday, yesterday))
    status, answer = ready(client)
    assert status == 200
    assert 27 * 3600 <= answer["trail"]["anchored_seconds"] < 27 * 3600 + 60
    assert answer["trail"]["needs_attention"] == 1
    assert anchors.append_heads() == []
    assert ready(client)[1]["trail"]["needs_attention"] == 0, "nothing moved, and that was looked at"


def happen_ago(age: timedelta) -> None:
    """An event of the trail as it was written then."""
    with scope.system("a test acts"):
        AuditEvent.objects.create(
            at=Now() - age, authority_id=None, action="a.b", object_kind="x", object_id=uuid.uuid4()
        )


def test_readyz_without_a_database_says_so_and_nothing_more(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    status, answer = ready(client)
    assert status == 503
    assert answer["database"] == {"ok": False, "error": "OperationalError"}
