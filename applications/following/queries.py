"""Lists of a person's own cases, in the order in which somebody has to act."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q

from accounts.people import Applicant
from applications.contents import applicant_name_of, title_of
from applications.following.charges import Charge, charges_of, made_known, unpaid
from applications.models import Application, CorrectionRequest, Draft
from applications.models.application import ApplicationQuerySet
from applications.states import OPEN
from authorities import clock as calendar
from postbox.models import PostboxItem

SOON = timedelta(days=28)


@dataclass(frozen=True)
class Counters:
    """What the tabs of the list say."""

    running: int
    drafts: int
    finished: int


@dataclass(frozen=True)
class CaseRow:
    """One case in a list. `question`, `document` or `charge` is what the person has to attend to, if anything."""

    application: Application
    title: str
    applicant: str
    question: CorrectionRequest | None
    document: PostboxItem | None
    charge: Charge | None = None
    is_new: bool = False

    @property
    def until(self) -> date | None:
        if self.question:
            return self.question.due_on
        if self.document:
            return self.document.retrieve_until
        return self.charge.due_on if self.has_to_pay and self.charge else None

    @property
    def needs_person(self) -> bool:
        return bool(self.question or self.document or self.has_to_pay)

    @property
    def has_to_pay(self) -> bool:
        return self.charge is not None and not self.charge.is_collected


@dataclass(frozen=True)
class DraftRow:
    draft: Draft
    title: str


@dataclass(frozen=True)
class PermitRow:
    """What was granted and is in force or will be; a permit without an end has none to tell."""

    application: Application
    title: str
    applicant: str
    valid_from: date
    valid_until: date | None

    @property
    def is_ahead(self) -> bool:
        return self.valid_from > calendar.today()

    @property
    def ends_soon(self) -> bool:
        return self.valid_until is not None and self.valid_until <= calendar.today() + SOON


def counters(person: Applicant) -> Counters:
    cases = _cases(person).aggregate(
        running=Count("pk", filter=_is_running()), finished=Count("pk", filter=~_is_running())
    )
    return Counters(drafts=Draft.objects.visible_to(person).count(), **cases)


def running(person: Applicant, *, since: datetime | None = None) -> list[CaseRow]:
    """Cases that are not over, those that wait for the person first, by date; then the newest.

    `since` is the visit before this one: what happened after it is new.
    """
    rows = _rows(person, _cases(person).filter(_is_running()), since=since)
    return sorted(rows, key=lambda row: (not row.needs_person, row.until or date.max))


def finished(person: Applicant) -> list[CaseRow]:
    return _rows(person, _cases(person).exclude(_is_running()))


def permits(person: Applicant) -> list[PermitRow]:
    """What the office has granted and made known, until it has ended; what ends first stands first. A test grants
    nothing.
    """
    found = (
        made_known()
        .filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=calendar.today()),
            application__in=Application.objects.visible_to(person).real(),
            valid_from__isnull=False,
        )
        .select_related("application__authority", "application__department", "application__offering__service")
    )
    return [
        PermitRow(
            application=decision.application,
            title=title_of(decision.application),
            applicant=applicant_name_of(decision.application),
            valid_from=decision.valid_from,
            valid_until=decision.valid_until,
        )
        for decision in found.order_by(F("valid_until").asc(nulls_last=True), "valid_from")
        if decision.valid_from
    ]


def drafts(person: Applicant) -> list[DraftRow]:
    found = Draft.objects.visible_to(person).select_related("authority", "offering__service").order_by("-saved_at")
    return [DraftRow(draft, title_of(draft)) for draft in found]


def _cases(person: Applicant) -> ApplicationQuerySet:
    """The person's applications, each knowing whether a document of it waits in the postbox, or a fee is open."""
    waiting = PostboxItem.objects.of_party(person.party_id).waiting_for_retrieval()
    return Application.objects.visible_to(person).annotate(
        has_document=Exists(waiting.filter(subject_id=OuterRef("pk"))),
        has_charge=Exists(unpaid().filter(application=OuterRef("pk"))),
    )


def _is_running() -> Q:
    return Q(state__in=OPEN) | Q(has_document=True) | Q(has_charge=True)


def _rows(person: Applicant, cases: ApplicationQuerySet, *, since: datetime | None = None) -> list[CaseRow]:
    questions = Prefetch("corrections", CorrectionRequest.objects.filter(closed_at__isnull=True), to_attr="questions")
    found = list(cases.for_pages().prefetch_related(questions).order_by("-submitted_at"))
    documents = _waiting_documents(person, [case.pk for case in found])
    charges = charges_of(found)
    return [
        CaseRow(
            application=case,
            title=title_of(case),
            applicant=applicant_name_of(case),
            question=next(iter(case.questions), None),
            document=(document := documents.get(case.pk)),
            charge=charges.get(case.pk),
            is_new=since is not None and max([case.changed_at, *_times_of(document)]) > since,
        )
        for case in found
    ]


def _times_of(document: PostboxItem | None) -> list[datetime]:
    return [document.notified_at] if document and document.notified_at else []


def _waiting_documents(person: Applicant, subject_ids: list[UUID]) -> dict[UUID, PostboxItem]:
    waiting = PostboxItem.objects.of_party(person.party_id).waiting_for_retrieval()
    return {item.subject_id: item for item in waiting.filter(subject_id__in=subject_ids)}
