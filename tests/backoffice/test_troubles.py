"""Disturbances: seen by those who can help, understood, tried again; and nothing of a person in them."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from lxml import html

from accounts.models import User
from accounts.people import Clerk
from applications.delivering import handover
from applications.models import Application, Routing
from applications.states import State
from backoffice import troubles as words
from foundation import outbox, scope
from foundation.audit import chain
from foundation.audit.models import AuditEvent
from foundation.outbox.models import SHOWN_AFTER, OutboxRow
from tests.factories import make_application, make_clerk

PAGE, AGAIN = "/backoffice/stoerungen/", "/backoffice/stoerungen/nochmal/"
LATE = SHOWN_AFTER + timedelta(minutes=1)

pytestmark = pytest.mark.usefixtures("city")


def trouble(case: Application, kind: str = "receipt", **fields: Any) -> OutboxRow:
    """A wish that was given up, unless told otherwise."""
    known = {"state": "dead", "attempts": 12, "error_code": "VaultError", "created_at": Now() - LATE} | fields
    return OutboxRow.objects.create(kind=kind, authority_id=case.authority_id, subject_id=case.pk, **known)


def signed_in(role: str, **where: Any) -> Client:
    user, _clerk = make_clerk(f"{role}@example.org", role=role, **where)
    client = Client(headers={"accept-language": "de"})
    client.force_login(user)
    return client


@pytest.fixture
def head() -> Client:
    return signed_in("head", department=None)


def shown(client: Client) -> html.HtmlElement:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return html.fromstring(answer.content).xpath("//main")[0]


def test_what_was_given_up_is_told_in_words_and_leads_to_the_case(head: Client) -> None:
    case = make_application(name="Lena Kogge")
    trouble(case)
    page = shown(head)
    text = " ".join(page.text_content().split())
    assert "Die Eingangsbestätigung fehlt." in text
    assert "Ein Schlüssel fehlt oder passt nicht." in text
    assert "Nach 12 Versuchen aufgegeben." in text
    assert "Kogge" not in text
    assert page.xpath(f"//a[@href='/backoffice/vorgang/{case.reference}/?liste=stoerungen']")


def test_a_head_lets_it_be_tried_again_and_that_is_written_down(head: Client) -> None:
    case = make_application()
    row, other = trouble(case), trouble(case, "notice", target="x")
    answer = head.post(AGAIN, {"select": [str(row.pk), "x"]}, follow=True)
    assert "Das Portal versucht 1 Auftrag noch einmal." in answer.content.decode()
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.state, row.attempts, row.error_code) == ("due", 0, "")
    assert other.state == "dead"
    with scope.system("a test looks"):
        event = AuditEvent.objects.get(action="effect.tried_again")
    assert event.refs == {"kind": "receipt", "code": "VaultError"}


def test_nothing_chosen_is_said(head: Client) -> None:
    assert "Wählen Sie mindestens eine Störung aus." in head.post(AGAIN, follow=True).content.decode()


def test_what_fails_and_waits_is_tried_at_once_and_keeps_its_count(head: Client) -> None:
    row = trouble(make_application(), state="due", attempts=3, due_at=Now() + timedelta(hours=1))
    head.post(AGAIN, {"select": [str(row.pk)]})
    row.refresh_from_db()
    assert row.attempts == 3
    assert OutboxRow.objects.ready().get() == row


def test_what_somebody_works_on_is_left_alone(head: Client) -> None:
    later = Now() + timedelta(hours=1)
    row = trouble(make_application(), state="due", due_at=later, lease_until=later, lease_token=uuid.uuid4())
    head.post(AGAIN, {"select": [str(row.pk)]})
    assert not OutboxRow.objects.ready().exists()


@pytest.mark.parametrize(
    ("fields", "is_shown"),
    [
        ({"state": "dead", "created_at": Now()}, True),
        ({"state": "due", "attempts": 2, "due_at": Now() + timedelta(hours=1)}, True),
        ({"state": "due", "attempts": 2, "created_at": Now()}, False),
        ({"state": "due", "attempts": 0, "due_at": Now() - LATE}, True),
        ({"state": "due", "attempts": 0, "due_at": Now() + timedelta(days=1)}, False),
        ({"state": "done"}, False),
    ],
)
def test_people_are_asked_only_when_the_portal_did_not_help_itself(
    head: Client, fields: dict[str, Any], is_shown: bool
) -> None:
    case = make_application()
    trouble(case, **fields)
    assert (case.reference in shown(head).text_content()) == is_shown


@pytest.mark.asvs("V8.2.2", "V8.4.1")
def test_nobody_sees_or_touches_those_of_another_authority(head: Client) -> None:
    foreign = make_application(authority="schwerin", department="finanzen")
    row = trouble(foreign)
    assert "Es gibt keine Störungen." in shown(head).text_content()
    head.post(AGAIN, {"select": [str(row.pk)]})
    row.refresh_from_db()
    assert row.state == "dead"


@pytest.mark.asvs("V8.2.2")
def test_a_clerk_sees_those_of_the_own_office_and_changes_nothing(client: Client, maren: tuple[User, Clerk]) -> None:
    mine, unrouted = make_application(), make_application(state=State.SUBMITTED)
    with scope.system("a test takes the department away"):
        Application.objects.filter(pk=unrouted.pk).update(department=None)
    other = make_application(department="buero-ob")
    rows = [trouble(case) for case in (mine, unrouted, other)]
    text = shown(client).text_content()
    assert mine.reference in text
    assert unrouted.reference in text
    assert other.reference not in text
    assert "Auswahl noch einmal versuchen" not in text
    assert client.post(AGAIN, {"select": [str(rows[0].pk)]}).status_code == 404
    assert f"/backoffice/vorgang/{unrouted.reference}/" not in client.get(PAGE).content.decode()


def test_the_case_tells_when_the_program_of_the_office_confirmed_it(client: Client) -> None:
    case = make_application()
    with scope.system("a test confirms"):
        where = {"application": case, "authority": case.authority, "department": case.department}
        routing = Routing.objects.create(target=handover.TARGET, delivered_at=None, **where)
    page = f"/backoffice/vorgang/{case.reference}/"
    assert "Vom Fachverfahren bestätigt" not in client.get(page).content.decode()
    with scope.system("a test confirms"):
        Routing.objects.filter(pk=routing.pk).update(delivered_at=Now())
    assert "Vom Fachverfahren bestätigt" in client.get(page).content.decode()


def test_the_inbox_tells_that_there_are_some(client: Client) -> None:
    assert "Störungen ansehen" not in client.get("/backoffice/").content.decode()
    trouble(make_application())
    assert "1 Auftrag braucht Ihre Aufmerksamkeit." in client.get("/backoffice/").content.decode()


@pytest.mark.parametrize(("minutes", "is_told"), [(14, False), (40, True)])
def test_who_answers_for_an_authority_is_told_that_the_trail_waits(
    head: Client, client: Client, maren: tuple[User, Clerk], minutes: int, is_told: bool
) -> None:
    shown(head), shown(client)
    chain.seal_new_events()
    with scope.system("an event as it was written then"):
        AuditEvent.objects.create(
            at=Now() - timedelta(minutes=minutes), action="x.done", object_kind="x", object_id=uuid.uuid4()
        )
    text = shown(head).text_content()
    assert ("Das Protokoll wird nicht gesichert" in text) == is_told
    assert ("Es gibt keine Störungen." in text) != is_told
    assert "Das Protokoll" not in shown(client).text_content(), "clerks cannot do anything about it"


def test_an_operator_tries_again_and_opens_no_case() -> None:
    operator = signed_in("operator", department=None)
    assert operator.get("/backoffice/")["Location"] == PAGE
    case = make_application()
    row = trouble(case)
    assert case.reference in shown(operator).text_content()
    assert f"/backoffice/vorgang/{case.reference}/" not in operator.get(PAGE).content.decode()
    operator.post(AGAIN, {"select": [str(row.pk)]})
    row.refresh_from_db()
    assert row.state == "due"


@pytest.mark.parametrize("role", ["form_author", "data_protection"])
def test_others_find_no_such_page(role: str) -> None:
    assert signed_in(role, department=None).get(PAGE).status_code == 404


def test_every_kind_of_effect_has_its_words() -> None:
    told = {kind: words.what(kind) for kind in outbox.handlers}
    general = words.what("no such kind")
    assert [kind for kind, sentence in told.items() if sentence == general] == []
    assert len(set(told.values())) == len(told)


@pytest.mark.parametrize(
    ("kind", "code", "part"),
    [
        ("hand_over", "target-status-503", "mit dem Fehler 503"),
        ("hand_over", "target-slow", "zu langsam"),
        ("notify.received", "SMTPServerDisconnected", "Mailserver nimmt"),
        ("notify.received", "ConnectionRefusedError", "Mailserver ist nicht erreichbar"),
        ("receipt", "OSError", "Dateispeicher"),
        ("receipt", "SoftTimeLimitExceeded", "zu lange"),
        ("receipt", "", "noch keinen Versuch"),
        ("receipt", "TypeError", "Kennung"),
    ],
)
def test_every_error_has_a_sentence_that_helps(kind: str, code: str, part: str) -> None:
    assert part in words.why(kind, code)
