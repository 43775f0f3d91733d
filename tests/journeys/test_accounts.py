"""Signing up, and a forgotten password: with the mails that the portal really sends."""

from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.journeys.conftest import Arrive
from tests.journeys.mailbox import Mailbox


def test_somebody_signs_up_and_forgets_the_password(arrive: Arrive, script: bool, mailbox: Mailbox) -> None:
    email = f"neu.{'mit' if script else 'ohne'}@example.org"
    person = arrive(script=script)
    person.open("/konto/registrieren/")
    person.at("Konto anlegen")
    person.fill("E-Mail-Adresse", email)
    person.fill("Passwort", "Warnow-Fähre 1900")
    person.press("Konto anlegen")
    person.at("Bestätigen Sie Ihre E-Mail-Adresse")

    person.open(_path(mailbox.link_for(email, subject="")))
    person.at("Ist das Ihre E-Mail-Adresse?")
    person.reads(email)
    person.press("Adresse bestätigen")
    expect(person.page.get_by_role("button", name="Abmelden")).to_be_visible()
    person.at("")

    forgetful = arrive(script=script)
    forgetful.open("/konto/anmelden/")
    forgetful.at("Anmelden")
    forgetful.follow("Passwort vergessen")
    forgetful.at("Passwort vergessen")
    forgetful.fill("E-Mail-Adresse", email)
    forgetful.press("Link anfordern")
    forgetful.at("Sehen Sie in Ihr E-Mail-Postfach")
    link = _path(mailbox.link_for(email, subject="Passwort"))
    forgetful.open(link)
    forgetful.at("Neues Passwort wählen")
    forgetful.page.locator("main input[type=password]").first.fill("Unterwarnow ist salzig")
    forgetful.press("Passwort speichern")
    forgetful.at("Ihr neues Passwort gilt")
    forgetful.open("/konto/anmelden/")
    forgetful.sign_in(email, "Unterwarnow ist salzig")
    expect(forgetful.page.get_by_role("button", name="Abmelden")).to_be_visible()

    again = arrive(script=script)
    again.open(link)
    again.at("Dieser Link gilt nicht mehr")


def _path(link: str) -> str:
    return urlsplit(link).path
