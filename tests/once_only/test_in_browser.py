"""A person says it once: keeps a document, files, files again from the first one, in a real browser, with and without
JavaScript; and no page of it has a barrier.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts import profile
from accounts.models import User
from accounts.people import Applicant
from applications.models import Application, Attachment
from foundation import scope
from tests import axe
from tests.chromium import chromium
from tests.journeys.looking import tree
from tests.once_only.test_copying import earlier
from tests.once_only.test_folder import kept
from tests.uploads.making import photo

pytestmark = pytest.mark.journey


@pytest.fixture
def site(client: Client, base_url: str, settings) -> Iterator[tuple[Browser, str, str]]:
    """A browser, where the portal is, and the cookie of Lena's sitting."""
    settings.DEMO = True
    with chromium() as started:
        yield started, base_url, client.cookies["session"].value


def enter(site: tuple[Browser, str, str], *, script: bool) -> BrowserContext:
    started, base_url, session = site
    context = started.new_context(base_url=base_url, locale="de-DE", java_script_enabled=script)
    context.add_cookies([{"name": "session", "value": session, "url": base_url}])
    return context


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).last.click()


def keep_a_document(page: Page) -> None:
    page.goto("/konto/profil/")
    page.get_by_role("link", name="Dokumente behalten und wieder anhängen").click()
    page.get_by_role("link", name="Dokument hochladen").click()
    page.get_by_label("Datei").set_input_files(
        files=[{"name": "baum.jpg", "mimeType": "image/jpeg", "buffer": photo()}]
    )
    page.get_by_label("Art des Dokuments").select_option("Lageplan")
    page.get_by_label("Bezeichnung").fill("Foto vom Baum")
    page.get_by_label("Ausgestellt am").fill("3.5.2024")
    press(page, "Dokument behalten")
    expect(page.get_by_role("heading", name="Foto vom Baum")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_a_person_says_it_once(
    site: tuple[Browser, str, str], client: Client, lena: User, person: Applicant, script: bool
) -> None:
    profile.write(lena, {"family_name": "Kogge"})
    page = enter(site, script=script).new_page()
    keep_a_document(page)

    # The first application: a document of the folder, and a name of the account that is corrected.
    begun = client.post("/leistungen/rostock/wuensche-und-ideen/beginnen/", {"anew": "1"})["Location"]
    page.goto(f"{begun}schritt/idee/")
    page.locator("#thema").select_option("gruen")
    page.locator("#text").fill("Mehr Bäume am Neuen Markt.")
    page.get_by_role("checkbox", name="Foto vom Baum").check()
    page.get_by_role("button", name="Ausgewähltes anhängen: Foto").click()
    expect(page.get_by_role("list", name="Hochgeladene Dateien: Foto")).to_contain_text("baum.jpg")
    expect(page.locator("#text")).to_have_value("Mehr Bäume am Neuen Markt.")
    press(page, "Speichern und weiter")
    page.locator("#antwort-true").check()
    if not script:
        press(page, "Speichern und weiter")
    expect(page.locator("#person-familienname-source")).to_contain_text("Aus Ihrem Konto.")
    page.locator("#person-vorname").fill("Lena")
    page.locator("#person-familienname").fill("Kogge-Hansen")
    page.locator("#datenschutz").check()
    press(page, "Speichern und weiter")
    page.locator("#delivery-postbox").check()
    page.locator("#confirmed").check()
    press(page, "Jetzt verbindlich absenden")
    expect(page.get_by_role("heading", name="ist angekommen")).to_be_visible()

    # The second one begins with the first.
    page.get_by_role("link", name="Vorgang ansehen").click()
    page.get_by_role("button", name="Als Vorlage verwenden").click()
    expect(page.get_by_role("heading", name="Übernommen aus Ihrem Antrag")).to_be_visible()
    expect(page.get_by_text("Bitte prüfen", exact=True)).to_have_count(2)
    copied = page.url
    page.goto(f"{copied}schritt/idee/")
    expect(page.locator("#text-source")).to_contain_text("Aus Ihrem Antrag vom")
    page.locator("#text").fill("Mehr Bäume am Alten Markt.")
    press(page, "Speichern und weiter")
    expect(page.locator("#person-familienname")).to_have_value("Kogge-Hansen")
    page.locator("#datenschutz").check()
    press(page, "Speichern und weiter")
    page.locator("#delivery-postbox").check()
    page.locator("#confirmed").check()
    press(page, "Jetzt verbindlich absenden")
    expect(page.get_by_role("heading", name="ist angekommen")).to_be_visible()

    # In a third one, what the account does not know is offered.
    begun = client.post("/leistungen/rostock/wuensche-und-ideen/beginnen/", {"anew": "1"})["Location"]
    page.goto(f"{begun}schritt/kontakt/")
    page.locator("#antwort-true").check()
    if not script:
        press(page, "Speichern und weiter")
    page.locator("#person-familienname").fill("Petersen")
    page.get_by_role("button", name="„Lena“ übernehmen: Vorname").click()
    expect(page.locator("#person-vorname")).to_have_value("Lena")
    expect(page.locator("#person-familienname")).to_have_value("Petersen")

    with scope.system("look"):
        sent = list(Application.objects.select_related("authority").order_by("submitted_at"))
        assert [each.read_answers()["text"] for each in sent] == [
            "Mehr Bäume am Neuen Markt.",
            "Mehr Bäume am Alten Markt.",
        ]
        assert [each.application_id for each in Attachment.objects.all()] == [sent[0].pk]
    assert profile.read(User.objects.get(pk=lena.pk)) == {"family_name": "Kogge"}


def test_no_page_has_a_barrier(site: tuple[Browser, str, str], client: Client, person: Applicant) -> None:
    document = kept(person, b"1", title="Reisepass", valid_until=date.today() - timedelta(days=1))
    kept(person, b"2", title="Lageplan vom Hof")
    case = earlier(person.party_id)
    copied = client.post(f"/vorgang/{case.reference}/als-vorlage/")["Location"]
    begun = client.post("/leistungen/rostock/wuensche-und-ideen/beginnen/", {"anew": "1"})["Location"]
    client.post(f"{begun}schritt/kontakt/", {"version": "0", "shown": "antwort", "antwort": "true", "refresh": "1"})
    page = enter(site, script=True).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    found = []
    for address in (
        "/unterlagen/",
        "/unterlagen/neu/",
        f"/unterlagen/{document.pk}/",
        f"/unterlagen/{document.pk}/loeschen/",
        f"/vorgang/{case.reference}/",
        "/antraege/abgeschlossen/",
        copied,
        f"{copied}schritt/idee/",
        f"{begun}schritt/kontakt/",
        f"{copied}pruefen/",
    ):
        assert page.goto(address).status == 200, address
        found += [f"{address} {each}" for each in (*axe.barriers(page), *tree(page))]
    page.goto("/unterlagen/neu/")
    press(page, "Dokument behalten")
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(4)
    found += [f"faults {each}" for each in axe.barriers(page)]
    assert found == []
    assert [each for each in complaints if "422" not in each] == []
