"""Lists of a person's own cases, in the order in which somebody has to act."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from accounts.people import Applicant
from applications.contents import applicant_name_of, title_of
from applications.models import Application, CorrectionRequest, Draft
from applications.models.application import ApplicationQuerySet
from applications.states import OPEN
from postbox.models import PostboxItem


@dataclass(frozen=True)
class Counters:
    """What the tabs of the list say."""

    running: int
    drafts: int
    finished: int


@dataclass(frozen=True)
class CaseRow:
    """One case in a list. `question` or `document` is what the person has to attend to, if anything."""

    application: Application
    title: str
    applicant: str
    question: CorrectionRequest | None
    document: PostboxItem | None

    @property
    def until(self) -> date | None:
        if self.question:
            return self.question.due_on
        return self.document.retrieve_until if self.document else None

    @property
    def needs_person(self) -> bool:
        return bool(self.question or self.document)


@dataclass(frozen=True)
class DraftRow:
    draft: Draft
    title: str


def counters(person: Applicant) -> Counters:
    cases = _cases(person).aggregate(
        running=Count("pk", filter=_is_running()), finished=Count("pk", filter=~_is_running())
    )
    return Counters(drafts=Draft.objects.visible_to(person).count(), **cases)


def running(person: Applicant) -> list[CaseRow]:
    """Cases that are not over, those that wait for the person first, by date; then the newest."""
    rows = _rows(person, _cases(person).filter(_is_running()))
    return sorted(rows, key=lambda row: (not row.needs_person, row.until or date.max))


def finished(person: Applicant) -> list[CaseRow]:
    return _rows(person, _cases(person).exclude(_is_running()))


def drafts(person: Applicant) -> list[DraftRow]:
    found = Draft.objects.visible_to(person).select_related("authority", "offering__service").order_by("-saved_at")
    return [DraftRow(draft, title_of(draft)) for draft in found]


def _cases(person: Applicant) -> ApplicationQuerySet:
    """The person's applications, each knowing whether a document of it waits in the postbox."""
    waiting = PostboxItem.objects.of_party(person.party_id).waiting_for_retrieval()
    return Application.objects.visible_to(person).annotate(
        has_document=Exists(waiting.filter(subject_id=OuterRef("pk")))
    )


def _is_running() -> Q:
    return Q(state__in=OPEN) | Q(has_document=True)


def _rows(person: Applicant, cases: ApplicationQuerySet) -> list[CaseRow]:
    questions = Prefetch("corrections", CorrectionRequest.objects.filter(closed_at__isnull=True), to_attr="questions")
    found = list(cases.for_pages().prefetch_related(questions).order_by("-submitted_at"))
    documents = _waiting_documents(person, [case.pk for case in found])
    return [
        CaseRow(
            application=case,
            title=title_of(case),
            applicant=applicant_name_of(case),
            question=next(iter(case.questions), None),
            document=documents.get(case.pk),
        )
        for case in found
    ]


def _waiting_documents(person: Applicant, subject_ids: list[UUID]) -> dict[UUID, PostboxItem]:
    waiting = PostboxItem.objects.of_party(person.party_id).waiting_for_retrieval()
    return {item.subject_id: item for item in waiting.filter(subject_id__in=subject_ids)}
