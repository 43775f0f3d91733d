"""The admin and the pages of the second factor in a real browser: our policy holds, and nothing is missing for it."""

import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from foundation.outbox.models import OutboxRow
from tests.axe import barriers, violations
from tests.chromium import chromium
from tests.factories import PASSWORD, make_application, make_user

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("city")]


@pytest.fixture
def page(base_url: str, settings: object) -> Iterator[Page]:
    """A browser in which an operator is signed in; `complaints` holds what it found wrong, the policy included."""
    client = Client()
    client.force_login(make_user("operator@example.org", is_staff=True, is_superuser=True))
    with chromium() as browser:
        context = browser.new_context(base_url=base_url, locale="de-DE")
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": base_url}])
        page = context.new_page()
        page.complaints = []
        told = ("error", "warning")
        page.on("console", lambda message: page.complaints.append(message.text) if message.type in told else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("response", lambda answer: page.complaints.append(answer.url) if answer.status == 404 else None)
        yield page


@pytest.mark.asvs("V3.4.3")
@pytest.mark.tr("A3.11.07")
def test_admin_keeps_the_policy_and_its_looks(page: Page) -> None:
    application = make_application()
    dead = OutboxRow.objects.create(
        kind="notice", authority_id=application.authority_id, subject_id=application.pk, state="dead", attempts=12
    )
    for address in (
        "/admin/",
        "/admin/applications/application/",
        f"/admin/applications/application/{application.pk}/change/",
        "/admin/outbox/outboxrow/",
        f"/admin/outbox/outboxrow/{dead.pk}/change/",
        "/admin/accounts/user/",
    ):
        assert page.goto(address).status == 200, address
        assert page.evaluate("getComputedStyle(document.querySelector('#header')).display") == "flex", address
        assert page.complaints == [], address
    page.goto("/admin/applications/application/")
    assert page.locator("thead th").first.bounding_box()["width"] > 100


@pytest.mark.asvs("V3.4.3")
def test_second_factor_is_set_up_and_shown_without_a_barrier(page: Page) -> None:
    page.goto(reverse("mfa_activate_totp"))
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Passwort bestätigen").click()
    page.wait_for_url("**/einrichten/")
    page.wait_for_function("document.querySelector('main img').naturalWidth > 100")
    assert barriers(page) == []
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Zweiten Faktor einschalten").click()
    page.get_by_text("Der Code stimmt nicht").first.wait_for()
    expect(page).to_have_title(re.compile("^Fehler: "))
    assert barriers(page) == []
    secret = page.locator("main code").inner_text()
    page.get_by_label("Code").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.get_by_role("button", name="Zweiten Faktor einschalten").click()
    page.wait_for_url("**/codes/")
    expect(page.locator("main code")).to_have_count(10)
    assert barriers(page) == []
    for name in (
        *("mfa_index", "mfa_generate_recovery_codes", "mfa_deactivate_totp"),
        *("mfa_reauthenticate", "usersessions_list"),
    ):
        page.goto(reverse(name))
        assert violations(page) == [], name
    assert page.complaints == []
