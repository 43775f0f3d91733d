"""Where a page stands: the trail above its heading. A view that knows better passes `crumbs` and wins."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Crumb = tuple[str | Promise, str]


@dataclass(frozen=True)
class Place:
    """A page's name, the view of the page above it, and the arguments that the two share."""

    label: str | Promise
    above: str = ""
    shared: tuple[str, ...] = ()


PLACES = {
    "help": Place(_("Kontakt und Öffnungszeiten")),
    "pages:imprint": Place(_("Impressum")),
    "pages:data-protection": Place(_("Datenschutz")),
    "pages:accessibility": Place(_("Barrierefreiheit")),
    "pages:sign-language": Place(_("Deutsche Gebärdensprache")),
    "pages:simply-explained": Place(_("Einfach erklärt")),
    "account_login": Place(_("Anmelden")),
    "account_signup": Place(_("Konto anlegen"), "account_login"),
    "account_reset_password": Place(_("Passwort vergessen"), "account_login"),
    "account_reset_password_done": Place(_("Passwort vergessen"), "account_login"),
    "account_reset_password_from_key": Place(_("Neues Passwort"), "account_login"),
    "account_reset_password_from_key_done": Place(_("Neues Passwort"), "account_login"),
    "account_email_verification_sent": Place(_("E-Mail-Adresse bestätigen"), "account_login"),
    "account_confirm_email": Place(_("E-Mail-Adresse bestätigen"), "account_login"),
    "account_inactive": Place(_("Konto gesperrt"), "account_login"),
    "account_logout": Place(_("Abmelden")),
    "still_here": Place(_("Angemeldet bleiben")),
    "profile": Place(_("Konto")),
    "account_email": Place(_("E-Mail-Adresse"), "profile"),
    "account_change_password": Place(_("Passwort ändern"), "profile"),
    "account_set_password": Place(_("Passwort festlegen"), "profile"),
    "mfa_index": Place(_("Zweiter Faktor"), "profile"),
    "mfa_authenticate": Place(_("Code eingeben"), "account_login"),
    "mfa_reauthenticate": Place(_("Code eingeben"), "profile"),
    "mfa_activate_totp": Place(_("App einrichten"), "mfa_index"),
    "mfa_deactivate_totp": Place(_("Zweiten Faktor ausschalten"), "mfa_index"),
    "mfa_view_recovery_codes": Place(_("Codes für den Notfall"), "mfa_index"),
    "mfa_generate_recovery_codes": Place(_("Neue Codes"), "mfa_index"),
    "usersessions_list": Place(_("Wo Sie angemeldet sind"), "profile"),
    "organisations": Place(_("Organisationen"), "profile"),
    "found_organisation": Place(_("Organisation eintragen"), "organisations"),
    "organisation": Place(_("Organisation"), "organisations"),
    "edit_organisation": Place(_("Angaben ändern"), "organisation", ("organisation_id",)),
    "invite_member": Place(_("Person einladen"), "organisation", ("organisation_id",)),
    "end_membership": Place(_("Zugang beenden"), "organisation", ("organisation_id",)),
    "account_reauthenticate": Place(_("Passwort bestätigen"), "profile"),
    "filling:step": Place(_("Schritt ausfüllen"), "filling:task-list", ("draft_id",)),
    "filling:check": Place(_("Prüfen und absenden"), "filling:task-list", ("draft_id",)),
    "filling:later": Place(_("Später weitermachen"), "filling:task-list", ("draft_id",)),
    "filling:task-list": Place(_("Ihr Antrag")),
    "submitting:submitted": Place(_("Angekommen"), "following:case", ("reference",)),
    "following:running": Place(_("Meine Anträge")),
    "following:drafts": Place(_("Entwürfe"), "following:running"),
    "following:delete-draft": Place(_("Entwurf löschen"), "following:drafts"),
    "following:finished": Place(_("Abgeschlossen"), "following:running"),
    "following:permits": Place(_("Ihre Genehmigungen"), "following:running"),
    "following:find": Place(_("Vorgang ansehen")),
    "following:case": Place(_("Vorgang")),
    "following:answer": Place(_("Antworten"), "following:case", ("reference",)),
    "following:ask": Place(_("Frage stellen"), "following:case", ("reference",)),
    "following:readers": Place(_("Wer hat ihn gelesen?"), "following:case", ("reference",)),
    "following:withdraw": Place(_("Zurückziehen"), "following:case", ("reference",)),
    "postbox:list": Place(_("Postfach")),
    "folder:list": Place(_("Meine Unterlagen"), "profile"),
    "folder:add": Place(_("Dokument hochladen"), "folder:list"),
    "folder:edit": Place(_("Angaben ändern"), "folder:list"),
    "folder:remove": Place(_("Dokument löschen"), "folder:list"),
    "issuing:check": Place(_("Dokument prüfen")),
    "tour": Place(_("Rundgang")),
    "demo-mail": Place(_("E-Mails der Demo")),
}


def crumbs_of(request: HttpRequest) -> list[Crumb]:
    """(label, address) of the pages from the start page down to this one, without the start page."""
    match = request.resolver_match
    name = match.view_name if match else ""
    trail: list[Crumb] = []
    arguments = match.kwargs if match else {}
    while place := PLACES.get(name):
        trail.insert(0, (place.label, reverse(name, kwargs=arguments) if trail else ""))
        name, arguments = place.above, {key: arguments[key] for key in place.shared}
    return trail
