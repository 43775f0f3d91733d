"""Applications in all states, filed and worked on through the same use cases as real ones.

`data/cases.json` names people and cases. A case is filed once for each person in `filed`, and brought into the
state that stands beside the person. In its answers `$vorname` is what is known of that person, `today+14` a day,
and `{"$file": name}` a file of this folder.
"""

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import Membership, StaffRole, User
from accounts.people import Applicant, Clerk, CodeHolder
from applications.deciding.delivery import deliver_notice
from applications.deciding.use_cases import ask_back, can_retrieve, decide, take_over
from applications.delivering.use_cases import route_application
from applications.filling.use_cases import attach_file, begin_draft, save_answers
from applications.following.use_cases import withdraw_application
from applications.models import Application, Draft
from applications.submitting.use_cases import Declaration, submit_application
from authorities import clock as calendar
from catalogue.models import Offering
from foundation import files, scope
from foundation.ids import code_digest
from hro_portal.demo.city import DATA, read_json
from postbox import use_cases as postbox

_DAY = re.compile(r"today(?:([+-][0-9]+))?")


@dataclass(frozen=True)
class _Filed:
    """An application of the demo, and who filed it."""

    application: Application
    person: Applicant | CodeHolder
    case: dict[str, Any]


def are_there_cases() -> bool:
    """Whether anybody has filed anything: cases are the last that is loaded."""
    with scope.system("look whether the demo has cases", read_only=True):
        return Application.objects.exists()


def load_cases() -> None:
    """Files the demo's applications."""
    demo = read_json(DATA / "cases.json")
    for case in demo["cases"]:
        for name, state in case["filed"]:
            _file(case, demo["people"][name], state)


def _file(case: dict[str, Any], who: dict[str, Any], state: str) -> None:
    applicant = _applicant(who) if who.get("account") else None
    if who.get("account") and applicant is None:
        return  # a person whom this demo does not have
    offering = Offering.objects.select_related("authority").get(
        authority__slug=case["authority"], service__slug=case["service"]
    )
    draft, code = begin_draft(offering, by=applicant)
    person = applicant or CodeHolder(code_digest(code or "") or b"")
    _take_files(case["answers"])
    with scope.for_person(person):
        draft = Draft.objects.select_related("authority", "offering__service", "form_version").get(pk=draft.pk)
        save_answers(draft, _Answers(draft, who).of(case["answers"]), seen_version=0)
        if state == "draft":
            return
        declaration = Declaration(seen_version=1, confirmed=True, delivery="postbox", language="de")
        application = submit_application(draft, declaration, by=person)
    _NEXT[state](_Filed(application, person, case))


def _applicant(who: dict[str, Any]) -> Applicant | None:
    """The account; for an organisation acting for the first that it may act for. None where there is none."""
    user = User.objects.select_related("party").filter(email=who["email"]).first()
    if user is None:
        return None
    person = Applicant(user_id=user.pk, party_id=user.party.pk, person_party_id=user.party.pk)
    if not who.get("organisation"):
        return person
    membership = Membership.objects.filter(user=user, until__isnull=True).first()
    return replace(person, party_id=membership.organisation_id) if membership else None


@dataclass(frozen=True)
class _Answers:
    """Answers of a case in the words of one person; files are attached to the draft on the way."""

    draft: Draft
    who: dict[str, Any]

    def of(self, value: Any, *path: str) -> Any:
        """The value at this path, which is also the name of its box in the page."""
        match value:
            case {"$file": str(name)}:
                return {"_files": [self._attached(name, "-".join(path))]}
            case dict():
                return {key: self.of(below, *path, key) for key, below in value.items()}
            case list():
                return [self.of(one, *path, one["_id"]) if isinstance(one, dict) else one for one in value]
            case str() if value.startswith("$"):
                return self.who[value.removeprefix("$")]
            case str() if _DAY.fullmatch(value):
                return _day(value).isoformat()
        return value

    def _attached(self, name: str, path: str) -> str:
        return str(attach_file(self.draft, _taken(name), path=path, most=1).pk)


def _take_files(value: Any) -> None:
    """Files are looked into before the transaction begins."""
    match value:
        case {"$file": str(name)}:
            _taken(name)
        case dict() | list():
            for below in value.values() if isinstance(value, dict) else value:
                _take_files(below)


@functools.cache
def _taken(name: str) -> files.Taken:
    return files.take((DATA / name).read_bytes(), name=name, limits=files.Limits())


def _day(text: str) -> date:
    """The day that `today+14` means."""
    found = _DAY.fullmatch(text)
    return timezone.localdate() + timedelta(days=int((found and found[1]) or 0))


# --- what happens next -----------------------------------------------------------------------------------------------


def _route(filed: _Filed) -> None:
    with scope.authority(filed.application.authority_id):
        route_application(filed.application.pk)


def _take_over(filed: _Filed) -> Clerk:
    _route(filed)
    clerk = _clerk(filed.application)
    with scope.authority(filed.application.authority_id):
        take_over(filed.application, by=clerk)
    return clerk


def _ask_back(filed: _Filed) -> None:
    clerk = _take_over(filed)
    with scope.authority(filed.application.authority_id):
        due_on = calendar.due_date(timezone.localdate(), days=14)
        ask_back(filed.application, **filed.case["question"], due_on=due_on, by=clerk)


def _decide(filed: _Filed, outcome: str) -> None:
    clerk = _take_over(filed)
    application = filed.application
    fee = (application.fee or None) if outcome == "approved" else None
    with scope.authority(application.authority_id):
        decision = decide(
            application,
            outcome=outcome,
            reason=filed.case["decision"][outcome],
            regime="retrieval" if can_retrieve(application) else "letter",
            fee=fee,
            fee_due_on=calendar.due_date(timezone.localdate(), days=30) if fee else None,
            **(_permit(filed.case.get("permit", {})) if outcome == "approved" else {}),
            by=clerk,
        )
    if outcome == "approved" and filed.case.get("opened"):
        _open(filed, decision.pk)


def _open(filed: _Filed, decision_id: UUID) -> None:
    """The person has opened the notice: only then is a permit known, and stands on their page (VwVfG §§ 41, 43)."""
    if not isinstance(filed.person, Applicant):
        raise TypeError("Only an account has a postbox.")
    with scope.authority(filed.application.authority_id):
        item = postbox.note_notification(deliver_notice(decision_id))
    with scope.for_person(filed.person):
        postbox.retrieve(item, by_party=filed.person)


def _permit(said: dict[str, str]) -> dict[str, Any]:
    """From when until when, where and how a permit holds."""
    return {name: _day(text) if name.startswith("valid_") else text for name, text in said.items()}


def _withdraw(filed: _Filed) -> None:
    with scope.for_person(filed.person):
        withdraw_application(filed.application, by=filed.person)


def _clerk(application: Application) -> Clerk:
    """A clerk of the application's authority."""
    with scope.system("find a clerk of the demo", read_only=True):
        role = StaffRole.objects.filter(authority_id=application.authority_id, role=StaffRole.Role.CLERK).first()
    if role is None:
        raise LookupError("The demo has no clerk there.")
    departments = application.authority.departments.values_list("pk", flat=True)
    posts = frozenset((role.role, department_id) for department_id in departments)
    return Clerk(role.user_id, application.authority_id, frozenset({role.role}), posts)


_NEXT: dict[str, Callable[[_Filed], Any]] = {
    "submitted": lambda filed: None,
    "routed": _route,
    "taken over": _take_over,
    "asked back": _ask_back,
    "approved": lambda filed: _decide(filed, "approved"),
    "answered": lambda filed: _decide(filed, "answered"),
    "refused": lambda filed: _decide(filed, "refused"),
    "withdrawn": _withdraw,
}
