"""A draft that belongs to another party of the same user: somebody chose in a second tab for whom they act."""

from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.organisations.queries import memberships_of
from accounts.people import Applicant, Person
from accounts.signing_in import keep_sent
from applications.errors import ApplicationError
from applications.models import Draft
from foundation import scope


def refuse_other_party(request: HttpRequest, person: Person, draft_id: UUID) -> None:
    """Says whose draft it is and keeps what was typed for when they act for that party again.

    Drafts of people whom the user may not act for stay unknown: then nothing happens here.
    """
    if not isinstance(person, Applicant):
        return
    names = {member.organisation_id: member.organisation.name for member in memberships_of(person.user_id)}
    for party_id, name in {person.person_party_id: _("Sie selbst"), **names}.items():
        if party_id == person.party_id:
            continue  # a step that their own draft does not have
        with scope.party(party_id, read_only=True):
            is_theirs = Draft.objects.filter(pk=draft_id, party_id=party_id).exists()
        if is_theirs:
            raise _other_party(name, typed=keep_sent(request))


def _other_party(name: str, *, typed: bool) -> ApplicationError:
    sentence = _("Dieser Antrag ist für: %(name)s. Wählen Sie das oben auf der Seite und öffnen Sie ihn dann wieder.")
    kept = " " + _("Ihr Text ist gespeichert.") if typed else ""
    return ApplicationError("other_party", sentence % {"name": name} + kept)
