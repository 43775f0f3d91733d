"""The person's pages in a real browser: no barrier that axe can see, no sideways scrolling, no complaint."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from accounts.people import Applicant
from applications.filling.use_cases import begin_draft
from applications.states import State
from catalogue.models import Offering
from tests import axe
from tests.chromium import chromium
from tests.factories import make_application
from tests.following.rows import ask, decide, make_document, pdf

pytestmark = pytest.mark.journey


@pytest.fixture
def site(client: Client, base_url: str, settings) -> Iterator[BrowserContext]:
    """A real browser in which Lena is signed in."""
    settings.DEMO = True
    with chromium() as started:
        context = started.new_context(base_url=base_url, locale="de-DE")
        context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": base_url}])
        yield context


def barriers(page: Page, name: str) -> list[str]:
    return [f"{name} {each}" for each in axe.barriers(page)]


def test_no_page_has_a_barrier(site: BrowserContext, client: Client, person: Applicant) -> None:
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
    client.post(f"/postfach/{make_document(opened).pk}/oeffnen/")
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

    expect(page).to_have_title(re.compile("^Fehler:"))
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(1)
    expect(page.get_by_label("Wesenstest")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("textbox", name="Ihre Antwort")).to_have_value("Hier ist er.")
    expect(page.get_by_role("list", name="Schon hochgeladen: Foto").get_by_role("link")).to_have_text("foto.pdf")
    assert barriers(page, "vorgang-fehler") == []

    page.get_by_role("button", name="Datei „foto.pdf“ löschen").click()
    expect(page.get_by_role("status")).to_have_text("Die Datei „foto.pdf“ ist gelöscht.")
    expect(page.get_by_role("textbox", name="Ihre Antwort")).to_have_value("Hier ist er.")

    page.goto("/vorgang/")
    page.get_by_label("Vorgangsnummer").fill("HRO-2026-7K3M-4Q9X")
    page.get_by_role("textbox", name="Zugangscode").fill("1234")
    page.get_by_role("button", name="Vorgang öffnen").click()
    expect(page).to_have_title(re.compile("^Fehler:"))
    assert barriers(page, "finden-fehler") == []
