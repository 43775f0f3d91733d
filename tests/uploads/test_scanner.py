"""The scanner is a real one: what it finds is refused, and what it could not say keeps a file closed (fault F23)."""

import socket

import pytest

from foundation import files, scope
from foundation.errors import PortalError
from foundation.files import scanner, waiting
from foundation.files.models import StoredFile
from foundation.ids import new_id
from tests.uploads.making import EICAR, pdf, zipped


@pytest.fixture
def here():
    return new_id()


def store(authority, content: bytes, name: str = "plan.pdf") -> StoredFile:
    taken = files.take(content, name=name, limits=files.Limits())
    with scope.authority(authority):
        return files.store(taken, authority_id=authority, keyset="rostock", subject_id=new_id())


def again(authority, stored: StoredFile) -> StoredFile:
    with scope.authority(authority, read_only=True):
        return StoredFile.objects.get(pk=stored.pk)


@pytest.mark.asvs("V5.4.3")
@pytest.mark.parametrize(
    "wrapped",
    [
        EICAR,
        zipped({"a.txt": EICAR}),
        zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", "word/media/x.bin": EICAR}),
        pdf(around=EICAR),
    ],
    ids=["txt", "zip", "docx", "pdf"],
)
def test_signature_is_found_however_it_is_wrapped(scanning, wrapped: bytes) -> None:
    assert scanner.ask(wrapped) == scanner.INFECTED
    assert scanner.ask(pdf()) == scanner.CLEAN


def test_infected_file_is_refused_at_the_gate(scanning, portal_db) -> None:
    with pytest.raises(files.FileRefused) as refusal:
        files.take(pdf(around=EICAR), name="plan.pdf", limits=files.Limits())
    assert refusal.value.code == "file-infected"


@pytest.mark.asvs("V5.4.3")
def test_file_that_came_while_the_scanner_was_away_waits_unopened_and_is_caught_up(
    scanning, portal_db, here, monkeypatch
) -> None:
    scanning.stop()
    content = pdf()
    good, bad = store(here, content), store(here, pdf(around=EICAR))
    assert {good.verdict, bad.verdict} == {"pending"}
    for stored in (good, bad):
        with pytest.raises(PortalError) as refusal:
            files.read(stored)
        assert (refusal.value.code, refusal.value.status) == ("file-waits", 404)
    assert waiting.scan_waiting() == 0
    assert waiting.longest_wait().total_seconds() > 0

    scanning.start()
    monkeypatch.setattr(scanner, "_left_alone_until", 0.0)
    assert waiting.scan_waiting() == 2
    assert waiting.longest_wait().total_seconds() == 0
    assert files.read(again(here, good)) == content
    infected = again(here, bad)
    assert infected.verdict == "infected"
    with pytest.raises(PortalError) as refusal:
        files.read(infected)
    assert refusal.value.code == "file-infected"


def test_longer_than_the_scanner_takes_is_not_clean(scanning, portal_db) -> None:
    assert files.take(pdf(around=bytes(3_000_000)), name="plan.pdf", limits=files.Limits()).verdict == "pending"


def test_scanner_that_never_answers_holds_nobody_up_twice(portal_db, settings, monkeypatch, left_alone) -> None:
    """It takes the file and says nothing; who comes next does not wait for it at all."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        settings.CLAMD_URL, settings.DEMO = f"tcp://127.0.0.1:{mute.getsockname()[1]}", False
        monkeypatch.setattr(scanner, "TIMEOUT_SECONDS", 0.3)
        assert scanner.verdict(pdf(), "plan.pdf") == "pending"
    assert scanner.is_left_alone()
    monkeypatch.setattr(scanner, "ask", lambda content: pytest.fail("asked again"))
    assert scanner.verdict(pdf(), "plan.pdf") == "pending"


def test_gate_is_never_passed_inside_of_a_transaction(portal_db, here, settings) -> None:
    settings.DEMO, settings.CLAMD_URL = True, ""
    with scope.authority(here), pytest.raises(RuntimeError):
        files.take(pdf(), name="plan.pdf", limits=files.Limits())
