"""Questions to the office: who may ask and answer, that both are told without the content, and that nothing is lost."""

import pytest
from django.core import mail
from django.db import DatabaseError
from django.test import Client

from accounts.models import User
from accounts.people import Clerk
from applications.asking import use_cases
from applications.asking.queries import messages_of
from applications.models import Application, Message
from applications.states import State
from foundation import scope
from foundation.ids import code_digest, new_code
from tests.drain import drain
from tests.factories import applicant, make_application, make_clerk, make_user

QUESTION = "Darf ich den Hund schon holen?"
ANSWER = "Ja, die Steuermarke kommt mit dem Bescheid."


@pytest.fixture
def lena(city: None) -> User:
    return make_user()


@pytest.fixture
def client(lena: User) -> Client:
    return signed_in(lena)


@pytest.fixture
def case(lena: User) -> Application:
    return make_application(party_id=lena.party.pk, acting_user_id=lena.pk, state=State.PROCESSING)


@pytest.fixture
def office(city: None) -> tuple[Client, Clerk]:
    user, clerk = make_clerk()
    return signed_in(user), clerk


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ask(client: Client, case: Application, text: str = QUESTION) -> int:
    return client.post(f"/vorgang/{case.reference}/frage/", {"text": text}).status_code


def said(case: Application) -> list[tuple[bool, str]]:
    with scope.system("a test looks"):
        return [(line.is_of_office, line.text) for line in messages_of(case)]


def test_a_question_and_its_answer_stand_at_the_case_on_both_sides(
    client: Client, case: Application, office: tuple[Client, Clerk]
) -> None:
    desk, _clerk = office
    assert ask(client, case) == 302
    assert QUESTION in desk.get(f"/backoffice/vorgang/{case.reference}/").content.decode()
    answer = desk.post(f"/backoffice/vorgang/{case.reference}/antworten/", {"text": ANSWER})
    assert answer.status_code == 302
    page = client.get(f"/vorgang/{case.reference}/").content.decode()
    assert page.index(QUESTION) < page.index(ANSWER)


def test_a_button_that_is_pressed_again_sends_nothing_more(
    client: Client, case: Application, office: tuple[Client, Clerk]
) -> None:
    """As after an answer that was lost on its way: the same page, the same key."""
    for sender, address in (
        (client, f"/vorgang/{case.reference}/frage/"),
        (office[0], f"/backoffice/vorgang/{case.reference}/antworten/"),
    ):
        key = sender.get(address).context["form"]["key"].value()
        for text in (QUESTION, QUESTION):
            assert sender.post(address, {"text": text, "key": key}).status_code == 302
    assert said(case) == [(False, QUESTION), (True, QUESTION)]
    drain()
    assert len(mail.outbox) == 1, "the question is answered: only the person is told, and once"


@pytest.mark.asvs("V14.2.1")
@pytest.mark.tr("A3.3.02")
def test_both_sides_are_told_without_the_content(
    client: Client, lena: User, case: Application, office: tuple[Client, Clerk]
) -> None:
    ask(client, case)
    drain()
    office[0].post(f"/backoffice/vorgang/{case.reference}/antworten/", {"text": ANSWER})
    drain()
    to_office, to_lena = mail.outbox
    assert to_office.to == [case.department.email]
    assert to_lena.to == [lena.email]
    for message, text in ((to_office, QUESTION), (to_lena, ANSWER)):
        assert case.reference in message.subject
        assert text not in message.body


def test_a_question_that_was_answered_meanwhile_is_not_told_to_the_office(
    client: Client, lena: User, case: Application, office: tuple[Client, Clerk]
) -> None:
    ask(client, case)
    office[0].post(f"/backoffice/vorgang/{case.reference}/antworten/", {"text": ANSWER})
    drain()
    assert [message.to for message in mail.outbox] == [[lena.email]]


def asked_in_inbox(desk: Client) -> str:
    return desk.get("/backoffice/?ansicht=fragen").content.decode()


@pytest.mark.parametrize("state", [State.PROCESSING, State.COMPLETED])
@pytest.mark.parametrize("way", ["antworten/", "frage-erledigt/"])
def test_a_question_waits_in_the_inbox_until_it_is_answered(
    lena: User, client: Client, office: tuple[Client, Clerk], state: State, way: str
) -> None:
    case, desk = make_application(party_id=lena.party.pk, state=state), office[0]
    assert case.reference not in asked_in_inbox(desk)
    ask(client, case)
    page = asked_in_inbox(desk)
    assert case.reference in page
    assert 'Fragen <span class="portal-count">1</span>' in page
    assert desk.post(f"/backoffice/vorgang/{case.reference}/{way}", {"text": ANSWER}).status_code == 302
    assert case.reference not in asked_in_inbox(desk)


@pytest.mark.parametrize(("text", "sentence"), [("  ", "Schreiben Sie eine Nachricht."), ("Ä" * 3001, "Kürzen Sie")])
def test_what_cannot_be_sent_is_told_and_kept(
    client: Client, case: Application, office: tuple[Client, Clerk], text: str, sentence: str
) -> None:
    own, desk = f"/vorgang/{case.reference}/frage/", f"/backoffice/vorgang/{case.reference}/antworten/"
    for sender, address in ((client, own), (office[0], desk)):
        answer = sender.post(address, {"text": text})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert text.strip() in answer.content.decode()
    assert said(case) == []


def test_strangers_and_other_offices_neither_ask_nor_answer(case: Application) -> None:
    stranger = signed_in(make_user("jonas@example.org"))
    other_office = signed_in(make_clerk("other@example.org", department="stadtamt")[0])
    other_city = signed_in(make_clerk("schwerin@example.org", authority="schwerin", department=None)[0])
    assert ask(stranger, case) == 404
    for client in (stranger, other_office, other_city):
        answer = client.post(f"/backoffice/vorgang/{case.reference}/antworten/", {"text": ANSWER})
        assert answer.status_code == 404
        assert client.post(f"/backoffice/vorgang/{case.reference}/frage-erledigt/").status_code == 404
    assert said(case) == []


def test_somebody_without_an_account_asks_with_the_code(city: None) -> None:
    code = new_code()
    case, client = make_application(access_digest=code_digest(code)), Client()
    assert client.post("/vorgang/", {"nummer": case.reference, "code": code}).status_code == 302
    assert ask(client, case) == 302
    assert said(case) == [(False, QUESTION)]


@pytest.mark.tr("A3.16.01")
def test_messages_are_sealed_and_never_change(case: Application, lena: User) -> None:
    with scope.for_person(applicant(lena)):
        message = use_cases.ask(case, text=QUESTION, by=applicant(lena))
        assert b"Hund" not in bytes(Message.objects.get(pk=message.pk).text)
    for change in (Message.objects.all().delete, lambda: Message.objects.update(text=b"")):
        with pytest.raises(DatabaseError), scope.for_person(applicant(lena)):
            change()


def test_a_person_cannot_speak_as_the_office(case: Application, lena: User) -> None:
    with pytest.raises(DatabaseError), scope.for_person(applicant(lena)):
        Message.objects.create(
            application=case, authority_id=case.authority_id, sender=Message.Sender.CLERK, text=b"sealed"
        )


def test_a_case_with_a_hundred_messages_takes_no_more(case: Application, lena: User, client: Client) -> None:
    with scope.for_person(applicant(lena)):
        Message.objects.bulk_create(
            Message(application=case, authority_id=case.authority_id, sender="applicant", text=b"sealed")
            for _no in range(use_cases.MOST_MESSAGES)
        )
    assert ask(client, case) == 409
