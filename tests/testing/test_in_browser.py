"""Test applications in a real browser: begun and deleted by keyboard, and nothing that axe can see on marked pages."""

import re

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.people import Clerk
from catalogue.models import Offering
from tests.carrying.forms import KEY
from tests.chromium import barriers
from tests.factories import make_application
from tests.testing.way import trials_of

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("form_of_its_own")]


def sit(page: Page, base_url: str, client: Client) -> Page:
    """The browser of whoever is signed in there."""
    page.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": base_url}])
    return page


def press(desk: Page, button: str) -> None:
    desk.get_by_role("button", name=button).focus()
    desk.keyboard.press("Enter")


def test_author_begins_and_deletes_by_keyboard(
    page: Page,
    base_url: str,
    author: Client,
    offering: Offering,
) -> None:
    desk = sit(page, base_url, author)
    make_application(authority="schwerin", service=KEY, department="finanzen", is_test=True)
    desk.goto(trials_of(offering))
    assert barriers(desk) == []
    press(desk, "Testantrag stellen")
    expect(desk).to_have_url(re.compile("/antrag/"))
    expect(desk.get_by_role("complementary", name="Testantrag")).to_be_visible()
    assert barriers(desk) == []
    desk.goto(f"{trials_of(offering)}loeschen/")
    assert barriers(desk) == []
    press(desk, "Testanträge löschen")
    expect(desk.get_by_text("2 Testanträge sind gelöscht.")).to_be_visible()


def test_clerk_finds_the_mark_in_the_inbox_and_on_the_case(
    page: Page,
    base_url: str,
    staff: tuple[Client, Clerk],
    offering: Offering,
) -> None:
    desk = sit(page, base_url, staff[0])
    case = make_application(authority="schwerin", service=KEY, department="finanzen", is_test=True)
    desk.goto("/backoffice/")
    desk.get_by_label("Testanträge").select_option("nur")
    press(desk, "Liste filtern")
    row = desk.get_by_role("row", name=case.reference)
    expect(row.get_by_text("Test", exact=True)).to_be_visible()
    assert barriers(desk) == []
    row.get_by_role("link").click()
    expect(desk.get_by_role("complementary", name="Testantrag")).to_be_visible()
    assert barriers(desk) == []
