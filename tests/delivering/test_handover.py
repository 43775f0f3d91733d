"""Handing over to a department's own program: faults F20 and F21 against a real HTTP server that keeps a journal."""

import json
import socket
import struct
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import override_settings

from applications.delivering import handover, line
from applications.models import Application, Line, Routing
from authorities.endpoints import check_endpoint
from authorities.models import Department
from foundation import outbox, scope
from foundation.audit.models import AuditEvent
from foundation.outbox import working
from foundation.outbox.models import OutboxRow
from hro_portal.invariants import check
from tests import filler

pytestmark = pytest.mark.usefixtures("city")


class Program(ThreadingHTTPServer):
    """A department's program that keeps every request and answers as told, the last way for good."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.ways: list[str] = ["fine"]
        self.seen: list[tuple[str, bytes]] = []
        self.released = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/eingang"


class _Answering(BaseHTTPRequestHandler):
    server: Program

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.headers["Idempotency-Key"], body))
        ways = self.server.ways
        getattr(self, ways.pop(0) if len(ways) > 1 else ways[0])(json.loads(body)["reference"])

    def fine(self, reference: str) -> None:
        self._answer(201, json.dumps({"received": reference}).encode())

    def broken(self, reference: str) -> None:
        self._answer(500, b"")

    def rubbish(self, reference: str) -> None:
        self._answer(200, b"<h1>Anmeldung</h1>")

    def of_another(self, reference: str) -> None:
        self._answer(200, b'{"received": "HRO-ANDERS"}')

    def huge(self, reference: str) -> None:
        self._answer(200, json.dumps({"received": reference, "more": "x" * 100_000}).encode())

    def elsewhere(self, reference: str) -> None:
        self.send_response(307)
        self.send_header("Location", f"http://127.0.0.1:{self.server.server_address[1]}/anderswo")
        self.end_headers()

    def slow(self, reference: str) -> None:
        self.server.released.wait(5)

    def reset(self, reference: str) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def lost(self, reference: str) -> None:
        """Took the case and said so, but the answer never arrived (F21)."""
        self.close_connection = True

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """The journal is `seen`."""


@pytest.fixture
def program(city: None, monkeypatch) -> Iterator[Program]:
    """The program of the office that gets ideas; departments stay between tests, so its address is taken back."""
    monkeypatch.setattr(handover, "STEP_SECONDS", 0.4)
    server = Program()
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    with scope.system("a test connects a program"):
        Department.objects.filter(slug="buero-ob").update(endpoint=server.url)
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE authorities_department SET endpoint = ''")


@pytest.fixture
def case(client, program: Program) -> Application:
    return routed(client)


def routed(client) -> Application:
    """An idea on its way: routed, and asked to be handed over."""
    draft = filler.begin(client)
    filler.fill_idea(client, draft)
    filler.submit(client, draft)
    for row in OutboxRow.objects.filter(kind="route"):
        working.work(row.pk)
    with scope.system("a test looks"):
        return Application.objects.latest("submitted_at")


def wish(case: Application) -> OutboxRow:
    return OutboxRow.objects.get(kind=handover.KIND, subject_id=case.pk)


def try_now(case: Application) -> bool:
    """As if the pause had passed."""
    OutboxRow.objects.filter(kind=handover.KIND, subject_id=case.pk).update(due_at="2026-01-01T00:00Z")
    return working.work(wish(case).pk)


def delivered(case: Application) -> bool:
    with scope.system("a test looks"):
        return Routing.objects.get(application=case, target=handover.TARGET).delivered_at is not None


@pytest.mark.tr("R4:A3.6.01")
def test_a_case_is_handed_over_once_and_written_down(case: Application, program: Program) -> None:
    assert not delivered(case)
    assert try_now(case)
    assert not try_now(case)
    assert delivered(case)
    [(key, body)] = program.seen
    sent = json.loads(body)
    assert key == sent["id"] == str(case.pk)
    assert sent["reference"] == case.reference
    assert sent["service"] == "wuensche-und-ideen"
    assert sent["answers"]["text"] == filler.IDEA["text"]
    with scope.system("a test looks"):
        assert AuditEvent.objects.filter(action="application.handed_over", object_id=case.pk).count() == 1
    assert [each for each in check(patience=timedelta(0)) if "handed" in each.invariant] == []


def test_a_department_without_a_program_is_left_in_peace(client, city: None) -> None:
    case = routed(client)
    assert not OutboxRow.objects.filter(kind=handover.KIND).exists()
    with scope.system("a test looks"):
        assert [routing.target for routing in case.routings.all()] == ["department"]


@pytest.mark.tr("R4:A3.6.06")
@pytest.mark.asvs("V16.5.2")
@pytest.mark.parametrize(
    ("way", "code"),
    [
        ("broken", "target-status-500"),
        ("elsewhere", "target-status-307"),
        ("rubbish", "target-rubbish"),
        ("of_another", "target-rubbish"),
        ("huge", "target-rubbish"),
        ("slow", "target-slow"),
        ("reset", "target-unreachable"),
        ("lost", "target-unreachable"),
    ],
)
def test_whatever_the_program_does_the_next_try_sends_the_same(
    case: Application, program: Program, way: str, code: str
) -> None:
    """F20 and F21: tried again later, with one payload and one key; nothing else of the case waits for it."""
    program.ways = [way, "fine"]
    began = time.monotonic()
    assert not try_now(case)
    assert time.monotonic() - began < 5
    row = wish(case)
    assert (row.state, row.error_code, row.attempts) == ("due", code, 1)
    assert row.due_at > row.created_at
    assert not delivered(case)
    assert try_now(case)
    assert delivered(case)
    assert len(program.seen) == 2
    assert len(set(program.seen)) == 1


def test_nothing_is_sent_where_nobody_listens(case: Application, program: Program) -> None:
    program.shutdown()
    program.server_close()
    assert not try_now(case)
    assert wish(case).error_code == "target-unreachable"


def test_a_silent_program_is_left_alone_and_others_are_not_delayed(client, case: Application, program: Program) -> None:
    """The circuit of one target opens; a case of another department goes its way."""
    program.ways = ["broken"]
    for _ in range(line.SILENT_AFTER):
        assert not try_now(case)
    asked = len(program.seen)
    assert not try_now(case)
    assert wish(case).error_code == "target-silent"
    assert len(program.seen) == asked
    with scope.system("a test connects another program"):
        other = Department.objects.exclude(slug="buero-ob")[0]
    line.demand(other.pk)

    # When the pause has passed, one tries for all.
    program.ways = ["fine"]
    Line.objects.update(ask_again_at="2026-01-01T00:00Z")
    line.demand(Line.objects.get().pk)
    with pytest.raises(outbox.NotNow):
        line.demand(Line.objects.get().pk)
    Line.objects.update(ask_again_at="2026-01-01T00:00Z")
    assert try_now(case)
    assert Line.objects.get().failures == 0


def test_after_the_last_try_people_have_to_look(case: Application, program: Program) -> None:
    program.ways = ["broken"]
    OutboxRow.objects.filter(kind=handover.KIND).update(attempts=handover.MOST_ATTEMPTS - 1)
    assert not try_now(case)
    assert wish(case).state == OutboxRow.State.DEAD
    assert not delivered(case)
    assert [each for each in check(patience=timedelta(0)) if "handed" in each.invariant] == []


def test_an_address_that_was_taken_away_is_an_error_and_no_crash(case: Application, program: Program) -> None:
    with scope.system("a test takes the address away"):
        Department.objects.filter(slug="buero-ob").update(endpoint="")
    assert not try_now(case)
    assert wish(case).error_code == "target-address"


@pytest.mark.tr("A3.6.01")
@pytest.mark.asvs("V1.3.6", "V13.2.4")
@pytest.mark.parametrize(
    "url",
    [
        "http://amt.example.org/",
        "ftp://amt.example.org/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::ffff:169.254.169.254]/",
        "https://[2002:a9fe:a9fe::]/",
        "https://[fe80::1]/",
        "https://[fd00:ec2::254]/latest/meta-data/",
        "https://100.100.100.200/latest/meta-data/",
        "https://[::ffff:100.64.0.1]/",
        "https://0.0.0.0/",
        "https://name:wort@amt.example.org/",
        "https://amt.example.org/#x",
        "https://amt.example.org:70000/",
        "https://[zz]/",
        "https:///eingang",
    ],
)
def test_an_address_inside_of_the_portal_is_refused(url: str) -> None:
    with override_settings(DEMO=False), pytest.raises(ValidationError):
        check_endpoint(url)


@pytest.mark.asvs("V1.3.6", "V13.2.4")
def test_a_name_that_means_the_portal_itself_is_not_asked(case: Application, program: Program) -> None:
    """What a name means is looked up and checked at each try, not when it was typed."""
    with scope.system("a test sets a name"):
        Department.objects.filter(slug="buero-ob").update(endpoint="https://localhost:9/")
    with override_settings(DEMO=False):
        assert not try_now(case)
    assert wish(case).error_code == "target-address"


def test_a_program_in_the_network_of_the_city_is_fine() -> None:
    with override_settings(DEMO=False):
        check_endpoint("https://10.1.2.3:8443/eingang")
        check_endpoint("https://fachverfahren.example.org/eingang")


@pytest.mark.parametrize("answer", [b'{"received": "other", "received": "mine"}', b"[" * 200_000, b'{"received": NaN}'])
def test_a_confirmation_that_means_two_things_is_none(answer: bytes) -> None:
    with pytest.raises(handover.NotHandedOver) as refused:
        handover._demand_confirmation(answer, "mine")
    assert refused.value.code == "target-rubbish"
