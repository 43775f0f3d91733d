import functools
import os
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
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
from hro_portal.health import checks, probe
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
    assert answer.keys() == {"ok", "needs_attention"} | PARTS
    assert all(answer[part]["ok"] for part in PARTS)
    assert answer["needs_attention"] == []
    assert not [part for part in PARTS if "advice" in answer[part]]


def test_readyz_without_a_worker_names_it_and_sends_nobody_away(client: Client) -> None:
    """What people send is safe until it is back; a balancer that asks here must not take the pages away."""
    assert ready(client)[1]["needs_attention"] == ["worker"]
    beat()
    assert ready(client)[1]["needs_attention"] == []
    Heartbeat.objects.update(at=Now() - timedelta(minutes=2))
    status, answer = ready(client)
    assert (status, answer["ok"], answer["worker"]["ok"]) == (200, True, False)
    assert answer["needs_attention"] == ["worker"]
    assert "worker und beat" in answer["worker"]["advice"]


def test_a_second_heartbeat_replaces_the_first() -> None:
    beat()
    beat()
    assert Heartbeat.objects.count() == 1


def test_readyz_without_redis(client: Client, settings: Settings) -> None:
    beat()
    settings.REDIS_URL = "redis+socket:///nowhere/redis"
    status, answer = ready(client)
    assert status == 200
    assert answer["redis"] == {"ok": False, "error": "ConnectionError", "advice": checks.ADVICE["redis"]}
    assert answer["needs_attention"] == ["redis"]


def test_readyz_when_files_cannot_be_kept(client: Client, settings: Settings, tmp_path: Path) -> None:
    beat()
    in_the_way = tmp_path / "files"
    in_the_way.write_text("a file where the folder should be")
    settings.FILES_DIR = in_the_way
    status, answer = ready(client)
    assert (status, answer["ok"], answer["storage"]["ok"]) == (503, False, False)
    assert answer["needs_attention"] == ["storage"]


def test_readyz_before_the_tables_are_those_of_the_code(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    beat()
    monkeypatch.setattr(checks, "_applied_once", functools.cache(lambda: False))
    status, answer = ready(client)
    assert (status, answer["needs_attention"]) == (503, ["migrations"])


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
    assert status == 200
    assert (answer["outbox"]["ok"], answer["needs_attention"]) == (False, ["outbox"])
    assert 360 <= answer["outbox"]["oldest_due_seconds"] < 420
    assert answer["outbox"]["needs_attention"] == 0


def test_readyz_counts_what_people_have_to_look_at_and_stays_ready(client: Client) -> None:
    """A case that was given up is no reason to send people away from the portal."""
    beat()
    OutboxRow.objects.create(authority_id=uuid.uuid4(), kind="receipt", subject_id=uuid.uuid4(), state="dead")
    status, answer = ready(client)
    assert status == 200
    assert (answer["outbox"]["dead"], answer["outbox"]["needs_attention"]) == (1, 1)
    assert (answer["outbox"]["ok"], answer["needs_attention"]) == (True, ["outbox"])


def test_readyz_tells_how_long_the_trail_waits_for_its_sealer_and_its_anchor(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    beat()
    settings.DATA_DIR = tmp_path
    nothing_yet = {"ok": True, "oldest_event_seconds": 0, "anchored_seconds": 0, "needs_attention": 0}
    assert ready(client)[1]["trail"] == nothing_yet
    for minutes in (40, 30):
        happen_ago(timedelta(minutes=minutes))
    answer = ready(client)[1]
    assert answer["needs_attention"] == ["trail"]
    assert 2400 <= answer["trail"]["oldest_event_seconds"] < 2460
    assert answer["trail"]["needs_attention"] == 1
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
    assert answer["database"] == {"ok": False, "error": "OperationalError", "advice": checks.ADVICE["database"]}


def test_every_part_says_what_to_do() -> None:
    assert checks.ADVICE.keys() == checks.CHECKS.keys() == PARTS
    assert {*checks.SERVING} < PARTS


@pytest.mark.parametrize(("parts", "ends_with"), [((), 0), (("worker",), 0), (("redis",), 1), (("worker", "redis"), 1)])
def test_the_probe_fails_for_the_parts_that_it_was_asked_for(
    live_readyz: int, parts: tuple[str, ...], ends_with: int
) -> None:
    assert probe.main("readyz", "localhost", *parts, port=live_readyz) == ends_with


@pytest.fixture
def live_readyz() -> Iterator[int]:
    """A port at which `/readyz` answers that Redis needs attention."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/readyz" else 404)
            self.end_headers()
            self.wfile.write(b'{"ok": true, "needs_attention": ["redis"]}')

        def log_message(self, *_said: object) -> None:
            """Nobody reads it."""

    with HTTPServer(("localhost", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_the_probe_fails_where_nobody_answers_or_the_page_is_not_well(live_readyz: int) -> None:
    assert probe.main("elsewhere", port=live_readyz) == 1
    assert probe.main("readyz", port=1) == 1
