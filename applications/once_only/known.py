"""What the account knows for a form, and where each value comes from."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts import people, profile
from accounts.models import User
from accounts.organisations.details import prefill as organisation_prefill
from applications.models.draft import TakenOver
from forms_engine import api as engine

NAMES = ("given_name", "family_name", "email")


@dataclass(frozen=True)
class Known:
    """Values by prefill key; `origins` has a sentence without its full stop for some of these keys."""

    values: dict[str, Any]
    origins: dict[str, str]


def known_of(person: people.Person, user: User | None) -> Known:
    """Nothing without account; to be called in the person's scope.

    Who acts for an organisation gets its data and their own name: where they live is no business of its.
    """
    if not isinstance(person, people.Applicant) or user is None:
        return Known({}, {})
    own = profile.read(user) | {"email": user.email}
    if own.get("postal_code"):
        own["address_country"] = "DE"  # accounts hold addresses in Germany only
    if person.party_id == person.person_party_id:
        return Known(own, {})
    of_organisation = organisation_prefill(person.party_id)
    origin = _("Aus den Daten von %(name)s") % {"name": of_organisation.get("organisation_name", "")}
    names = {key: own[key] for key in NAMES if key in own}
    return Known(names | of_organisation, dict.fromkeys((*of_organisation, "register_entry"), origin))


def left_out_in_words(taken: TakenOver) -> list[tuple[str, str]]:
    """Label and reason of each earlier answer that was not taken over."""
    words = {
        engine.LeftOut.SPECIAL: _("besonders geschützt, bitte neu angeben"),
        engine.LeftOut.CONSENT: _("eine Erklärung gilt nur für einen Antrag"),
        engine.LeftOut.FILE: _("bitte neu anhängen"),
        engine.LeftOut.CHANGED: _("die Frage gibt es so nicht mehr"),
        engine.LeftOut.NOT_VALID: _("passt heute nicht mehr, bitte neu angeben"),
    }
    return [(label.rstrip(".?:"), words[reason]) for label, reason in taken.left_out]
