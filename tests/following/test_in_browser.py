"""The person's pages in a real browser: no barrier that axe can see, no sideways scrolling, no complaint."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import BrowserContext, Page, sync_playwright

from accounts.people import Applicant
from applications.filling.use_cases import begin_draft
from applications.states import State
from catalogue.models import Offering
from tests.factories import make_application
from tests.following.rows import ask, decide, make_document, pdf

pytestmark = pytest.mark.journey

AXE_OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDTHS = (320, 375, 1280)


@pytest.fixture
def site(browser: Client, settings) -> Iterator[BrowserContext]:
    """A real browser in which Lena is signed in."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.DEMO = True
    server = LiveServerThread("localhost", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    base_url = f"http://localhost:{server.port}"
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = chromium.new_context(base_url=base_url, locale="de-DE")
        context.add_cookies([{"name": "session", "value": browser.cookies["session"].value, "url": base_url}])
        yield context
        chromium.close()
    server.terminate()


def barriers(page: Page, name: str) -> list[str]:
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        violations = Axe().run(page, options=AXE_OPTIONS).response["violations"]
        found += [f"{name} {width}: {each['id']} {each['nodes'][0]['html'][:200]}" for each in violations]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{name} {width}: scrolls sideways")
        if folder := os.environ.get("PORTAL_SCREENS"):
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    return found


def test_no_page_has_a_barrier(site: BrowserContext, browser: Client, person: Applicant) -> None:
    asked = make_application(party_id=person.party_id, state=State.ACTION_REQUIRED)
    ask(
        asked,
        "Der Nachweis ist nicht lesbar.\nBitte schicken Sie ihn neu.",
        ["Wesenstest", "Foto des Hundes"],
        date(2099, 12, 4),
    )
    make_application(party_id=person.party_id, state=State.PROCESSING)
    decided = make_application(party_id=person.party_id, state=State.COMPLETED)
    decide(decided, outcome="approved")
    waiting = make_document(decided)
    withdrawn = make_application(party_id=person.party_id, state=State.WITHDRAWN)
    opened = make_application(party_id=person.party_id, state=State.COMPLETED)
    decide(opened)
    browser.post(f"/postfach/{make_document(opened).pk}/oeffnen/")
    offering = Offering.objects.select_related("authority").get(
        authority__slug="rostock", service__slug="hundesteuer-anmelden"
    )
    draft, _ = begin_draft(offering, by=person)
    pages = {
        "laufend": "/antraege/",
        "entwuerfe": "/antraege/entwuerfe/",
        "abgeschlossen": "/antraege/abgeschlossen/",
        "loeschen": f"/antraege/entwuerfe/{draft.pk}/loeschen/",
        "vorgang-frage": f"/vorgang/{asked.reference}/",
        "vorgang-dokument": f"/vorgang/{decided.reference}/",
        "vorgang-entschieden": f"/vorgang/{opened.reference}/",
        "vorgang-zurueckgezogen": f"/vorgang/{withdrawn.reference}/",
        "bescheid": f"/vorgang/{opened.pk}/bescheid/",
        "zurueckziehen": f"/vorgang/{asked.reference}/zurueckziehen/",
        "finden": "/vorgang/",
        "postfach": "/postfach/",
        "dokument": f"/postfach/{waiting.pk}/",
    }
    page = site.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    found = []
    for name, address in pages.items():
        assert page.goto(address).status == 200, name
        found += barriers(page, name)
    assert found + complaints == []


def test_faults_are_told_above_and_at_the_box(site: BrowserContext, person: Applicant) -> None:
    asked = make_application(party_id=person.party_id, state=State.ACTION_REQUIRED)
    ask(asked, "Der Nachweis ist nicht lesbar.", ["Wesenstest", "Foto"], date(2099, 12, 4))
    page = site.new_page()
    page.goto(f"/vorgang/{asked.reference}/")
    page.get_by_label("Wesenstest").set_input_files(
        files=[{"name": "plan.dwg", "mimeType": "image/vnd.dwg", "buffer": b"AC1032"}]
    )
    page.get_by_label("Foto", exact=True).set_input_files(
        files=[{"name": "foto.pdf", "mimeType": "application/pdf", "buffer": pdf().read()}]
    )
    page.get_by_role("textbox", name="Ihre Antwort").fill("Hier ist er.")
    page.get_by_role("button", name="Antwort absenden").click()

    assert page.title().startswith("Fehler:")
    assert page.get_by_role("alert").get_by_role("link").count() == 1
    assert page.get_by_label("Wesenstest").get_attribute("aria-invalid") == "true"
    assert page.get_by_role("textbox", name="Ihre Antwort").input_value() == "Hier ist er."
    assert page.get_by_role("list", name="Schon hochgeladen: Foto").get_by_role("link").inner_text() == "foto.pdf"
    assert barriers(page, "vorgang-fehler") == []

    page.get_by_role("button", name="Datei „foto.pdf“ löschen").click()
    assert page.get_by_role("status").inner_text().strip() == "Die Datei „foto.pdf“ ist gelöscht."
    assert page.get_by_role("textbox", name="Ihre Antwort").input_value() == "Hier ist er."

    page.goto("/vorgang/")
    page.get_by_label("Vorgangsnummer").fill("HRO-2026-7K3M-4Q9X")
    page.get_by_label("Zugangscode").fill("1234")
    page.get_by_role("button", name="Vorgang öffnen").click()
    assert page.title().startswith("Fehler:")
    assert barriers(page, "finden-fehler") == []
