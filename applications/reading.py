"""The read log of a case: who looked at it, when, and at what (GDPR Art. 5 (2), 15 and 32).

It serves the person and the data protection officer only. A look into it is itself an event of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import StaffRole
from accounts.people import Applicant, Clerk, CodeHolder, Person
from applications.deciding.staff import identified
from applications.models import Application
from authorities.models import Department
from foundation import audit, scope
from foundation.audit.models import AuditEvent

PAGE_SIZE = 25
PERSON = "person"
LOOKS = {
    "application.read": _("Vorgang angesehen"),
    "application.reused": _("Angaben in einen neuen Antrag übernommen"),
    "application.offered": _("Angaben in einem neuen Antrag angeboten"),
    "application.copied": _("Kopie des Vorgangs heruntergeladen"),
    "application.route_tried": _("Weg ins Amt geprüft"),
    "attachment.read": _("Datei geöffnet"),
    "receipt.read": _("Eingangsbestätigung angesehen"),
    "notice.read": _("Bescheid angesehen"),
    "readlog.read": _("Diese Liste der Zugriffe angesehen"),
}
ROLES = {
    StaffRole.Role.HEAD: _("Leitung"),
    StaffRole.Role.CLERK: _("Sachbearbeitung"),
    StaffRole.Role.FORM_AUTHOR: _("Redaktion der Formulare"),
    StaffRole.Role.DATA_PROTECTION: _("Datenschutz"),
    PERSON: _("antragstellende Person"),
}


@dataclass(frozen=True)
class Look:
    """One line of the log. `name` is told to the data protection officer, never to the person."""

    at: datetime
    what: str
    role: str
    office: str
    name: str = ""


@dataclass(frozen=True)
class Place:
    """Where a reader is in the log: after this event, newest first."""

    at: datetime
    event_id: UUID

    @classmethod
    def of(cls, text: str) -> Self | None:
        """What `str` wrote; None for anything else."""
        at, _sign, event_id = text.partition("_")
        try:
            place = cls(datetime.fromisoformat(at), UUID(event_id))
        except ValueError:
            return None
        return place if place.at.tzinfo else None

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.event_id}"


@dataclass(frozen=True)
class Page:
    """One page of the log; `after` is the place where the next one begins, None on the last."""

    looks: list[Look]
    after: Place | None


def note(action: str, application: Application, *, by: Person, **refs: audit.Ref) -> None:
    """Appends who read. To be called after the page was built and its scope has ended."""
    audit.record_access(
        action,
        authority_id=application.authority_id,
        object_kind="application",
        object_id=application.pk,
        actor_id=None if isinstance(by, CodeHolder) else by.user_id,
        for_party_id=application.party_id,
        role=role_of(by),
        **refs,
    )


def role_of(person: Person) -> str:
    """The role in which somebody reads; of several the one that sees most."""
    match person:
        case Applicant() | CodeHolder():
            return PERSON
        case Clerk(roles=roles):
            return next((str(role) for role in ROLES if role in roles), "")
    raise TypeError(person)


def looks_of_office(application: Application, *, after: Place | None) -> Page:
    """What the person is told: looks by the office, with role and office. Opens the authority's scope, since people
    may not read the trail; so the caller has made sure whose case it is."""
    with scope.authority(application.authority_id, read_only=True):
        return _page(application.pk, ~Q(refs__contains={"role": PERSON}), after=after, with_names=False)


def all_looks(application_id: UUID, *, after: Place | None) -> Page:
    """What the data protection officer is told: every look with the name of the member of staff; in their scope."""
    return _page(application_id, Q(), after=after, with_names=True)


def _page(application_id: UUID, condition: Q, *, after: Place | None, with_names: bool) -> Page:
    events = AuditEvent.objects.filter(condition, object_id=application_id, action__in=LOOKS)
    if after:
        events = events.filter(Q(at__lt=after.at) | Q(at=after.at, id__lt=after.event_id), at__lte=after.at)
    found = list(events.order_by("-at", "-id")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    offices = _offices(shown)
    names = identified(event.actor_id for event in shown if not _is_persons(event)) if with_names else {}
    return Page(
        looks=[
            Look(
                at=event.at,
                what=str(LOOKS[event.action]),
                role=str(ROLES.get(event.refs.get("role", StaffRole.Role.CLERK), "")),
                office=offices.get(event.refs.get("department", ""), ""),
                name=names.get(event.actor_id, "") if event.actor_id else "",
            )
            for event in shown
        ],
        after=Place(shown[-1].at, shown[-1].pk) if len(found) > PAGE_SIZE else None,
    )


def _is_persons(event: AuditEvent) -> bool:
    return event.refs.get("role") == PERSON


def _offices(events: Iterable[AuditEvent]) -> dict[str, str]:
    ids = {event.refs["department"] for event in events if event.refs.get("department")}
    return {str(office.pk): office.name for office in Department.objects.filter(pk__in=ids)}
