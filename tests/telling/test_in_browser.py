"""The page about a fault's people in a real browser: no barrier, and the whole way without JavaScript."""

import re

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.axe import violations
from tests.chromium import barriers, look
from tests.drain import drain
from tests.factories import make_application, make_clerk

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("city")]


def test_head_writes_to_all_whom_a_fault_touched(page: Page, base_url: str) -> None:
    user, _clerk = make_clerk("leitung@example.org", role="head", department=None)
    for _ in range(3):
        make_application(access_digest=b"x" * 32)
    page.context.add_cookies([{"name": "session", "value": _session(user), "url": base_url}])
    page.goto("/backoffice/stoerungen/")
    page.get_by_role("link", name="Betroffene finden und anschreiben").click()
    page.get_by_label("Leistung").select_option("hundesteuer-anmelden")
    page.get_by_role("button", name="Betroffene zeigen").click()
    expect(page.get_by_role("heading", name="3 betroffene Vorgänge")).to_be_visible()
    assert barriers(page) == []
    look(page, "affected")
    page.get_by_role("button", name="Nachricht ansehen").click()
    expect(page.get_by_role("article")).to_contain_text("Ihr Antrag ist nicht verloren.")
    assert barriers(page) == []
    look(page, "affected-preview")
    page.get_by_role("button", name="Zu 3 Vorgängen absenden").dblclick()
    expect(page.get_by_role("status").first).to_contain_text("Ihre Nachricht geht jetzt zu 3 Vorgängen.")
    expect(page.get_by_role("table", name="Schon geschrieben").locator("tbody tr")).to_have_count(1)
    assert drain() == 6
    assert violations(page) == []
    look(page, "affected-sent")
    page.goto("/backoffice/stoerungen/betroffene/?leistung=hundesteuer-anmelden&von=x&bis=")
    expect(page).to_have_title(re.compile("^Fehler: "))
    page.complaints.clear()  # a refusal (422) is no complaint
    assert violations(page) == []


def _session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["session"].value
