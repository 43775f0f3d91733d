"""A few applications in different states, filed and worked on through the same use cases as real ones."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import StaffRole, User
from accounts.people import Applicant, Clerk, CodeHolder
from applications.deciding.use_cases import ask_back, decide, take_over
from applications.delivering.use_cases import route_application
from applications.filling.use_cases import begin_draft, save_answers
from applications.models import Application, Draft
from applications.submitting.use_cases import Declaration, submit_application
from catalogue.models import Offering
from foundation import scope
from foundation.ids import code_digest
from hro_portal.demo.city import DATA, read_json


def load_cases() -> None:
    """Files the demo's applications, unless there are any already."""
    with scope.system("look whether the demo has cases", read_only=True):
        if Application.objects.exists():
            return
    for entry in read_json(DATA / "cases.json"):
        application = _submit(entry)
        _NEXT[entry["then"]](application)


def _submit(entry: dict[str, Any]) -> Application:
    offering = Offering.objects.select_related("authority").get(
        authority__slug=entry["authority"], service__slug=entry["service"]
    )
    applicant = _applicant(entry["applicant"]) if entry["applicant"] else None
    draft, code = begin_draft(offering, by=applicant)
    person = applicant or CodeHolder(code_digest(code or "") or b"")
    declaration = Declaration(seen_version=1, confirmed=True, delivery=entry.get("delivery", ""), language="de")
    with scope.for_person(person):
        draft = Draft.objects.select_related("authority", "offering__service", "form_version").get(pk=draft.pk)
        save_answers(draft, entry["answers"], seen_version=0)
        return submit_application(draft, declaration, by=person)


def _applicant(email: str) -> Applicant:
    user = User.objects.select_related("party").get(email=email)
    return Applicant(user_id=user.pk, party_id=user.party.pk, person_party_id=user.party.pk)


def _clerk(application: Application) -> Clerk:
    """A clerk of the application's authority."""
    with scope.system("find a clerk of the demo", read_only=True):
        role = StaffRole.objects.filter(authority_id=application.authority_id, role=StaffRole.Role.CLERK).first()
    if role is None:
        raise LookupError("The demo has no clerk there.")
    departments = tuple(application.authority.departments.values_list("pk", flat=True))
    return Clerk(role.user_id, application.authority_id, departments, frozenset({role.role}))


def _route(application: Application) -> None:
    with scope.authority(application.authority_id):
        route_application(application.pk)


def _take_over(application: Application) -> Clerk:
    _route(application)
    clerk = _clerk(application)
    with scope.authority(application.authority_id):
        take_over(application, by=clerk)
    return clerk


def _ask_back(application: Application) -> None:
    clerk = _take_over(application)
    with scope.authority(application.authority_id):
        ask_back(
            application,
            text="Uns fehlt noch der Nachweis, seit wann Sie Kalle halten.",
            documents=["Kaufvertrag oder Übergabeprotokoll"],
            due_on=timezone.localdate() + timedelta(days=14),
            by=clerk,
        )


def _approve(application: Application) -> None:
    clerk = _take_over(application)
    with scope.authority(application.authority_id):
        decide(
            application,
            outcome="approved",
            reason="Wir haben die Schaukel gesperrt. Bis zum 15. Januar 2027 bauen wir eine neue auf.",
            regime="letter",
            by=clerk,
        )


_NEXT: dict[str, Callable[[Application], Any]] = {
    "routed": _route,
    "taken over": _take_over,
    "asked back": _ask_back,
    "approved": _approve,
}
