"""Whether a file is genuine: it is judged in a process of its own, and nothing of it is kept."""

import io
import subprocess
import sys

import pikepdf
import pytest
from django.conf import settings as portal_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.people import Clerk
from applications.models import IssuedDocument, Receipt
from foundation import files, limits, scope, sealing
from foundation.audit.models import AuditEvent
from foundation.errors import PortalError
from foundation.sealing import Result, checking
from tests import filler
from tests.drain import drain
from tests.frame.pages import Page
from tests.issuing.permits import permit, sealed_file

pytestmark = pytest.mark.usefixtures("city")


def send(client: Client, content: bytes, name: str = "bescheid.pdf"):
    return client.post(reverse("issuing:check"), {"file": SimpleUploadedFile(name, content, "application/pdf")})


@pytest.fixture
def genuine(head: Clerk) -> bytes:
    return sealed_file(pk=permit(head).pk)


def test_page_tells_genuine_from_changed_and_foreign(client: Client, genuine: bytes) -> None:
    page = Page(client.get(reverse("issuing:check")))
    assert page.faults() == []
    with pikepdf.open(io.BytesIO(genuine)) as document:
        anew = io.BytesIO()
        document.save(anew)
    for content, sentence in (
        (genuine, "Echt: Diese Datei ist von uns und unverändert"),
        (anew.getvalue(), "Verändert: Jemand hat diese Datei geändert"),
        (b"%PDF-1.7\nnothing", "Nicht von uns"),
    ):
        response = send(client, content)
        assert response.status_code == 200
        answered = Page(response)
        assert ("Gesiegelt von Hanse- und Universitätsstadt Rostock am" in answered.text) == (content is genuine)
        assert sentence in answered.text
        assert answered.faults() == []


@pytest.mark.asvs("V15.2.2", "V5.2.1")
def test_hostile_file_ends_its_own_process_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "SECONDS", 0.001)
    assert checking.verify_in_child(b"%PDF-1.7").result == Result.UNREADABLE
    monkeypatch.undo()
    loop = b"%PDF-1.7\nxref\n0 0\ntrailer\n<</Prev 9/Root 1 0 R/Size 1>>\nstartxref\n9\n%%EOF"
    assert checking.verify_in_child(loop).result == Result.UNREADABLE


@pytest.mark.parametrize("greedy", ["bytearray(child.MEMORY_BYTES)", "os.write(os.open('file', os.O_CREAT | 1), b'x')"])
def test_process_that_judges_has_little_memory_and_writes_nothing(greedy: str, tmp_path) -> None:
    script = f"import os; from foundation.sealing import child; child._give_up_power(); {greedy}"
    environment = {"PYTHONPATH": str(portal_settings.BASE_DIR), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, check=False
    )
    assert done.returncode != 0
    assert b"MemoryError" in done.stderr or b"File too large" in done.stderr


def test_files_are_judged_one_at_a_time_and_who_waits_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "WAIT_SECONDS", 0.01)
    with checking._turn, pytest.raises(PortalError) as busy:
        checking.verify_in_child(b"%PDF-1.7")
    assert busy.value.status == 503


@pytest.mark.parametrize(("content", "sentence"), [(None, "Wählen Sie die Datei"), (b"", "Diese Datei ist leer")])
def test_page_says_what_to_do_without_a_file(client: Client, content, sentence) -> None:
    response = client.post(reverse("issuing:check")) if content is None else send(client, content)
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_file_that_is_too_large_is_not_judged(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("applications.issuing.forms.MOST_BYTES", 100)
    monkeypatch.setattr(checking, "_ask_child", lambda _pdf: pytest.fail("it was judged"))
    response = send(client, b"%PDF-1.7" + b" " * 200)
    assert response.status_code == 422
    assert "größer als 10 MB" in response.content.decode()


@pytest.mark.asvs("V2.4.1")
def test_tries_are_limited(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "allow", lambda *_, **__: False)
    response = send(client, b"%PDF-1.7")
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 15 * 60
    assert "zu viele Versuche" in response.content.decode()


def test_nothing_of_a_checked_file_is_kept(client: Client, genuine: bytes) -> None:
    with scope.system("count", read_only=True):
        before = Receipt.objects.count(), AuditEvent.objects.count(), IssuedDocument.objects.count()
    send(client, genuine)
    with scope.system("count", read_only=True):
        assert before == (Receipt.objects.count(), AuditEvent.objects.count(), IssuedDocument.objects.count())


def test_web_process_knows_neither_pyhanko_nor_weasyprint() -> None:
    script = (
        "import sys, django; django.setup()\n"
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        "import applications.issuing.views\n"
        "print([name for name in ('pyhanko', 'weasyprint') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.asvs("V16.5.3")
def test_without_a_seal_the_receipt_waits_and_is_made_once_the_seal_is_there(
    client: Client, settings, tmp_path, monkeypatch
) -> None:
    """F40: nothing leaves the house unsealed; the page says that the file is being made, and the row comes again."""
    from foundation.outbox import working
    from foundation.outbox.models import OutboxRow

    draft = filler.begin(client)
    filler.fill_idea(client, draft)
    filler.submit(client, draft)
    monkeypatch.setattr(sealing.keys, "read", refuse)
    for row in OutboxRow.objects.ready().filter(kind="receipt"):
        assert working.work(row.pk) is False
    row = OutboxRow.objects.get(kind="receipt")
    assert row.error_code == "seal-unavailable"
    with scope.system("look", read_only=True):
        assert not Receipt.objects.exists()
        assert not IssuedDocument.objects.exists()
    monkeypatch.undo()
    OutboxRow.objects.filter(pk=row.pk).update(due_at=row.created_at)
    drain()
    with scope.system("look", read_only=True):
        receipt = Receipt.objects.select_related("file").get()
        assert sealing.verify_pdf(files.read(receipt.file)).result == Result.GENUINE


def refuse(keyset: str) -> None:
    raise sealing.SealUnavailable(keyset)
