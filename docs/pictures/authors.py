"""What an author of forms sees, for docs/forms.md."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.visitor import Visitor

AUTHOR = "formulare@example.org"
#: Too long for one sentence, so that the check finds something; and the English beside it is missing.
HINT = (
    "Wenn Sie eine Antwort bekommen möchten, brauchen wir Ihren Namen und Ihre E-Mail-Adresse, "
    "damit das zuständige Amt Ihnen nach der Prüfung schreiben kann."
)
PLAIN = """Haben Sie einen neuen Hund?
Dann müssen Sie ihn anmelden.
Für den Hund bezahlen Sie Geld an die Stadt.
Das heißt: Hunde-Steuer."""


def walk(author: Visitor, picture: Callable[[Page, str], None]) -> None:
    """From what other authorities offer to a form with a change; `picture` keeps what stands on the page."""
    author.open("/backoffice/formulare/uebernehmen/")
    picture(author.page, "adopting")
    author.open("/backoffice/formulare/")
    author.follow("Wünsche und Ideen")
    author.at("Wünsche und Ideen")
    author.follow("Aufbau")
    author.press("Bearbeiten")
    author.page.get_by_role("button", name="Bearbeitung beenden").wait_for()
    form = author.path.partition("bearbeiten/")[0]

    author.open(f"{form}bearbeiten/?ort=kontakt:antwort")
    author.page.get_by_label("Hilfetext").first.fill(HINT)
    with author.page.expect_navigation():
        author.press("Speichern")
    author.open(f"{form}bearbeiten/?ort=kontakt:person")
    author.page.locator("#Probe").get_by_label("Ja", exact=True).check()
    author.page.locator("#Probe").get_by_label("Familienname").wait_for()
    picture(author.page, "designer")

    author.open(f"{form}veroeffentlichen/")
    picture(author.page, "publishing")
    author.open(f"{form}unterschied/?von=1&bis=2")
    picture(author.page, "difference")
    author.open(f"{form}sprachen/kontakt/?offene=1")
    picture(author.page, "languages")

    author.open("/backoffice/leistungen/")
    author.page.locator("tr", has_text="Hundesteuer anmelden").get_by_role("link", name="Gebühren").click()
    picture(author.page, "rates")
    author.page.go_back()
    author.page.locator("tr", has_text="Hundesteuer anmelden").get_by_role("link", name="Einfach erklärt").click()
    author.page.locator("main textarea").first.fill(PLAIN)
    _press(author, "Text speichern")
    picture(author.page, "plain")
    _reckons(author, picture)


def _reckons(author: Visitor, picture: Callable[[Page, str], None]) -> None:
    """A new form that reckons, and a service for it."""
    author.open("/backoffice/formulare/neu/")
    author.page.get_by_label("Titel des Formulars").fill("Fläche für Stände anmelden")
    _press(author, "Formular anlegen")
    author.page.get_by_label("Titel", exact=True).fill("Ihr Stand")
    _press(author, "Speichern")
    for name, kind in (
        ("Länge in Metern", "Kommazahl"),
        ("Breite in Metern", "Kommazahl"),
        ("Fläche", "Berechnetes Feld"),
    ):
        author.page.get_by_label("Name des Neuen").fill(name)
        author.page.get_by_label("Art des Feldes").select_option(label=kind)
        _press(author, "Feld einfügen")
    author.page.get_by_label("Formel").fill("laenge_in_metern * breite_in_metern")
    author.page.get_by_label("Einheit").fill("m²")
    _press(author, "Speichern")
    form = author.path.partition("bearbeiten/")[0]
    author.page.get_by_role("navigation", name="Aufbau").get_by_role("link", name="Neue Frage").click()
    _press(author, "Löschen")
    author.page.get_by_role("navigation", name="Aufbau").get_by_role("link", name="Fläche").click()
    preview = author.page.locator("#Probe")
    preview.get_by_label("Länge in Metern").fill("4,5")
    preview.get_by_label("Breite in Metern").fill("2")
    with author.page.expect_navigation():
        preview.get_by_role("button", name="Probewerte prüfen").click()
    picture(author.page, "formula")
    author.open(f"{form}leistung/")
    picture(author.page, "service")


def _press(author: Visitor, button: str) -> None:
    with author.page.expect_navigation():
        author.press(button)
