"""Publishing in a real browser: by keyboard, with the reason, a refusal on the way; nothing that axe can see."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.carrying import forms as carried
from tests.chromium import barriers
from tests.factories import make_clerk

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("form_of_its_own")]


@pytest.fixture
def desk(page: Page, base_url: str, city: None) -> Page:
    """The browser of an author of Schwerin."""
    user, _clerk = make_clerk("publishes@example.org", role="form_author", authority="schwerin", department=None)
    client = Client()
    client.force_login(user)
    page.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": base_url}])
    return page


def press(desk: Page, button: str) -> None:
    desk.get_by_role("button", name=button).focus()
    desk.keyboard.press("Enter")


def test_author_publishes_with_a_reason(desk: Page) -> None:
    carried.offer_form(carried.definition([carried.question("name")]))
    carried.begin(Client(), {"name": "Lena Kogge"})
    raw: dict[str, Any] = carried.definition([carried.question("anders", hint=carried.text("Ihr Name."))])
    version = carried.add(raw, published=False)
    desk.goto(f"/backoffice/formulare/{version.form_id}/veroeffentlichen/")
    assert barriers(desk) == []
    press(desk, "Auswirkungen prüfen")
    expect(desk.get_by_role("row", name="Frage „Name“ Entwürfe 1 Offene Vorgänge 0")).to_be_visible()
    assert barriers(desk) == []
    press(desk, "Version veröffentlichen")
    refusal = desk.get_by_role("link", name="Grund: Schreiben Sie, warum es diese Version gibt.")
    expect(refusal).to_be_visible()
    assert [each for each in barriers(desk) if "422" not in each] == []
    refusal.focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_label("Grund")).to_be_focused()
    desk.keyboard.type("Neue Satzung vom 3.12.2026.")
    press(desk, "Version veröffentlichen")
    expect(desk.get_by_text("Die Version ist veröffentlicht.")).to_be_visible()
    expect(desk.get_by_role("row", name="Neue Satzung vom 3.12.2026.")).to_be_visible()
    desk.complaints.clear()
    assert barriers(desk) == []
    desk.get_by_role("link", name="Version 1").click()
    assert barriers(desk) == []
    desk.goto(f"/backoffice/formulare/{version.form_id}/unterschied/?von=1&bis=2")
    assert barriers(desk) == []


def test_author_rehearses_a_version_in_the_browser(desk: Page) -> None:
    dogs = {
        "type": "group",
        "key": "hunde",
        "title": carried.text("Hunde"),
        "items": [carried.question("rufname")],
        "repeat": {"min": 1, "max": 3, "instance": carried.text("Hund"), "add": {"de": "Hund hinzufügen"}},
    }
    more = carried.question("grund", when={"equal": [{"answer": "ja"}, True]})
    raw = carried.definition([carried.question("ja", "yes_no"), more, dogs])
    offering = carried.offer_form(raw)
    desk.goto(f"/backoffice/formulare/{offering.form_id}/probelauf/")
    assert barriers(desk) == []
    desk.get_by_label("Ja", exact=True).check()
    desk.get_by_label("Grund").fill("Weil")
    desk.get_by_label("Rufname").fill("Bruno")
    press(desk, "Hund hinzufügen")
    expect(desk.get_by_label("Rufname").nth(1)).to_be_focused()
    desk.get_by_label("Rufname").nth(1).fill("Frieda")
    press(desk, "Hund hinzufügen")
    expect(desk.get_by_label("Rufname").nth(2)).to_be_focused()
    press(desk, "Hund 3 entfernen")
    expect(desk.get_by_role("heading", name="Hunde", exact=True)).to_be_focused()
    expect(desk.get_by_label("Rufname")).to_have_count(2)
    press(desk, "Weitergehen")
    expect(desk.get_by_text("Dieser Antrag könnte abgesendet werden.")).to_be_visible()
    assert [name in desk.locator("pre").inner_text() for name in ("Bruno", "Frieda", "Weil")] == [True] * 3
    assert barriers(desk) == []
    desk.goto(f"/backoffice/leistungen/{offering.pk}/annahme/")
    assert barriers(desk) == []


def test_person_carries_a_draft_over_in_the_browser(page: Page, base_url: str, city: None) -> None:
    carried.offer_form(carried.definition([carried.question("name"), carried.question("rasse")]))
    client = Client()
    draft = carried.begin(client, {"name": "Lena", "rasse": "Labrador"})
    page.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": base_url}])
    carried.add(carried.definition([carried.question("name")]))
    page.goto(f"/antrag/{draft.pk}/")
    assert barriers(page) == []
    page.get_by_role("link", name="Neue Fassung ansehen").click()
    expect(page.get_by_text("Labrador")).to_be_visible()
    assert barriers(page) == []
    press(page, "In neue Fassung übertragen")
    expect(page.get_by_role("link", name="Bestätigen Sie, dass Sie gelesen haben, was wegfällt.")).to_be_visible()
    assert [each for each in barriers(page) if "422" not in each] == []
    page.get_by_label("Ich habe gelesen, was wegfällt.").check()
    press(page, "In neue Fassung übertragen")
    expect(page.get_by_text("Ihr Antrag ist jetzt auf der neuen Fassung.")).to_be_visible()
