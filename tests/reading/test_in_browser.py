"""The two pages of the read log in a real browser: no barrier that axe can see, and room on a telephone."""

import pytest
from django.test import Client
from playwright.sync_api import Page

from accounts import profile
from accounts.models import User
from applications.models import Application
from tests.chromium import barriers, look
from tests.factories import make_application, make_clerk, make_user

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("city")]


def arrive(shown: Page, address: str, user: User) -> None:
    client = Client()
    client.force_login(user)
    shown.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": address}])


def looked_at_by_a_clerk(case: Application) -> None:
    user, _clerk = make_clerk("maren@example.org")
    profile.write(user, {"given_name": "Maren", "family_name": "Petersen"})
    client = Client()
    client.force_login(user)
    for _ in range(3):
        client.get(f"/backoffice/vorgang/{case.reference}/")


def test_both_pages_have_no_barrier_and_fit_on_a_telephone(page: Page, base_url: str) -> None:
    lena = make_user()
    case = make_application(party_id=lena.party.pk)
    looked_at_by_a_clerk(case)
    officer, _ = make_clerk("datenschutz@example.org", role="data_protection", department=None)
    for user, address, name in (
        (officer, f"/backoffice/zugriffe/?vorgang={case.reference}", "zugriffe"),
        (lena, f"/vorgang/{case.reference}/zugriffe/", "wer-hat-gelesen"),
    ):
        arrive(page, base_url, user)
        page.set_viewport_size({"width": 375, "height": 800})
        page.goto(f"{base_url}{address}")
        assert page.get_by_role("row").count() >= 4
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
        assert barriers(page) == []
        look(page, name)
