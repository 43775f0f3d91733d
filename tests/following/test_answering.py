"""Answering a correction request: files stay, text stays, the case goes on, both sides are kept."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.people import Applicant
from applications.contents import text_of
from applications.models import Application, Attachment, CorrectionRequest
from applications.states import State
from foundation import scope
from foundation.files.models import StoredFile
from tests.factories import make_application
from tests.following.rows import ask, pdf

DUE = date(2099, 12, 4)


@pytest.fixture(autouse=True)
def demo(settings) -> None:
    """Without a scanner only the demo takes files."""
    settings.DEMO = True


@pytest.fixture
def asked(person: Applicant) -> tuple[Application, CorrectionRequest]:
    case = make_application(party_id=person.party_id, state=State.ACTION_REQUIRED)
    return case, ask(case, "Uns fehlen zwei Unterlagen.", ["Ausweis", "Foto"], DUE)


def send(client: Client, case: Application, question: CorrectionRequest, **data):
    return client.post(f"/vorgang/{case.reference}/antwort/", {"question": question.pk, **data})


def attachments(person: Applicant, case: Application) -> list[Attachment]:
    with scope.for_person(person, read_only=True):
        return list(Attachment.objects.filter(application_id=case.pk))


def state_of(person: Applicant, case: Application) -> str:
    with scope.for_person(person, read_only=True):
        return Application.objects.get(pk=case.pk).state


def test_a_whole_answer_goes_to_the_office_and_both_sides_stay(client: Client, person: Applicant, asked) -> None:
    case, question = asked
    answer = send(client, case, question, text="Das Foto habe ich nicht.", **{"document-0": pdf()})
    assert answer.status_code == 302

    page = client.get(answer.url).content.decode()
    assert "Ihre Antwort ist angekommen." in page
    assert "Uns fehlen zwei Unterlagen." in page
    assert "Das Foto habe ich nicht." in page
    assert "ausweis.pdf" in page
    assert "Sie haben geantwortet" in page
    assert state_of(person, case) == State.PROCESSING
    with scope.for_person(person, read_only=True):
        kept = case.corrections.get(pk=question.pk)
        assert text_of(case, f"answer:{question.pk}:text", kept.answer.text) == "Das Foto habe ich nicht."
        assert kept.answer.by_user_id == person.user_id


def test_a_missing_document_is_asked_for_at_its_box_and_the_sent_one_stays(
    client: Client, person: Applicant, asked
) -> None:
    case, question = asked
    first = send(client, case, question, text="", **{"document-0": pdf()})
    page = first.content.decode()
    assert first.status_code == 422
    assert "Laden Sie „Foto“ hoch." in page
    assert "Laden Sie „Ausweis“ hoch." not in page
    assert "ausweis.pdf" in page
    assert state_of(person, case) == State.ACTION_REQUIRED

    assert send(client, case, question, text="", **{"document-1": pdf("foto.pdf")}).status_code == 302
    assert [attachment.path[-2:] for attachment in attachments(person, case)] == ["/0", "/1"]


def test_a_refused_file_loses_neither_text_nor_the_other_file(client: Client, person: Applicant, asked) -> None:
    case, question = asked
    wrong = SimpleUploadedFile("plan.dwg", b"AC1032 not a picture")
    answer = send(client, case, question, text="Hier ist beides.", **{"document-0": pdf(), "document-1": wrong})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Die Datei „plan.dwg“ können wir nicht annehmen." in page
    assert "Hier ist beides.</textarea>" in page
    assert 'href="#id_document-1"' in page
    assert len(attachments(person, case)) == 1


def test_the_same_file_sent_twice_stays_one(client: Client, person: Applicant, asked) -> None:
    case, question = asked
    content = pdf().read()
    for _ in range(2):
        send(client, case, question, text="", **{"document-0": SimpleUploadedFile("ausweis.pdf", content)})
    assert len(attachments(person, case)) == 1


def test_an_answer_that_comes_twice_is_kept_once(client: Client, person: Applicant, asked) -> None:
    case, question = asked
    assert send(client, case, question, text="Ich habe beides nicht.").status_code == 302
    again = send(client, case, question, text="Etwas anderes.")
    assert again.status_code == 409
    assert "Diese Frage ist schon beantwortet oder erledigt." in again.content.decode()


def test_a_question_without_documents_needs_a_text(client: Client, person: Applicant) -> None:
    case = make_application(party_id=person.party_id, state=State.ACTION_REQUIRED)
    question = ask(case, "Seit wann haben Sie den Hund?", [], DUE)
    empty = send(client, case, question, text="  ")
    assert empty.status_code == 422
    assert "Schreiben Sie eine Antwort." in empty.content.decode()
    assert send(client, case, question, text="Seit dem 3. Mai.").status_code == 302


def test_the_deadline_of_the_office_rests_while_it_waits(client: Client, person: Applicant) -> None:
    due = date.today() + timedelta(days=28)
    case = make_application(party_id=person.party_id, state=State.ACTION_REQUIRED, due_on=due)
    question = ask(case, "Seit wann?", [], DUE)
    with scope.authority(case.authority_id):
        CorrectionRequest.objects.filter(pk=question.pk).update(asked_at=timezone.now() - timedelta(days=10))
    send(client, case, question, text="Seit Mai.")
    with scope.for_person(person, read_only=True):
        assert Application.objects.get(pk=case.pk).due_on >= due + timedelta(days=10)


def test_a_question_answered_the_same_day_moves_no_date(client: Client, person: Applicant) -> None:
    saturday = date(2099, 12, 26)
    case = make_application(party_id=person.party_id, state=State.ACTION_REQUIRED, due_on=saturday)
    send(client, case, ask(case, "Seit wann?", [], DUE), text="Seit Mai.")
    with scope.for_person(person, read_only=True):
        assert Application.objects.get(pk=case.pk).due_on == saturday


def test_a_guest_answers_with_the_code(guest_case: Callable[..., tuple[Application, str]]) -> None:
    case, code = guest_case(state=State.ACTION_REQUIRED)
    question = ask(case, "Welche Straße?", ["Foto"], DUE)
    guest = Client()
    guest.post("/vorgang/", {"nummer": case.reference, "code": code})
    answer = send(guest, case, question, text="Lange Straße.", **{"document-0": pdf("foto.pdf")})
    assert answer.status_code == 302
    page = guest.get(answer.url).content.decode()
    assert "Lange Straße." in page
    assert "foto.pdf" in page


@pytest.mark.asvs("V3.2.1", "V5.4.1", "V5.4.2")
def test_own_files_are_downloads_that_no_browser_runs(client: Client, person: Applicant, asked) -> None:
    case, question = asked
    send(client, case, question, text="", **{"document-0": pdf()})
    (attachment,) = attachments(person, case)
    file = client.get(f"/vorgang/{case.reference}/datei/{attachment.pk}/")
    assert file.content.startswith(b"%PDF")
    assert file["Content-Disposition"] == 'attachment; filename="ausweis.pdf"'
    assert file["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in file["Content-Security-Policy"]
    other = make_application(party_id=person.party_id)
    assert client.get(f"/vorgang/{other.reference}/datei/{attachment.pk}/").status_code == 404


def test_what_was_typed_when_the_sitting_had_ended_is_there_again(lena: User, person: Applicant, asked) -> None:
    case, question = asked
    client = Client()
    client.get("/konto/anmelden/")
    answer = send(client, case, question, text="Ich schicke es mit der Post.")
    assert (answer.status_code, answer.url) == (302, f"/vorgang/?nummer={case.reference}")
    asked_again = client.get(answer.url).content.decode()
    assert "Ihr Text ist gespeichert." in asked_again
    assert f'href="/konto/anmelden/?next=/vorgang/{case.reference}/"' in asked_again

    client.force_login(lena)
    assert "Ich schicke es mit der Post.</textarea>" in client.get(f"/vorgang/{case.reference}/").content.decode()
    assert "Post" not in str(dict(client.session))


def test_a_wrong_file_is_taken_back_before_the_answer_is_sent(client: Client, person: Applicant, asked) -> None:
    case, question = asked
    send(client, case, question, text="", **{"document-0": pdf("falsch.pdf")})
    (attachment,) = attachments(person, case)

    shown = send(client, case, question, text="Kommt noch.", delete_file=attachment.pk).content.decode()
    assert "Die Datei „falsch.pdf“ ist gelöscht." in shown
    assert "Kommt noch.</textarea>" in shown
    assert attachments(person, case) == []
    with scope.authority(case.authority_id, read_only=True):
        assert not StoredFile.objects.filter(pk=attachment.file_id).exists()


def test_a_file_that_was_sent_stays(client: Client, person: Applicant, asked) -> None:
    case, question = asked
    send(client, case, question, text="Mehr habe ich nicht.", **{"document-0": pdf()})
    (attachment,) = attachments(person, case)
    assert send(client, case, question, text="", delete_file=attachment.pk).status_code == 409
    assert attachments(person, case) == [attachment]
