"""Publishing in a real browser: by keyboard, with the reason, a refusal on the way; nothing that axe can see."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.carrying import forms as carried
from tests.carrying.forms import form_of_its_own  # noqa: F401 - a fixture
from tests.factories import make_clerk
from tests.frame.test_in_browser import barriers, base_url, browser, page  # noqa: F401 - fixtures

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("form_of_its_own")]


@pytest.fixture
def desk(page: Page, base_url: str, city: None) -> Page:  # noqa: F811
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
    expect(desk.get_by_role("row", name="Frage „Name“ 1 0")).to_be_visible()
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
