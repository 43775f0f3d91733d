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
