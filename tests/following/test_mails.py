"""Mails of a case: they name office, reference, what to do and until when; never a content, never a code."""

import re
from datetime import date

import pytest
from django.core import mail

from accounts.people import Applicant
from applications.following.use_cases import withdraw_application
from applications.states import State
from foundation import outbox, scope
from foundation.ids import code_digest, new_code
from foundation.outbox.models import OutboxRow
from foundation.outbox.working import work
from tests.factories import make_application
from tests.following.rows import ask


def send(kind: str, application, target: str = "") -> list[mail.EmailMessage]:
    with scope.authority(application.authority_id):
        outbox.put(kind, authority_id=application.authority_id, subject_id=application.pk, target=target)
    assert work(OutboxRow.objects.get(kind=kind, subject_id=application.pk).pk)
    return mail.outbox


def test_the_mail_of_arrival_goes_to_the_account(person: Applicant) -> None:
    case = make_application(party_id=person.party_id, acting_user_id=person.user_id, due_on=date(2026, 12, 21))
    (sent,) = send("notify.received", case)
    assert sent.to == ["lena.kogge@example.org"]
    assert sent.subject == f"Ihr Antrag {case.reference} ist angekommen"
    assert case.department.name in sent.body
    assert "21. Dezember 2026" in sent.body
    assert "müssen Sie nichts tun" in sent.body


def test_before_routing_the_mail_is_signed_with_the_city_once(person: Applicant) -> None:
    case = make_application(party_id=person.party_id, acting_user_id=person.user_id, state=State.SUBMITTED)
    with scope.system("a test takes it back from its department"):
        case.department = None
        case.save(update_fields=["department"])
    (sent,) = send("notify.received", case)
    assert sent.body.split("Freundliche Grüße")[1].count(case.authority.name) == 1


def test_the_mail_of_a_question_says_until_when_and_not_what(person: Applicant) -> None:
    case = make_application(party_id=person.party_id, acting_user_id=person.user_id, state=State.ACTION_REQUIRED)
    question = ask(case, "Ihr Hund beißt.", ["Wesenstest"], date(2026, 12, 4))
    (sent,) = send("notify.action_required", case, str(question.pk))
    assert "4. Dezember 2026" in sent.body
    assert case.reference in sent.subject
    assert not re.search("beißt|Wesenstest|Hund|Kogge", sent.subject + sent.body)


def test_nothing_is_sent_when_the_question_is_over(person: Applicant) -> None:
    case = make_application(party_id=person.party_id, acting_user_id=person.user_id, state=State.ACTION_REQUIRED)
    question = ask(case, "Foto?", [], date(2026, 12, 4))
    with scope.for_person(person):
        withdraw_application(case, by=person)
    assert send("notify.action_required", case, str(question.pk)) == []


@pytest.mark.tr("R4:A3.6.02")
def test_a_guest_reads_the_reference_and_never_the_code(city: None) -> None:
    code = new_code()
    case = make_application(access_digest=code_digest(code))
    with scope.system("a test leaves an address"):
        case.contact_email = case.seal("contact_email", "gast@example.org")
        case.save(update_fields=["contact_email"])
    (sent,) = send("notify.received", case)
    assert sent.to == ["gast@example.org"]
    assert case.reference in sent.body
    assert "Zugangscode" in sent.body
    assert code not in sent.body


def test_without_an_address_there_is_no_mail(city: None) -> None:
    case = make_application(access_digest=code_digest(new_code()))
    assert send("notify.received", case) == []


@pytest.mark.parametrize("kind", ["notify.received", "notify.action_required"])
def test_mails_are_short(person: Applicant, kind: str) -> None:
    case = make_application(party_id=person.party_id, acting_user_id=person.user_id, state=State.ACTION_REQUIRED)
    question = ask(case, "Foto?", [], date(2026, 12, 4))
    (sent,) = send(kind, case, str(question.pk))
    parts = re.split(r"(?<!\b\d)(?<!\b\d\d)\.\s|\n\n", sent.body.strip())
    greetings = 2
    assert len([part for part in parts if part.strip()]) <= 8 + greetings
    assert max(len(part.split()) for part in parts) <= 20


def test_the_mail_about_an_idea_promises_an_answer(person: Applicant) -> None:
    fields = {"service": "wuensche-und-ideen", "department": "buero-ob", "due_on": date(2026, 12, 21)}
    (sent,) = send(
        "notify.received", make_application(party_id=person.party_id, acting_user_id=person.user_id, **fields)
    )
    assert sent.subject.startswith("Ihre Mitteilung ")
    assert "Wir antworten voraussichtlich bis zum 21. Dezember 2026." in sent.body
    assert "entscheiden" not in sent.body
