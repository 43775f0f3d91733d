"""The designer in a real browser: by keyboard only, without a script, and as axe sees it."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Page, Request, Route, expect
from pytest_django.plugin import DjangoDbBlocker

from applications.models import Application
from forms_engine.models import FormVersion
from foundation import scope
from foundation.ids import new_id
from tests.backoffice.keyboard import Keyboard
from tests.backoffice.test_forms import make_form
from tests.chromium import barriers, look
from tests.sharing.conftest import forget

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("city")]
#: The service that an author's form is offered as; it must not meet those who search afterwards.
PROBE = "hund-anmelden-probe"


@pytest.fixture(scope="module", autouse=True)
def service_goes(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    yield
    with django_db_blocker.unblock():
        forget(PROBE)


@pytest.fixture
def desk(page: Page, base_url: str, author: Client) -> Page:
    """The browser of an author who has signed in."""
    page.context.add_cookies([{"name": "session", "value": author.cookies["session"].value, "url": base_url}])
    return page


@pytest.fixture
def plain(desk: Page, base_url: str) -> Iterator[Page]:
    """The same without JavaScript."""
    context = desk.context.browser.new_context(java_script_enabled=False, base_url=base_url, locale="de-DE")
    context.add_cookies(desk.context.cookies())
    yield context.new_page()
    context.close()


def put_online_by_keyboard(keys: Keyboard) -> str:
    """A service of its author's own for the form that is published; gives the address of its page."""
    keys.follow("Leistung", within=keys.page.get_by_role("main"))
    keys.choose("Zuständiges Amt", "Fachdienst Ordnung")
    keys.press("Leistung anlegen")
    keys.fill("Gebühr in einem Satz", "kostenlos")
    keys.fill("Kurzbeschreibung", "Sagen Sie uns, wer bei Ihnen bellt.")
    for part in ("Zweck", "Rechtsgrundlage", "Empfänger"):
        keys.fill(f"Datenschutz: {part}", "Satzung über Hunde")
    keys.press("Angaben speichern")
    keys.press("Leistung online stellen")
    expect(keys.page.get_by_role("status").first).to_have_text("Die Leistung ist online.")
    address = keys.page.get_by_role("link", name="Seite ansehen").get_attribute("href")
    assert address == f"/leistungen/schwerin/{PROBE}/"
    return address


def form_id_of(page: Page) -> str:
    return page.url.split("/formulare/")[1].split("/")[0]


def publish_by_keyboard(keys: Keyboard, *, reason: str) -> None:
    keys.follow("Veröffentlichen")
    keys.fill("Grund", reason)
    keys.press("Version veröffentlichen")
    expect(keys.page.get_by_role("status").first).to_contain_text("veröffentlicht")


def test_by_keyboard_only_a_form_is_made_published_filed_and_changed_while_the_case_is_open(desk: Page) -> None:
    keys = Keyboard(desk)
    desk.goto("/backoffice/formulare/")
    keys.follow("Neues Formular")
    keys.fill("Titel des Formulars", "Hund anmelden (Probe)")
    keys.press("Formular anlegen")
    expect(desk.get_by_role("status").first).to_contain_text("Das Formular ist angelegt.")

    # The first step: its title, a question with two answers, and one that depends on it.
    tree = desk.get_by_role("navigation", name="Aufbau")
    keys.fill("Titel", "Halter")
    keys.press("Speichern")
    keys.follow("Neue Frage", within=tree)
    keys.fill("Beschriftung", "Familienname")
    keys.press("Speichern")
    expect(desk.get_by_role("heading", name="Eigenschaften: Familienname")).to_be_focused()
    keys.fill("Name des Neuen", "Haben Sie eine Firma?")
    keys.choose("Art des Feldes", "Ja oder Nein")
    keys.press("Feld einfügen")
    keys.fill("Name des Neuen", "Name der Firma")
    keys.choose("Art des Feldes", "Text, eine Zeile")
    keys.press("Feld einfügen")
    keys.press("Zeile hinzufügen")
    keys.choose("Feld", "Haben Sie eine Firma?")
    keys.choose("Wert", "Ja")
    keys.press("Speichern")
    expect(desk.locator("#Wenn-satz")).to_have_text(
        "Liest sich: Die Frage erscheint, wenn gilt: „Haben Sie eine Firma?“ ist Ja."
    )

    # The second step: a repeated group.
    keys.fill("Name des Neuen", "Ihre Hunde")
    keys.press("Schritt einfügen")
    keys.fill("Name des Neuen", "Hund")
    keys.press("Wiederholte Gruppe einfügen")
    keys.follow("Neue Frage", within=tree.locator("ul ul ul"))
    keys.fill("Beschriftung", "Rufname")
    keys.press("Speichern")
    keys.follow("Neue Frage", within=tree)
    keys.press("Löschen")

    # The third step, moved with its buttons; the focus stays on them.
    keys.fill("Name des Neuen", "Bemerkung")
    keys.press("Schritt einfügen")
    keys.press("Nach oben")
    expect(desk.get_by_role("button", name="Nach oben")).to_be_focused()
    keys.press("Nach unten")
    keys.follow("Neue Frage", within=tree)
    keys.fill("Beschriftung", "Was sollen wir noch wissen?")
    keys.pick("Angabe ist", "freiwillig")
    keys.press("Speichern")
    assert [text.strip() for text in tree.locator("ul.portal-tree > li > a").all_text_contents()] == [
        "Titel, Regeln, Gebiete",
        "1 Halter",
        "2 Ihre Hunde",
        "3 Bemerkung",
    ]

    # The preview: its conditions act, and it keeps nothing.
    keys.follow("1 Halter", within=tree)
    preview = desk.get_by_role("region", name="Vorschau")
    expect(preview.get_by_label("Name der Firma")).to_have_count(0)
    keys.pick("Haben Sie eine Firma?", "Ja", within=preview)
    expect(preview.get_by_label("Name der Firma")).to_be_visible()
    keys.press("Schritt danach zeigen", within=preview)
    keys.press_in_place("Hund hinzufügen")
    expect(preview.get_by_role("group", name="Hund 2").get_by_label("Rufname")).to_be_focused()
    keys.follow("Telefon", within=preview)
    keys.press("Bearbeitung beenden")
    expect(desk.get_by_role("status").first).to_contain_text("Das Formular ist wieder frei für andere.")
    publish_by_keyboard(keys, reason="Das Amt braucht ein Formular.")
    assert desk.complaints == []

    # Somebody fills it in.
    service = put_online_by_keyboard(keys)
    form_id, signed_in = form_id_of(desk), desk.context.cookies()
    desk.context.clear_cookies()
    desk.goto(service)
    keys.press("Ohne Konto weiter")
    keys.follow("Weiter mit Schritt 1")
    keys.fill("Familienname", "Østergård")
    keys.pick("Haben Sie eine Firma?", "Ja")
    expect(desk.get_by_label("Name der Firma")).to_be_visible()
    keys.fill("Name der Firma", "Fische & Söhne")
    keys.press("Speichern und weiter")
    keys.fill("Rufname", "Bruno")
    keys.press_in_place("Hund hinzufügen")
    second = desk.get_by_role("group", name="Hund 2")
    expect(second.get_by_label("Rufname")).to_be_focused()
    keys.fill("Rufname", "Frieda", within=second)
    keys.press("Speichern und weiter")
    keys.press("Speichern und weiter")
    expect(desk.get_by_role("main")).to_contain_text("Fische & Söhne")
    for box in desk.get_by_role("main").get_by_role("checkbox").all():
        keys.reach(box)
        desk.keyboard.press("Space")
    keys.press("Jetzt verbindlich absenden")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Ihr Antrag ist angekommen")
    with scope.system("a test looks at what was filed"):
        filed = Application.objects.select_related("form_version").get(form_version__form_id=form_id)
    assert filed.form_version.no == 1

    # The author takes a question out while the case is open, sees whom it touches, and publishes.
    person = desk.context.cookies()
    desk.context.clear_cookies()
    desk.context.add_cookies(signed_in)
    desk.goto(f"/backoffice/formulare/{form_id}/")
    keys.press("Bearbeiten")
    keys.follow("Name der Firma", within=tree)
    keys.press("Löschen")
    keys.press("Bearbeitung beenden")
    keys.follow("Veröffentlichen")
    keys.press("Auswirkungen prüfen")
    result = desk.locator("#ergebnis")
    expect(result).to_contain_text("Antworten ohne Platz")
    expect(result).to_contain_text("Name der Firma")
    publish_by_keyboard(keys, reason="Niemand fragt mehr nach Firmen.")

    # The case is what it was, for its person too.
    with scope.system("a test looks at what was filed"):
        now = Application.objects.get(pk=filed.pk)
        assert FormVersion.objects.filter(form=form_id, published_at__isnull=False).count() == 2
    assert (now.form_version_id, now.form_sha256) == (filed.form_version_id, filed.form_sha256)
    assert bytes(now.answers) == bytes(filed.answers)
    desk.context.clear_cookies()
    desk.context.add_cookies(person)
    desk.goto(f"/vorgang/{filed.reference}/bestaetigung/")
    expect(desk.get_by_role("main")).to_contain_text("Name der Firma")
    expect(desk.get_by_role("main")).to_contain_text("Fische & Söhne")


def test_the_same_by_form_posts_without_javascript(plain: Page) -> None:
    plain.goto("/backoffice/formulare/neu/")
    plain.get_by_label("Titel des Formulars").fill("Ohne Skript")
    plain.get_by_role("button", name="Formular anlegen").click()
    plain.get_by_label("Name des Neuen").fill("Ist er gefährlich?")
    plain.get_by_label("Art des Feldes").select_option(label="Ja oder Nein")
    plain.get_by_role("button", name="Feld einfügen").click()
    plain.get_by_label("Name des Neuen").fill("Wesenstest")
    plain.get_by_role("button", name="Feld einfügen").click()
    plain.get_by_role("button", name="Zeile hinzufügen").click()
    plain.get_by_label("Feld", exact=True).select_option(label="Ist er gefährlich?")
    plain.get_by_role("button", name="Werte zeigen").click()
    plain.get_by_label("Wert", exact=True).select_option(label="Ja")
    plain.get_by_role("button", name="Speichern", exact=True).last.click()
    expect(plain.locator("#Wenn-satz")).to_contain_text("wenn gilt: „Ist er gefährlich?“ ist Ja.")
    preview = plain.get_by_role("region", name="Vorschau")
    preview.get_by_label("Ja", exact=True).check()
    preview.get_by_role("button", name="Probewerte prüfen").click()
    expect(preview.get_by_label("Wesenstest")).to_be_visible()
    expect(preview.get_by_role("alert")).to_contain_text("Wesenstest")
    plain.get_by_role("button", name="Duplizieren").click()
    expect(plain.get_by_role("status").first).to_contain_text("gibt es jetzt zweimal")


def asks_for_values(request: Request) -> bool:
    return "tun=refresh" in (request.post_data or "")


def hold_back(desk: Page, number: int) -> list[Route]:
    """The first so many requests for values, which wait to be let go."""
    held: list[Route] = []
    first = iter([held.append] * number)
    desk.route(
        "**/bearbeiten/**",
        lambda route: next(first, Route.continue_)(route) if asks_for_values(route.request) else route.continue_(),
    )
    return held


@pytest.fixture
def condition(desk: Page) -> Page:
    """A condition of two rows, in which nothing is chosen yet."""
    kinds = {"rasse": "text", "gechipt": "yes_no", "rufname": "text"}
    fields = [{"type": kind, "key": key, "label": {"de": key.title()}} for key, kind in kinds.items()]
    step = {"key": "angaben", "title": {"de": "Angaben"}, "items": fields}
    desk.goto(f"/backoffice/formulare/{make_form(f'waits-{new_id().hex[-8:]}', steps=[step]).form_id}/bearbeiten/")
    desk.get_by_role("button", name="Bearbeiten", exact=True).click()
    desk.get_by_role("link", name="Rufname").click()
    for row in range(2):
        desk.get_by_role("button", name="Zeile hinzufügen").click()
        desk.locator(f"#Wenn-{row}-feld").wait_for()
    return desk


def choose(condition: Page, row: int, field: str) -> None:
    with condition.expect_request(asks_for_values):
        condition.locator(f"#Wenn-{row}-feld").select_option(label=field)


def assert_chosen(condition: Page, row: int, field: str, values: list[str]) -> None:
    expect(condition.locator(f"#Wenn-{row}-wert option")).to_have_text(values)
    expect(condition.locator(f"#Wenn-{row}-feld option:checked")).to_have_text(field)


YES_OR_NO = ["Bitte wählen", "Ja", "Nein"]


def test_a_condition_keeps_what_is_typed_and_the_focus_while_the_page_asks_for_its_values(condition: Page) -> None:
    held = hold_back(condition, 1)
    condition.evaluate("document.getElementById('Wenn').dataset.before = 'yes'")
    choose(condition, 0, "Rasse")
    condition.locator("#Wenn-0-wert").fill("Pudel")
    held.pop().continue_()
    expect(condition.locator("#Wenn:not([data-before])")).to_be_attached()
    expect(condition.locator(".htmx-settling, .htmx-added")).to_have_count(0)
    expect(condition.locator("#Wenn-0-wert")).to_have_value("Pudel")
    expect(condition.locator("#Wenn-0-wert")).to_be_focused()


def test_a_field_that_is_chosen_while_the_page_asks_for_the_values_of_another_gets_its_own(condition: Page) -> None:
    held = hold_back(condition, 1)
    choose(condition, 0, "Rasse")
    condition.locator("#Wenn-0-feld").select_option(label="Gechipt")
    held.pop().continue_()
    assert_chosen(condition, 0, "Gechipt", YES_OR_NO)


def test_an_entry_that_the_new_list_does_not_have_leaves_it_as_it_came(condition: Page) -> None:
    held = hold_back(condition, 1)
    choose(condition, 0, "Gechipt")
    condition.locator("#Wenn-0-vergleich").select_option(label="beginnt mit")
    held.pop().continue_()
    assert_chosen(condition, 0, "Gechipt", YES_OR_NO)
    expect(condition.locator("#Wenn-0-vergleich option", has_text="beginnt mit")).to_have_count(0)
    assert condition.evaluate("document.getElementById('Wenn-0-vergleich').selectedIndex") >= 0


def test_two_rows_that_ask_for_values_at_once_keep_their_fields(condition: Page) -> None:
    """The answer to the first brings the whole condition, as it was before the second was chosen."""
    held = hold_back(condition, 2)
    choose(condition, 0, "Rasse")
    choose(condition, 1, "Gechipt")
    for route in held:
        route.continue_()
    assert_chosen(condition, 1, "Gechipt", YES_OR_NO)
    expect(condition.locator("#Wenn-0-feld option:checked")).to_have_text("Rasse")


def test_pages_have_no_barrier(desk: Page, author: Client) -> None:
    form_id = make_form("browser-barriers").form_id
    base = f"/backoffice/formulare/{form_id}"
    for address in ("/backoffice/formulare/", "/backoffice/formulare/neu/", "/backoffice/formulare/einlesen/"):
        desk.goto(address)
        assert barriers(desk) == [], address
    desk.goto(f"{base}/bearbeiten/")
    assert barriers(desk) == [], "read only"
    author.post(f"{base}/bearbeiten/beginnen/")
    posted = {"tun": "insert", "beschriftung": "Rasse", "art": "choice", "title_de": "Angaben", "key": "angaben"}
    with scope.system("a test looks"):
        seen = FormVersion.objects.get(form=form_id, published_at=None).sha256
    assert author.post(f"{base}/bearbeiten/?ort=angaben", posted | {"seen": seen}).status_code == 302
    for page_of_it in ("", "entwurf-loeschen/", "bearbeiten/?ort=*", "bearbeiten/?ort=angaben%3Arasse&breite=telefon"):
        desk.goto(f"{base}/{page_of_it}")
        assert barriers(desk) == [], page_of_it
        look(desk, f"designer-{page_of_it.partition('ort=')[2][:7].strip('*') or 'page'}")
    desk.get_by_role("button", name="Zeile hinzufügen").click()
    desk.get_by_role("button", name="Speichern", exact=True).last.wait_for()
    desk.get_by_label("Beschriftung", exact=True).fill("")
    desk.get_by_label("Wert", exact=True).fill("x")
    desk.get_by_role("button", name="Speichern", exact=True).last.click()
    expect(desk).to_have_title(re.compile("^Fehler: "))
    desk.complaints.clear()  # a refusal (422) is no complaint
    assert barriers(desk) == [], "refused"


def test_a_formula_and_a_new_service_have_no_barriers_and_fit_a_telephone(desk: Page) -> None:
    fields = [
        {"type": "number", "key": "laenge", "label": {"de": "Länge"}},
        {"type": "calculated", "key": "flaeche", "label": {"de": "Fläche"}, "value": {"answer": "laenge"}},
    ]
    step = {"key": "angaben", "title": {"de": "Angaben"}, "items": fields}
    base = f"/backoffice/formulare/{make_form('browser-formula', steps=[step]).form_id}"
    desk.set_viewport_size({"width": 320, "height": 800})
    for page_of_it in ("bearbeiten/?ort=angaben%3Aflaeche", "leistung/", "testantraege/"):
        desk.goto(f"{base}/{page_of_it}")
        assert barriers(desk) == [], page_of_it
        assert desk.evaluate("document.documentElement.scrollWidth") == 320, page_of_it
        look(desk, f"designer-{page_of_it[:8].strip('/')}-formula")


def test_rules_areas_and_answers_with_conditions_have_no_barriers_and_boxes_stand_level(desk: Page) -> None:
    options = [{"value": value, "label": {"de": value}} for value in ("welpe", "alt.er")]
    fields = [
        {"type": "number", "key": "jahre", "label": {"de": "Jahre"}},
        {"type": "choice", "key": "art", "label": {"de": "Art"}, "options": options},
    ]
    step = {"key": "angaben", "title": {"de": "Angaben"}, "items": fields}
    address = f"/backoffice/formulare/{make_form('d-controls', steps=[step]).form_id}/bearbeiten/"
    desk.goto(address)
    desk.get_by_role("button", name="Bearbeiten", exact=True).click()
    desk.goto(f"{address}?ort=*")
    desk.get_by_role("button", name="Regel hinzufügen").click()
    expect(desk.get_by_label("Feld", exact=True)).to_be_focused()
    desk.get_by_role("button", name="Gebiet hinzufügen").click()
    expect(desk.get_by_label("Name des Gebiets")).to_be_focused()
    desk.get_by_label("Name des Gebiets").fill("Nord")
    desk.get_by_label("Straßen").fill("Lange Straße; 9; 3")
    desk.get_by_role("button", name="Speichern").last.click()
    expect(desk.get_by_role("link", name="Straßen: Zeile 1")).to_be_visible()
    desk.complaints.clear()  # the browser's word on the refusal
    assert barriers(desk) == []
    for width in (1280, 375):
        desk.set_viewport_size({"width": width, "height": 900})
        boxes = [desk.locator(f"#Eig-title_{language}").bounding_box() for language in ("de", "en")]
        assert (boxes[0]["y"] == boxes[1]["y"]) == (width == 1280), "on one level where they stand beside each other"

    desk.goto(f"{address}?ort=angaben:art")
    desk.get_by_label("Antwort nicht immer zeigen").select_option("alt.er")
    desk.get_by_role("button", name="Bedingung zur Antwort hinzufügen").click()
    desk.get_by_label("Feld", exact=True).select_option("jahre")
    expect(desk.get_by_label("Vergleich").locator("option", has_text="ist mindestens")).to_have_count(1)
    assert barriers(desk) == []
