"""The pages of words and fees in a real browser: no barrier that axe can see, at both edges of the usual widths."""

import pytest
from django.test import Client
from playwright.sync_api import Page

from applications.remarking import use_cases
from applications.states import State
from catalogue.models import Offering
from foundation import scope
from tests.axe import violations
from tests.backoffice.test_forms import make_form
from tests.backoffice.test_translations import change_german
from tests.catalogue.test_plain_rules import GOOD
from tests.chromium import barriers
from tests.factories import make_application, make_clerk

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("city")]


@pytest.fixture
def desk(page: Page, base_url: str) -> Page:
    """The browser of an author of Schwerin who has signed in."""
    user, _clerk = make_clerk("words@example.org", role="form_author", authority="schwerin", department=None)
    client = Client()
    client.force_login(user)
    page.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": base_url}])
    return page


def test_pages_of_languages_have_no_barriers(desk: Page, base_url: str) -> None:
    version = make_form("barrieren-sprachen")
    change_german(version, "Vorname")
    for step in ("", "angaben/"):
        desk.goto(f"{base_url}/backoffice/formulare/{version.form_id}/sprachen/{step}")
        assert barriers(desk) == []
    desk.get_by_label("Englisch: Vorname, Bezeichnung").fill("Given name")
    desk.get_by_role("button", name="Texte speichern").click()
    assert desk.get_by_text("Die Texte sind gespeichert.").is_visible()


def test_page_of_fees_has_no_barriers(desk: Page, base_url: str) -> None:
    offering = Offering.objects.get(authority__slug="schwerin", service__slug="hundesteuer-anmelden")
    desk.goto(f"{base_url}/backoffice/leistungen/{offering.pk}/gebuehren/")
    assert barriers(desk) == []
    desk.get_by_role("button", name="Gebühr eintragen").click()
    assert violations(desk) == []
    assert desk.get_by_role("link", name="Gilt ab: Geben Sie ein Datum ein, zum Beispiel 3.12.2026.").is_visible()


def test_a_page_in_plain_words_is_large_quiet_and_without_barriers(desk: Page, base_url: str) -> None:
    offering = Offering.objects.select_related("authority", "service").get(
        authority__slug="schwerin", service__slug="hundesteuer-anmelden"
    )
    desk.goto(f"{base_url}/backoffice/leistungen/{offering.pk}/einfach/")
    assert barriers(desk) == []
    for name, text in GOOD.items():
        desk.locator(f"[name={name}]").fill(text)
    desk.get_by_label("Menschen sehen diese Seite").check()
    desk.get_by_role("button", name="Text speichern").click()
    desk.get_by_role("link", name="Seite ansehen").click()
    assert barriers(desk) == []
    # L18: at least 1.2 times as large as other text, to the left, 1.5 lines high, no word divided.
    found = desk.evaluate("""() => {
        const style = getComputedStyle(document.querySelector(".portal-simple p"));
        return {
            times: parseFloat(style.fontSize) / parseFloat(getComputedStyle(document.body).fontSize),
            height: parseFloat(style.lineHeight) / parseFloat(style.fontSize),
            align: style.textAlign, hyphens: style.hyphens,
        };
    }""")
    assert found["times"] >= 1.2
    assert found["height"] >= 1.5
    assert (found["align"] in ("left", "start"), found["hyphens"]) == (True, "none")


def test_pages_of_remarks_have_no_barriers(desk: Page, base_url: str) -> None:
    application = make_application(authority="schwerin", department="finanzen", state=State.PROCESSING)
    user, clerk = make_clerk("desk@example.org", authority="schwerin", department="finanzen")
    with scope.for_person(clerk):
        use_cases.leave(application, path="hunde.name", text="Die Frage ist unklar.", by=clerk)
    desk.goto(f"{base_url}/backoffice/formulare/{application.offering.form_id}/rueckmeldungen/")
    assert desk.get_by_text("Die Frage ist unklar.").first.is_visible()
    assert barriers(desk) == []
    client = Client()
    client.force_login(user)
    desk.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": base_url}])
    desk.goto(f"{base_url}/backoffice/vorgang/{application.reference}/anmerken/")
    assert barriers(desk) == []
