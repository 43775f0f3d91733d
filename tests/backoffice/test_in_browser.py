"""Clerks' pages in a real browser: no barrier that axe can see, and nothing that needs JavaScript."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from accounts import profile
from accounts.models import User
from accounts.people import Clerk
from applications.deciding import use_cases
from applications.models import Application
from applications.states import State
from foundation import scope
from foundation.outbox.models import OutboxRow
from tests import axe
from tests.chromium import barriers, look
from tests.drain import drain
from tests.factories import make_application, make_clerk, make_user

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("city")]

ANSWERS = {
    "halter_art": "person",
    "person": {
        "vorname": "Lena",
        "familienname": "Kogge",
        "geburtsdatum": "1985-03-14",
        "anschrift": {"street": "Lange Straße", "house_number": "12", "postal_code": "18055", "city": "Rostock"},
    },
    "email": "lena.kogge@example.org",
    "hunde": [{"_id": "k3f9x2", "name": "Bruno", "rasse": "Labrador", "geschlecht": "ruede", "beginn": "2026-11-01"}],
}


@pytest.fixture
def clerk(city: None) -> Clerk:
    user, clerk = make_clerk("maren@example.org")
    profile.write(user, {"given_name": "Maren", "family_name": "Petersen"})
    return clerk


@pytest.fixture
def desk(page: Page, base_url: str, clerk: Clerk) -> Page:
    """The browser of a clerk who has signed in."""
    client = Client()
    client.force_login(User.objects.get(pk=clerk.user_id))
    cookie = client.cookies["session"].value
    page.context.add_cookies([{"name": "session", "value": cookie, "url": base_url}])
    return page


def case(clerk: Clerk, name: str, days: int, **fields: object) -> Application:
    return make_application(
        name=name, due_on=date.today() + timedelta(days=days), answers=ANSWERS, access_digest=b"x" * 32, **fields
    )


def visit(shown: Page, address: str, name: str) -> None:
    shown.goto(address)
    assert barriers(shown) == [], name
    look(shown, name)


def test_pages_of_a_case_have_no_barrier(desk: Page, clerk: Clerk) -> None:
    mine = case(clerk, "Lena Kogge", 0, state=State.PROCESSING, assignee_id=clerk.user_id, fee="108.00")
    case(clerk, "Nœl Schmidt-Strauß", -5)
    case(clerk, "Derya Yıldız", 20, state=State.ACTION_REQUIRED, assignee_id=clerk.user_id)
    case(clerk, "Kulturverein Doberaner Platz e. V.", 20)
    visit(desk, "/backoffice/?ansicht=offen", "inbox")
    visit(desk, "/backoffice/", "inbox-new")
    desk.goto("/backoffice/?ansicht=meine")
    desk.get_by_role("link", name="Lena Kogge").click()
    desk.wait_for_url("**/vorgang/*/**")
    visit(desk, desk.url, "case")
    desk.get_by_role("link", name="Nachfordern", exact=True).click()
    desk.wait_for_url("**/nachfordern/**")
    visit(desk, desk.url, "ask-back")
    desk.get_by_role("button", name="Nachforderung absenden").click()
    expect(desk).to_have_title(re.compile("^Fehler: "))
    desk.complaints.clear()  # a refusal (422) is no complaint
    assert barriers(desk) == []
    desk.goto(f"/backoffice/vorgang/{mine.reference}/entscheiden/")
    visit(desk, desk.url, "decide")


def test_paper_shows_the_list_and_the_case_and_nothing_to_press(desk: Page, clerk: Clerk) -> None:
    mine = case(clerk, "Lena Kogge", 0, state=State.PROCESSING, assignee_id=clerk.user_id)
    desk.emulate_media(media="print")
    desk.goto("/backoffice/?ansicht=meine")
    expect(desk.get_by_role("link", name="Lena Kogge")).to_be_visible()
    for nothing in (desk.get_by_role("search"), desk.get_by_role("checkbox"), desk.get_by_role("link", name="Neu")):
        expect(nothing).to_have_count(0)
    expect(desk.locator(".kern-badge .kern-icon:visible")).to_have_count(0)
    desk.goto(f"/backoffice/vorgang/{mine.reference}/")
    expect(desk.get_by_text("Bruno", exact=True).first).to_be_visible()
    expect(desk.locator("[data-copy]:not([hidden])")).not_to_have_count(0)
    expect(desk.locator("[data-copy]:visible")).to_have_count(0)
    expect(desk.get_by_role("link", name=re.compile("Zurück zu|springen"))).to_have_count(0)


def test_clerk_asks_back_and_decides_without_javascript(desk: Page, clerk: Clerk, base_url: str) -> None:
    mine = case(clerk, "Lena Kogge", 0)
    plain = desk.context.browser.new_context(java_script_enabled=False, base_url=base_url, locale="de-DE")
    plain.add_cookies(desk.context.cookies())
    page = plain.new_page()
    page.goto("/backoffice/")
    page.get_by_label("Lena Kogge").check()
    page.get_by_role("button", name="Auswahl übernehmen").click()
    expect(page.get_by_role("status").first).to_contain_text("Sie haben den Vorgang übernommen.")
    page.goto(f"/backoffice/vorgang/{mine.reference}/entscheiden/")
    page.get_by_label("genehmigt", exact=True).check()
    page.get_by_label("Text und Begründung").fill("Wir haben Ihren Hund angemeldet.")
    page.get_by_label("Betrag in Euro").fill("108,00")
    page.get_by_label("Zu zahlen bis zum").fill((date.today() + timedelta(days=30)).isoformat())
    page.get_by_label("Brief").check()
    page.get_by_role("button", name="Bescheid ansehen").click()
    expect(page.get_by_role("article")).to_contain_text("Wir haben Ihren Hund angemeldet.")
    look(page, "preview")
    page.get_by_role("button", name="Jetzt entscheiden").click()
    expect(page.get_by_role("status").first).to_contain_text("Sie haben entschieden.")
    plain.close()


def test_form_after_a_conflict_has_no_barrier_on_a_phone(desk: Page, clerk: Clerk) -> None:
    desk.set_viewport_size({"width": 320, "height": 700})
    user, colleague = make_clerk("vorname.nachname-zuname@stadtverwaltung.example.org")
    mine = case(clerk, "Lena Kogge", 0, state=State.PROCESSING, assignee_id=clerk.user_id)
    desk.goto(f"/backoffice/vorgang/{mine.reference}/entscheiden/?ansicht=meine")
    desk.get_by_label("genehmigt", exact=True).check()
    desk.get_by_label("Text und Begründung").fill("Langer Text.")
    desk.get_by_label("Brief").check()
    with scope.for_person(colleague):
        use_cases.take_over_from_colleague(mine, colleague_id=clerk.user_id, by=colleague)
    desk.get_by_role("button", name="Bescheid ansehen").click()
    expect(desk.locator("#fehler")).to_be_focused()
    expect(desk.get_by_role("region", name="Inzwischen")).to_contain_text(user.email)
    expect(desk.get_by_label("Text und Begründung")).to_have_value("Langer Text.")
    desk.complaints.clear()  # a conflict (409) is no complaint
    assert barriers(desk) == []
    assert desk.evaluate("document.documentElement.scrollWidth") == 320
    look(desk, "decide-conflict-320")
    desk.goto(f"/backoffice/vorgang/{mine.reference}/?ansicht=meine")
    assert desk.evaluate("document.documentElement.scrollWidth") == 320
    desk.get_by_role("link", name="Zu den Aktionen springen").press("Enter")
    expect(desk.locator("#aktionen")).to_be_focused()
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("button", name="Vorgang übernehmen")).to_be_focused()


def test_wrong_day_of_payment_has_no_barrier_on_a_phone(desk: Page, clerk: Clerk) -> None:
    desk.set_viewport_size({"width": 320, "height": 700})
    mine = case(clerk, "Lena Kogge", 0, state=State.PROCESSING, assignee_id=clerk.user_id)
    due_on = date.today() + timedelta(days=30)
    with scope.for_person(clerk):
        use_cases.decide(
            mine, outcome="approved", reason="Ja.", regime="letter", fee=Decimal(108), fee_due_on=due_on, by=clerk
        )
    desk.goto(f"/backoffice/vorgang/{mine.reference}/?ansicht=erledigt")
    desk.get_by_label("Bezahlt am").fill("2099-01-01")
    desk.get_by_role("button", name="Als bezahlt eintragen").click()
    expect(desk.locator("#fehler")).to_be_focused()
    desk.get_by_role("link", name="Bezahlt am: Dieser Tag passt nicht.").press("Enter")
    expect(desk.get_by_label("Bezahlt am")).to_be_focused()
    expect(desk.get_by_label("Bezahlt am")).to_have_value("2099-01-01")
    desk.complaints.clear()  # a refusal (422) is no complaint
    assert barriers(desk) == []
    assert desk.evaluate("document.documentElement.scrollWidth") == 320
    look(desk, "payment-320")
    desk.get_by_label("Bezahlt am").fill(date.today().isoformat())
    desk.get_by_role("button", name="Als bezahlt eintragen").click()
    expect(desk.get_by_text("Die Zahlung ist eingetragen.")).to_be_visible()
    expect(desk.get_by_role("link", name="Zurück zu „Erledigt“")).to_be_visible()


def test_pages_of_operators_have_no_barrier(page: Page, base_url: str) -> None:
    application = make_application()
    operator = make_user("operator@example.org", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(operator)
    page.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": base_url}])
    found = []
    for address in ("", "applications/application/", f"applications/application/{application.pk}/change/"):
        page.goto(f"{base_url}/admin/{address}")
        found += axe.barriers(page)
    assert found == []


def right_edge(part: Locator) -> float:
    shown = part.bounding_box()
    assert shown
    return shown["x"] + shown["width"]


def test_decided_case_and_letters_have_no_barrier(desk: Page, clerk: Clerk) -> None:
    for name, regime in (("Lena Kogge", "letter"), ("Jonas Kogge", "pickup")):
        application = case(clerk, name, 3, state=State.PROCESSING, assignee_id=clerk.user_id)
        with scope.for_person(clerk):
            use_cases.decide(application, outcome="approved", reason="Ja.", regime=regime, by=clerk)
    drain()
    OutboxRow.objects.filter(subject_id=application.pk).update(state=OutboxRow.State.DEAD, error_code="worker-lost")
    visit(desk, "/backoffice/stoerungen/", "troubles")
    visit(desk, f"/backoffice/vorgang/{application.reference}/", "case-decided")
    visit(desk, f"/backoffice/vorgang/{application.reference}/bescheid/", "notice")
    visit(desk, "/backoffice/briefe/", "letters")
    desk.set_viewport_size({"width": 320, "height": 900})
    box, card = desk.locator("input[type=date]").first, desk.locator("tbody tr").first
    assert right_edge(box) <= right_edge(card)
