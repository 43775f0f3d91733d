"""Who may stand at a case: the account it belongs to, or whoever holds its code."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts import people
from accounts.people import Applicant, CodeHolder
from accounts.signing_in import keep_sent
from applications.errors import ApplicationError
from applications.models import Application, Draft
from foundation import ids, scope

Citizen = Applicant | CodeHolder
View = Callable[..., HttpResponseBase]


def for_case(view: View) -> View:
    """The view gets `person` and the reference as we write it.

    Nobody known: to the form that asks for reference and code; what they typed is kept. Whether the case is
    the person's own, `own_case` says inside the scope.
    """

    @wraps(view)
    def with_person(request: HttpRequest, reference: str, **kwargs: object) -> HttpResponseBase:
        found = ids.parse_reference(reference)
        if found is None:
            raise unknown_case()
        person = _person_at(request, found)
        if person is None:
            if keep_sent(request):
                messages.info(
                    request,
                    _(
                        "Ihre Sitzung war zu Ende. Ihr Text ist gespeichert. "
                        "Öffnen Sie den Vorgang und senden Sie noch einmal ab."
                    ),
                )
            return redirect(f"{reverse('following:find')}?{urlencode({'nummer': found})}")
        return view(request, person, found, **kwargs)

    return with_person


def own_case(person: Citizen, reference: str) -> Application:
    """The case, for this person; a stranger reads the same as for a number that does not exist."""
    cases = Application.objects.visible_to(person).for_pages().select_related("receipt__file")
    case = cases.filter(reference=reference).first()
    if case is None:
        raise unknown_case()
    return case


def unknown_case() -> ApplicationError:
    return ApplicationError(
        "unknown_case",
        _("Diesen Vorgang finden wir nicht. Prüfen Sie die Nummer, zum Beispiel auf Ihrer Bestätigung."),
        status=404,
    )


def find_by_code(reference: str | None, digest: bytes | None) -> tuple[UUID | None, UUID | None]:
    """(application id, draft id) that this pair opens, at most one of them.

    The same queries run whatever is wrong with the pair, so that the time tells nothing.
    """
    holder = CodeHolder(digest or bytes(32))
    with scope.for_person(holder, read_only=True):
        applications = Application.objects.visible_to(holder).filter(reference=reference or "")
        drafts = Draft.objects.visible_to(holder).filter(reference=reference or "")
        return applications.values_list("pk", flat=True).first(), drafts.values_list("pk", flat=True).first()


def _person_at(request: HttpRequest, reference: str) -> Citizen | None:
    """A code of this sitting that opens the case comes first; else the account."""
    for subject_id in request.session.get(people.CODES, {}):
        holder = people.who(request, subject_id=UUID(subject_id))
        if isinstance(holder, CodeHolder) and find_by_code(reference, holder.digest)[0]:
            return holder
    return people.who(request)
