"""A decided case at the desk: validity and payment on its page, copies for other programs, and routes tried dry."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from accounts.people import Clerk
from applications.deciding import use_cases
from applications.models import Application, Decision, Payment
from applications.states import State
from authorities import clock as calendar
from backoffice.copies import guarded
from catalogue.models import RouteRule
from foundation import scope
from tests import filler
from tests.drain import drain
from tests.factories import PASSWORD, make_application, make_clerk
from tests.frame.pages import Page

pytestmark = pytest.mark.usefixtures("city")
ANSWERS = {
    "halter_art": "person",
    "person": {"vorname": "Łucja", "familienname": "=SUMME(A1)"},
    "bemerkung": "+49 381\nzweite Zeile; mit Semikolon",
}


def url(application: Application, rest: str = "") -> str:
    return f"/backoffice/vorgang/{application.reference}/{rest}"


def decided(clerk: Clerk, **ruling: object) -> tuple[Application, Decision]:
    application = make_application(state=State.PROCESSING, assignee_id=clerk.user_id, answers=ANSWERS)
    with scope.for_person(clerk):
        given = {"outcome": "approved", "reason": "Ja.", "regime": "letter"} | ruling
        return application, use_cases.decide(application, by=clerk, **given)


def test_a_clerk_decides_with_validity_place_and_conditions(client: Client, clerk: Clerk) -> None:
    application = make_application(state=State.PROCESSING, assignee_id=clerk.user_id)
    typed = {
        "outcome": "approved",
        "reason": "Ja.",
        "regime": "letter",
        "valid_from": "2027-01-01",
        "valid_until": "2027-12-31",
        "place": "Neuer Markt 3",
        "conditions": "Leise sein.",
        "seen_no": application.state_no,
    }
    wrong = client.post(url(application, "entscheiden/"), typed | {"valid_from": "2028-01-01"})
    assert wrong.status_code == 422
    assert "Das Ende liegt danach." in wrong.content.decode()
    preview = Page(client.post(url(application, "entscheiden/"), typed | {"action": "preview"}))
    assert "vom 1. Januar 2027 bis zum 31. Dezember 2027" in preview.text
    client.post(url(application, "entscheiden/"), typed | {"action": "decide"})
    page = Page(client.get(url(application)))
    assert page.faults() == []
    for part in ("vom 1. Januar 2027 bis zum 31. Dezember 2027", "Neuer Markt 3", "Leise sein."):
        assert part in page.text


def test_an_idea_is_offered_the_answer_only() -> None:
    user, clerk = make_clerk("ideas@example.org", department="buero-ob")
    application = make_application(
        service="wuensche-und-ideen", department="buero-ob", state=State.PROCESSING, assignee_id=clerk.user_id
    )
    client = Client()
    client.force_login(user)
    page = client.get(url(application, "entscheiden/")).content.decode()
    assert "beantwortet" in page
    for absent in ("genehmigt", "Betrag in Euro", "Gültig ab"):
        assert absent not in page


def test_what_answers_an_idea_is_called_an_answer() -> None:
    user, clerk = make_clerk("ideas@example.org", department="buero-ob")
    application = make_application(
        service="wuensche-und-ideen", department="buero-ob", state=State.PROCESSING, assignee_id=clerk.user_id
    )
    with scope.for_person(clerk):
        use_cases.decide(application, outcome="answered", reason="Danke.", regime="letter", by=clerk)
    drain()
    client = Client()
    client.force_login(user)
    page = Page(client.get(url(application)))
    links = [
        " ".join(each.text_content().split()) for each in page.tree.xpath("//main//a[contains(@href, '/bescheid/')]")
    ]
    assert links == ["Antwort ansehen", "Antwort als PDF laden"]


def test_payment_is_set_by_hand_and_taken_back(client: Client, clerk: Clerk) -> None:
    application, decision = decided(clerk, fee=Decimal("108.00"), fee_due_on=date(2099, 12, 4))
    assert "108,00 € bis zum 4. Dezember 2099" in Page(client.get(url(application))).text
    where = reverse("backoffice:payment", args=[application.reference, decision.pk])
    assert "Geben Sie ein Datum ein" in Page(client.post(where, {"day": "gestern"}, follow=True)).text
    assert "Dieser Tag passt nicht." in Page(client.post(where, {"day": "2099-01-01"}, follow=True)).text
    page = Page(client.post(where, {"day": calendar.today().isoformat()}, follow=True))
    assert "Die Zahlung ist eingetragen." in page.text
    assert "bezahlt am" in page.text
    assert "bezahlt am" not in Page(client.post(where, {"action": "reopen"}, follow=True)).text
    with scope.system("look", read_only=True):
        assert Payment.objects.count() == 2


def test_payment_of_another_department_is_not_there(client: Client) -> None:
    _user, colleague = make_clerk("colleague@example.org", department="stadtamt")
    application = make_application(state=State.PROCESSING, assignee_id=colleague.user_id, department="stadtamt")
    with scope.for_person(colleague):
        decision = use_cases.decide(application, by=colleague, outcome="approved", reason="Ja.", regime="letter")
    assert client.post(url(application, f"zahlung/{decision.pk}/"), {"day": "2026-11-24"}).status_code == 404
    assert client.get(url(application, "kopie.json")).status_code == 404


# --- copies -----------------------------------------------------------------------------------------------------------


@pytest.mark.tr("A3.12.04")
@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_is_never_a_formula_and_stays_readable(start: str) -> None:
    assert guarded(f"{start}1+1") == f"'{start}1+1"
    assert guarded(f"1{start}1") == f"1{start}1"


def test_csv_is_one_answer_per_row_and_opens_in_a_german_spreadsheet(client: Client, clerk: Clerk) -> None:
    application = make_application(answers=ANSWERS, name="@Kogge")
    answer = client.get(url(application, "kopie.csv"))
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer["Content-Disposition"] == f'attachment; filename="vorgang-{application.reference}.csv"'
    assert answer["Cache-Control"] == "private, no-store"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Abschnitt", "Gruppe", "Frage", "Antwort"]
    assert ["Vorgang", "", "Vorgangsnummer", application.reference] in rows
    told = {row[2]: row[3] for row in rows}
    assert told["Antrag von"] == "'@Kogge"
    assert "'=SUMME(A1)" in told.values()
    assert "Łucja" in told.values()
    assert {len(row) for row in rows} == {4}


def test_json_holds_answers_history_and_decision(client: Client, clerk: Clerk) -> None:
    application, _decision = decided(clerk, valid_from=date(2027, 1, 1), place="Neuer Markt 3")
    data = json.loads(client.get(reverse("backoffice:copy", args=[application.reference, "json"])).content)
    assert data["reference"] == application.reference
    assert data["answers"] == ANSWERS
    assert data["state"] == "COMPLETED"
    assert data["decisions"][0] | {"decided_at": ""} == {
        "outcome": "approved",
        "decided_at": "",
        "valid_from": "2027-01-01",
        "valid_until": None,
        "place": "Neuer Markt 3",
        "conditions": "",
        "fee": None,
        "fee_due_on": None,
        "paid_on": None,
    }
    assert any(event["text"] == "Entschieden" for event in data["events"])


def test_a_copy_names_no_clerk_by_the_address_of_their_account(client: Client) -> None:
    """Colleagues who have given no name are told apart by it on the page; a copy may leave the house."""
    application, _decision = decided(make_clerk("nameless@example.org")[1])
    assert "nameless@example.org" in Page(client.get(url(application))).text
    copied = client.get(reverse("backoffice:copy", args=[application.reference, "json"])).content.decode()
    assert "Sachbearbeitung" in copied
    assert "@example.org" not in copied


def test_pdf_is_the_receipt_once_it_is_made() -> None:
    user, _clerk = make_clerk("ideas@example.org", department="buero-ob")
    person, client = Client(), Client()
    client.force_login(user)
    draft = filler.begin(person)
    filler.fill_idea(person, draft)
    filler.submit(person, draft)
    drain()
    with scope.system("look", read_only=True):
        application = Application.objects.get()
    assert "kopie.pdf" in client.get(url(application)).content.decode()
    assert client.get(url(application, "kopie.pdf")).content.startswith(b"%PDF")
    assert client.get(url(application, "kopie.exe")).status_code == 404


def test_each_answer_can_be_copied_by_a_button_that_only_a_script_shows(client: Client) -> None:
    page = Page(client.get(url(make_application(answers=ANSWERS)))).tree
    buttons = page.xpath("//button[@data-copy]")
    assert buttons
    assert all(button.get("hidden") is not None for button in buttons)
    assert all(button.getparent().xpath(".//*[@data-copy-text]") for button in buttons)
    assert page.xpath("//*[@id='kopiert' and @role='status']")
    assert page.xpath("//script[contains(@src, 'copy.js')]")


def test_what_was_not_answered_is_not_offered_to_be_copied(client: Client) -> None:
    page = Page(client.get(url(make_application(answers=ANSWERS)))).tree
    empty = [value for value in page.xpath("//dd") if value.text_content().strip().startswith("Nicht angegeben")]
    assert empty
    assert not any(value.xpath(".//button") for value in empty)


# --- routes -----------------------------------------------------------------------------------------------------------


def signed_in(role: str) -> Client:
    make_clerk(f"{role}@example.org", role=role, department=None)
    client = Client()
    assert client.login(username=f"{role}@example.org", password=PASSWORD)
    return client


@pytest.mark.parametrize("role", ["head", "form_author"])
def test_heads_and_authors_try_a_route_and_see_no_answers(role: str) -> None:
    application = make_application(answers=ANSWERS)
    tried = Page(signed_in(role).get("/backoffice/wege/", {"vorgang": application.reference.lower()}))
    assert tried.faults() == []
    page = tried.text
    assert "Kämmereiamt" in page
    assert "Es gilt Regel 1: die erste, die zutrifft." in page
    assert "Łucja" not in page
    assert "Kogge" not in page


@pytest.fixture
def conditional_route() -> Iterator[Application]:
    """A case whose service has a route with a condition for a while."""
    application = make_application(answers=ANSWERS)
    rules = RouteRule.objects.filter(offering=application.offering_id)
    with scope.authority(application.authority_id):
        last = rules.order_by("-position")[0]
        rules.update(position=F("position") + 1)
        first = RouteRule.objects.create(
            offering_id=application.offering_id,
            authority_id=application.authority_id,
            department_id=last.department_id,
            position=0,
            condition={"equal": [{"answer": "halter_art"}, "person"]},
        )
    yield application
    with scope.authority(application.authority_id):
        first.delete()
        rules.update(position=F("position") - 1)


def test_conditions_of_a_route_are_said_with_the_questions_of_the_form(conditional_route: Application) -> None:
    page = Page(signed_in("head").get("/backoffice/wege/", {"vorgang": conditional_route.reference}))
    (first, *_rest) = page.tree.xpath("//td[@data-label='Bedingung']")
    assert first.text_content() == "„Wer hält den Hund?“ ist „Eine Person oder ein Haushalt“"
    assert "{" not in page.tree.xpath("//main")[0].text_content()


def test_a_number_that_is_not_there_says_what_to_do() -> None:
    answer = signed_in("head").get("/backoffice/wege/", {"vorgang": "HRO-2026-NICHTDA"})
    assert answer.status_code == 404
    assert "Prüfen Sie die Nummer." in answer.content.decode()


def test_the_way_to_it_stands_on_every_page_of_a_head() -> None:
    client = signed_in("head")
    for page in ("/backoffice/", "/backoffice/briefe/", "/backoffice/wege/"):
        assert Page(client.get(page)).count("//header//a[@href='/backoffice/wege/']") == 1


def test_clerks_and_strangers_have_no_such_page(client: Client) -> None:
    assert client.get("/backoffice/wege/").status_code == 404
    assert "/backoffice/wege/" not in client.get("/backoffice/").content.decode()
    assert Client().get("/backoffice/wege/").status_code == 302
