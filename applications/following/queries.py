"""Lists of a person's own cases, in the order in which somebody has to act."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery

from accounts.people import Applicant
from applications.contents import applicant_name_of, permit_title_of, title_of
from applications.following.charges import Charge, charges_of, made_known, unpaid
from applications.models import Application, CorrectionRequest, Draft
from applications.models.application import ApplicationQuerySet
from applications.states import OPEN
from authorities import clock as calendar
from foundation import paging
from foundation.paging import Page
from postbox.models import PostboxItem

SOON = timedelta(days=28)
#: Where a row of a list holds its open questions.
QUESTIONS = "questions"


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
    """What was granted and is in force or will be; a permit without an end has none to tell.

    `known_on` is the day from which it counts as made known, and nothing holds earlier (VwVfG §§ 41, 43). `today` is
    handed in: the day comes from the database, which a row is not to ask again.
    """

    application: Application
    title: str
    applicant: str
    valid_from: date
    valid_until: date | None
    known_on: date
    today: date

    @property
    def begins_on(self) -> date:
        return max(self.valid_from, self.known_on)

    @property
    def is_ahead(self) -> bool:
        return self.begins_on > self.today

    @property
    def ends_soon(self) -> bool:
        return self.valid_until is not None and self.valid_until <= self.today + SOON


def counters(person: Applicant) -> Counters:
    cases = _cases(person).aggregate(
        running=Count("pk", filter=_is_running()), finished=Count("pk", filter=~_is_running())
    )
    return Counters(drafts=Draft.objects.visible_to(person).count(), **cases)


def running(person: Applicant, *, since: datetime | None = None) -> list[CaseRow]:
    """Cases that are not over, those that wait for the person first, by date; then the newest.

    `since` is the visit before this one: what happened after it is new.
    """
    cases = _cases(person).filter(_is_running()).order_by("-submitted_at", "-pk")
    rows = _rows(person, list(_for_rows(cases)), since=since)
    return sorted(rows, key=lambda row: (not row.needs_person, row.until or date.max))


def running_page(person: Applicant, *, since: datetime | None = None, after: str = "") -> Page[CaseRow]:
    """The same, over several pages: what waits for the person is known only when all of them were looked at."""
    return paging.in_this_order(running(person, since=since), lambda row: row.application.pk, after=after)


def finished(person: Applicant, *, after: str = "") -> Page[CaseRow]:
    """Cases that are over, the newest first."""
    page = paging.newest_first(_for_rows(_cases(person).exclude(_is_running())), "submitted_at", after=after)
    return replace(page, rows=_rows(person, page.rows))


def permits(person: Applicant, *, after: str = "", size: int = paging.SIZE) -> Page[PermitRow]:
    """What the office has granted and made known, until it has ended or is revoked; what ends first stands first."""
    today = calendar.today()
    known = PostboxItem.objects.filter(subject_id=OuterRef("application_id"), effective_on__isnull=False)
    found = (
        made_known()
        .filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=today),
            application__in=Application.objects.visible_to(person).real(),
            valid_from__isnull=False,
        )
        .exclude(revocation__effective_on__lte=today)
        .annotate(known_on=Subquery(known.order_by("-effective_on").values("effective_on")[:1]))
        .select_related(
            "application__authority",
            "application__department",
            "application__offering__service",
            "application__offering__owner",
        )
    )
    in_order = found.order_by(F("valid_until").asc(nulls_last=True), "valid_from", "pk")
    page = paging.in_this_order(list(in_order), lambda decision: decision.pk, after=after, size=size)
    rows = [
        PermitRow(
            application=decision.application,
            title=permit_title_of(decision.application),
            applicant=applicant_name_of(decision.application),
            valid_from=decision.valid_from,
            valid_until=decision.valid_until,
            known_on=decision.known_on,
            today=today,
        )
        for decision in page.rows
        if decision.valid_from
    ]
    return Page(rows, page.following, page.is_first)


def drafts(person: Applicant, *, after: str = "", size: int = paging.SIZE) -> Page[DraftRow]:
    """What was begun and not sent, the last saved first."""
    own = Draft.objects.visible_to(person).select_related("authority", "offering__service")
    page = paging.newest_first(own, "saved_at", after=after, size=size)
    return Page([DraftRow(draft, title_of(draft)) for draft in page.rows], page.following, page.is_first)


def _cases(person: Applicant) -> ApplicationQuerySet:
    """The person's applications, each knowing whether a document of it waits in the postbox, or a fee is open."""
    waiting = PostboxItem.objects.of_party(person.party_id).waiting_for_retrieval()
    return Application.objects.visible_to(person).annotate(
        has_document=Exists(waiting.filter(subject_id=OuterRef("pk"))),
        has_charge=Exists(unpaid().filter(application=OuterRef("pk"))),
    )


def _is_running() -> Q:
    return Q(state__in=OPEN) | Q(has_document=True) | Q(has_charge=True)


def _for_rows(cases: ApplicationQuerySet) -> ApplicationQuerySet:
    """With what a row in a list tells; the form's own definition, which is long, is none of it."""
    questions = Prefetch("corrections", CorrectionRequest.objects.filter(closed_at__isnull=True), to_attr=QUESTIONS)
    return cases.select_related("authority", "department", "offering__service", "offering__owner").prefetch_related(
        questions
    )


def _rows(person: Applicant, found: list[Application], *, since: datetime | None = None) -> list[CaseRow]:
    documents = _waiting_documents(person, [case.pk for case in found])
    charges = charges_of(found)
    return [
        CaseRow(
            application=case,
            title=title_of(case),
            applicant=applicant_name_of(case),
            question=next(iter(getattr(case, QUESTIONS)), None),
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
