"""Everything that the page of one case shows, as plain data."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language

from accounts.people import Applicant
from applications.asking.queries import Line, messages_of
from applications.contents import applicant_name_of, is_nameless, name_of, summary_of, text_of, title_of
from applications.following.charges import Charge, charges_of
from applications.following.door import Citizen
from applications.following.timeline import Event, events_of
from applications.following.use_cases import nothing_asked, path_of
from applications.models import Application, Attachment, CorrectionRequest, Decision, Receipt
from applications.states import OPEN, State
from applications.transitions import can_move
from forms_engine.api import Section
from postbox.models import PostboxItem


@dataclass(frozen=True)
class OwnFile:
    attachment: Attachment
    name: str


@dataclass(frozen=True)
class Question:
    """A correction request and, once given, its answer. Both stay readable."""

    request: CorrectionRequest
    text: str
    documents: list[str]
    answered_at: datetime | None
    answer: str
    files: list[OwnFile]

    @property
    def is_open(self) -> bool:
        return self.request.closed_at is None

    def files_for(self, no: int) -> list[OwnFile]:
        return [file for file in self.files if file.attachment.path == path_of(self.request, no)]


@dataclass(frozen=True)
class CasePage:
    application: Application
    title: str
    applicant: str
    receipt: Receipt | None
    questions: list[Question]
    messages: list[Line]
    decision: Decision | None
    document: PostboxItem | None
    charge: Charge | None
    events: list[Event]
    files: list[OwnFile]
    sections: list[Section]
    is_open: bool
    is_late: bool
    is_nameless: bool
    can_withdraw: bool
    can_be_copied: bool
    has_folder: bool

    @property
    def question(self) -> Question | None:
        """What the office waits for."""
        return next((question for question in self.questions if question.is_open), None)

    @property
    def past_questions(self) -> list[Question]:
        return [question for question in self.questions if not question.is_open]

    @property
    def document_waits(self) -> bool:
        return self.document is not None and self.document.is_waiting

    @property
    def is_answered(self) -> bool:
        """An idea or a report: the office answers it and decides nothing."""
        return self.application.offering.is_answered

    @property
    def has_notice(self) -> bool:
        """Whether what the office wrote has been made known, so that the page may show it."""
        return self.decision is not None and is_made_known(self.document)

    @property
    def outcome(self) -> str:
        """What was decided; empty until the notice has been made known, and for what is only answered."""
        if self.is_answered:
            return ""
        return self.decision.get_outcome_display() if self.decision and is_made_known(self.document) else ""


def case_page(application: Application, *, person: Citizen) -> CasePage:
    """The case as its owner sees it; to be called in the owner's scope."""
    files = _files_by_path(application)
    documents, nameless = documents_of(application, person), is_nameless(application)
    return CasePage(
        application=application,
        title=title_of(application),
        applicant=applicant_name_of(application),
        receipt=getattr(application, "receipt", None),
        questions=questions_of(application, files),
        messages=messages_of(application),
        decision=application.decisions.order_by("-no").first(),
        document=documents[-1] if documents else None,
        charge=charges_of([application]).get(application.pk) if documents else None,
        events=events_of(application, documents, is_promised=not nameless),
        files=[file for path, found in files.items() if not path.startswith("correction/") for file in found],
        sections=summary_of(application, language=get_language() or "de"),
        is_open=application.state in OPEN,
        is_late=application.due_on < timezone.localdate(),
        is_nameless=nameless,
        can_withdraw=can_move(application, State.WITHDRAWN),
        has_folder=isinstance(person, Applicant),
        can_be_copied=isinstance(person, Applicant) and application.offering.is_active and not application.is_test,
    )


def questions_of(application: Application, files: dict[str, list[OwnFile]] | None = None) -> list[Question]:
    """All correction requests of a case, oldest first, opened."""
    files = _files_by_path(application) if files is None else files
    return [
        _question(application, request, _files_under(path_of(request), files))
        for request in application.corrections.select_related("answer")
    ]


def open_question(application: Application, *, asked: str) -> Question:
    """The question that a page was showing; raises ApplicationError when it is not the open one any more."""
    for question in questions_of(application):
        if question.is_open and str(question.request.pk) == asked:
            return question
    raise nothing_asked()


def is_made_known(document: PostboxItem | None) -> bool:
    """Whether the person has the notice in hand, or it is on its way by post."""
    return document is not None and document.effective_on is not None


def documents_of(application: Application, person: Citizen) -> list[PostboxItem]:
    """How the notice went its way, oldest first. A code shows none: only a party has a postbox."""
    if not isinstance(person, Applicant):
        return []
    return list(
        PostboxItem.objects.filter(party_id=person.party_id, subject_id=application.pk).order_by("provided_at", "id")
    )


def _question(application: Application, request: CorrectionRequest, files: Iterable[OwnFile]) -> Question:
    answer = getattr(request, "answer", None)
    return Question(
        request=request,
        text=text_of(application, f"correction:{request.pk}:text", request.text),
        documents=text_of(application, f"correction:{request.pk}:documents", request.documents),
        answered_at=answer.at if answer else None,
        answer=text_of(application, f"answer:{request.pk}:text", answer.text) if answer else "",
        files=list(files),
    )


def _files_under(start: str, files: dict[str, list[OwnFile]]) -> list[OwnFile]:
    return [file for path, found in files.items() if path.startswith(start) for file in found]


def _files_by_path(application: Application) -> dict[str, list[OwnFile]]:
    files: dict[str, list[OwnFile]] = defaultdict(list)
    for attachment in Attachment.objects.filter(application_id=application.pk).select_related("file"):
        files[attachment.path].append(OwnFile(attachment, name_of(application, attachment)))
    return files
