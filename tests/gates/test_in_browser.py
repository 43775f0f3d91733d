"""The admin in a real browser: our policy holds there too, and nothing of a page is missing for it."""

from collections.abc import Iterator

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import Page, sync_playwright

from foundation.outbox.models import OutboxRow
from tests.factories import make_application, make_user

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("city")]


@pytest.fixture
def page(city: None, settings: object) -> Iterator[Page]:
    """A browser in which an operator is signed in; `complaints` holds what it found wrong, the policy included."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    client = Client()
    client.force_login(make_user("operator@example.org", is_staff=True, is_superuser=True))
    server = LiveServerThread("localhost", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(base_url=f"http://localhost:{server.port}", locale="de-DE")
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": f"http://localhost:{server.port}"}]
        )
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text) if message.type != "log" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("response", lambda answer: page.complaints.append(answer.url) if answer.status == 404 else None)
        yield page
        browser.close()
    server.terminate()


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
    ):
        assert page.goto(address).status == 200, address
        assert page.evaluate("getComputedStyle(document.querySelector('#header')).display") == "flex", address
        assert page.complaints == [], address
    page.goto("/admin/applications/application/")
    assert page.locator("thead th").first.bounding_box()["width"] > 100
