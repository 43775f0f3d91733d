"""Rostock's service runs in Schwerin with Schwerin's rates, and follows: in a real browser, from page to page."""

import copy
import re
from collections.abc import Iterator

import pytest
from django.db import connections, transaction
from django.test import Client
from playwright.sync_api import Page, expect

from authorities.models import Authority
from catalogue.models import Offering
from forms_engine.models import FormVersion
from forms_engine.use_cases import add_version, publish
from foundation import scope
from tests.chromium import barriers, look
from tests.factories import make_clerk

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("city")]

SERVICE = "bewohnerparkausweis"
THEIRS = re.compile("Bewohnerparkausweis beantragen ?: Rostock")


@pytest.fixture
def desk(page: Page, base_url: str, city: None) -> Page:
    """The browser of Schwerin's author of forms, who has signed in."""
    user, _clerk = make_clerk("forms@example.org", role="form_author", authority="schwerin", department=None)
    client = Client()
    client.force_login(user)
    page.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": base_url}])
    return page


@pytest.fixture(autouse=True)
def as_it_was(city: None) -> Iterator[None]:
    """Services and forms stay between tests: what was adopted and published here goes."""
    with scope.system("a test remembers", read_only=True):
        before = list(FormVersion.objects.values_list("pk", flat=True))
    yield
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('portal.leaving', 'on', true), set_config('portal.erasing', 'on', true)")
        mine = "SELECT o.id FROM catalogue_offering o JOIN authorities_authority a ON a.id = o.authority_id \
                JOIN catalogue_service s ON s.id = o.service_id WHERE a.slug = 'schwerin' AND s.slug = %s"
        for table in ("catalogue_adoption", "catalogue_routerule", "catalogue_poster"):
            cursor.execute(f"DELETE FROM {table} WHERE offering_id IN ({mine})", [SERVICE])
        cursor.execute(f"DELETE FROM catalogue_offering WHERE id IN ({mine})", [SERVICE])
        cursor.execute("DELETE FROM forms_engine_upstream")
        new = "id <> ALL(%s)"
        cursor.execute(
            f"UPDATE forms_engine_form SET upstream_version_id = NULL WHERE upstream_version_id IN \
                         (SELECT id FROM forms_engine_formversion WHERE {new})",
            [before],
        )
        cursor.execute(f"DELETE FROM forms_engine_formversion WHERE {new}", [before])
        cursor.execute("DELETE FROM forms_engine_form WHERE id NOT IN (SELECT form_id FROM forms_engine_formversion)")


def changed(slug: str, *, label: str = "", hint: str = "") -> FormVersion:
    """The next published version at an authority; the designer has pages of its own."""
    with scope.system("a test publishes"):
        form = Offering.objects.select_related("form__authority").get(authority__slug=slug, service__slug=SERVICE).form
        newest = form.versions.order_by("-no")[0]
        definition = copy.deepcopy(newest.definition)
        first, second = definition["steps"][0], definition["steps"][-1]
        if label:
            first["title"]["de"] = label
        if hint:
            second["intro"] = {"de": hint}
        return publish(add_version(form.authority, definition))


def test_schwerin_adopts_sets_its_rates_and_follows_with_its_own_change_kept(
    desk: Page,
    base_url: str,
) -> None:
    desk.goto("/backoffice/formulare/")
    desk.get_by_role("link", name="Von anderen Behörden übernehmen").click()
    expect(desk.get_by_role("heading", name="Leistungen übernehmen", level=1)).to_be_visible()
    assert barriers(desk) == []
    look(desk, "adoptable")
    desk.get_by_role("link", name=THEIRS).click()
    assert barriers(desk) == []
    look(desk, "adopt")
    office = Authority.objects.get(slug="schwerin").departments.get(slug="ordnung")
    desk.get_by_label("Zuständiges Amt").select_option(label=office.name)
    desk.get_by_role("button", name="Leistung übernehmen").click()
    expect(desk.get_by_role("status").first).to_contain_text("Sie haben die Leistung übernommen.")
    assert barriers(desk) == []
    look(desk, "terms")

    desk.get_by_label("Gebühr in einem Satz").fill("24 € im Jahr")
    amounts = desk.get_by_label(", in Euro")
    amounts.nth(0).fill("24")
    amounts.nth(1).fill("48,00")
    desk.get_by_label("Kosten").fill("24 Euro für ein Jahr, 48 Euro für zwei Jahre.")
    desk.get_by_role("button", name="Angaben speichern").click()
    expect(desk.get_by_role("status").first).to_contain_text("Ihre Angaben zur Leistung sind gespeichert.")
    desk.get_by_role("button", name="Leistung online stellen").click()
    expect(desk.get_by_role("status").first).to_contain_text("Die Leistung ist online.")

    citizen = desk.context.browser.new_context(base_url=base_url, locale="de-DE").new_page()
    citizen.goto(f"/leistungen/schwerin/{SERVICE}/")
    expect(citizen.locator("main")).to_contain_text("24 € im Jahr")
    expect(citizen.locator("main")).not_to_contain_text("30,70")
    citizen.goto(f"/leistungen/rostock/{SERVICE}/")
    expect(citizen.locator("main")).to_contain_text("30,70 € im Jahr")
    citizen.context.close()

    changed("schwerin", hint="Schwerin prüft Ihren Antrag in zwei Tagen.")
    changed("rostock", label="Ihr Fahrzeug und Sie")
    desk.goto("/backoffice/formulare/uebernehmen/")
    expect(desk.get_by_text("Neue Fassung von Hanse- und Universitätsstadt Rostock")).to_be_visible()
    desk.get_by_role("region", name="Tabelle: übernommene Formulare").get_by_role("link").click()
    expect(desk.get_by_role("region", name="Änderungen dort")).to_contain_text("Ihr Fahrzeug und Sie")
    expect(desk.get_by_role("region", name="Ihre Änderungen")).to_contain_text("Schwerin prüft Ihren Antrag")
    expect(desk.get_by_text("Nichts. Alles lässt sich zusammenführen.")).to_be_visible()
    assert barriers(desk) == []
    desk.get_by_role("button", name="Neue Fassung übernehmen").click()
    expect(desk.get_by_role("status").first).to_contain_text("Die neue Fassung ist in Ihrem Entwurf.")
    expect(desk.get_by_text("Dort gibt es nichts Neues.")).to_be_visible()

    with scope.system("a test looks", read_only=True):
        offering = Offering.objects.get(authority__slug="schwerin", service__slug=SERVICE)
        working = FormVersion.objects.filter(form=offering.form_id).order_by("-no")[0]
    assert working.published_at is None
    assert working.definition["steps"][0]["title"]["de"] == "Ihr Fahrzeug und Sie"
    assert working.definition["steps"][-1]["intro"]["de"] == "Schwerin prüft Ihren Antrag in zwei Tagen."
    assert offering.fee["sum"][0]["price"]["amounts"] == {"1": "24.00", "2": "48.00"}


def test_conflict_is_chosen_and_a_file_is_looked_into_without_a_barrier(desk: Page, tmp_path: object) -> None:
    desk.goto("/backoffice/formulare/uebernehmen/")
    desk.get_by_role("link", name=THEIRS).click()
    desk.get_by_role("button", name="Leistung übernehmen").click()
    expect(desk.locator("#fehler")).to_contain_text("Wählen Sie ein Amt.")
    desk.complaints.clear()  # a refusal (422) is no complaint
    assert barriers(desk) == []
    desk.get_by_label("Zuständiges Amt").select_option(index=1)
    desk.get_by_role("button", name="Leistung übernehmen").click()
    changed("schwerin", label="Ihr Auto in Schwerin")
    changed("rostock", label="Ihr Auto in Rostock")
    desk.get_by_role("link", name="Herkunft").click()
    expect(desk.get_by_label("Ihre Fassung: Ihr Auto in Schwerin")).to_be_checked()
    desk.get_by_label("Neue Fassung: Ihr Auto in Rostock").check()
    assert barriers(desk) == []
    look(desk, "upstream")
    desk.get_by_role("button", name="Neue Fassung übernehmen").click()
    expect(desk.get_by_role("status").first).to_contain_text("in Ihrem Entwurf")
    desk.get_by_role("link", name="Weitergeben").click()
    assert barriers(desk) == []
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Signierte Datei herunterladen").click()
    desk.goto("/backoffice/formulare/uebernehmen/datei/")
    assert barriers(desk) == []
    desk.get_by_label("Datei mit der Leistung").set_input_files(download.value.path())
    desk.get_by_role("button", name="Datei ansehen").click()
    expect(desk.get_by_text("Diese Leistung ist Ihre eigene.")).to_be_visible()
    assert barriers(desk) == []
