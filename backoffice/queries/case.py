"""A case as clerks see it: what was said, what was sent, what happened."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.people import Clerk
from applications.asking.queries import messages_of
from applications.contents import applicant_name_of, name_of, summary_of, text_of
from applications.deciding.notice import conditions_of, place_of, validity_in_words
from applications.deciding.revoking import can_revoke, is_headed_by, revoked_from
from applications.deciding.staff import identified
from applications.deciding.use_cases import can_take_over, can_work_on
from applications.delivering import handover
from applications.models import Application, Attachment, CorrectionRequest, Decision, Receipt, Transition
from applications.states import State
from authorities import clock as calendar
from backoffice.queries.filters import VIEWS, Filters
from backoffice.queries.inbox import assignee_name
from backoffice.words import Badge, Due, badge_of, due_of
from forms_engine import api as engine
from postbox.models import PostboxItem

CORRECTION = "correction/"
NamesOf = Callable[[Iterable[UUID | None]], dict[UUID, str]]


@dataclass(frozen=True)
class File:
    """A file of the case, which question it answers, and what the scanner said of it; only some may be opened."""

    id: UUID
    name: str
    question: str
    size: int
    added_at: datetime
    verdict: str
    can_be_served: bool


@dataclass(frozen=True)
class Correction:
    """A question of the office with its answer; both stay as they were."""

    text: str
    documents: list[str]
    due_on: date
    asked_at: datetime
    asked_by: str
    answer: str
    answered_at: datetime | None
    files: list[File]
    is_open: bool


@dataclass(frozen=True)
class Message:
    """A question of the person, or what the office wrote; beside the procedure."""

    text: str
    at: datetime
    by: str
    is_of_office: bool


@dataclass(frozen=True)
class Event:
    """A line of the timeline."""

    at: datetime
    text: str
    by: str = ""


@dataclass(frozen=True)
class Notice:
    """The decision, where its document is on its way, and whether its fee was paid."""

    decision: Decision
    outcome: str
    regime: str
    delivery: str
    item_id: UUID | None
    validity: str
    place: str
    conditions: str
    paid_on: date | None
    revoked_from: date | None
    can_revoke: bool


@dataclass(frozen=True)
class News:
    """What happened to a case since somebody opened a form of it: the steps, who has it if not that person, and whether
    the person may still act.
    """

    events: list[Event]
    assignee: str
    can_work: bool


@dataclass(frozen=True)
class Neighbours:
    """The way back to the list and through it; `query` is what every page of the case carries for it."""

    title: str
    address: str
    query: str
    previous: str
    next: str


@dataclass(frozen=True)
class CasePage:
    """Everything that the case page shows."""

    application: Application
    name: str
    title: str
    badge: Badge
    due: Due
    assignee: str
    sections: list[engine.Section]
    files: list[File]
    corrections: list[Correction]
    messages: list[Message]
    events: list[Event]
    notices: list[Notice]
    has_receipt: bool
    can_take_over: bool
    can_take_from_colleague: bool
    can_work: bool
    to_send: str


def cases_of(clerk: Clerk) -> QuerySet[Application]:
    return Application.objects.visible_to(clerk).for_pages()


def case_page(application: Application, clerk: Clerk, *, called: NamesOf = identified) -> CasePage:
    """Reads and opens the whole case; `called` says how the clerks who worked on it are named."""
    corrections = list(application.corrections.select_related("answer"))
    decisions = list(application.decisions.order_by("no").select_related("revocation").prefetch_related("payments"))
    transitions = list(application.transitions.all())
    items = list(PostboxItem.objects.filter(subject_id=application.pk).order_by("provided_at"))
    messages = messages_of(application)
    names = called(
        [
            application.assignee_id,
            *(message.by_user_id for message in messages if message.is_of_office),
            *(request.asked_by_id for request in corrections),
            *(transition.actor_id for transition in transitions if transition.actor == transition.Actor.CLERK),
        ]
    )
    files = _files(application)
    return CasePage(
        application=application,
        name=applicant_name_of(application),
        title=application.offering.service.title,
        badge=badge_of(application),
        due=due_of(application, calendar.today()),
        assignee=assignee_name(application, names, clerk),
        sections=summary_of(application, language="de"),
        files=[file for path, found in files.items() if not path.startswith(CORRECTION) for file in found],
        corrections=[_correction(application, request, names, files) for request in reversed(corrections)],
        messages=[
            Message(
                message.text,
                message.at,
                names.get(message.by_user_id, "") if message.by_user_id else "",
                message.is_of_office,
            )
            for message in messages
        ],
        events=_events(transitions, items, names, handover.confirmed(application)),
        notices=[_notice(decision, application, items, clerk) for decision in decisions],
        has_receipt=Receipt.objects.filter(application=application).exists(),
        can_take_over=can_take_over(application),
        can_take_from_colleague=application.assignee_id not in (None, clerk.user_id)
        and application.state in (State.PROCESSING, State.ACTION_REQUIRED),
        can_work=can_work_on(application, clerk),
        to_send=_still_to_send(items, is_test=application.is_test),
    )


def news_of(application: Application, clerk: Clerk, *, seen_no: int) -> News:
    """What somebody has to know who opened a form when `seen_no` was the last transition."""
    steps = list(application.transitions.filter(no__gt=seen_no))
    names = identified([application.assignee_id, *(step.actor_id for step in steps if step.actor == step.Actor.CLERK)])
    return News(
        events=_events(steps, [], names, []),
        assignee="" if application.assignee_id == clerk.user_id else assignee_name(application, names, clerk),
        can_work=can_work_on(application, clerk),
    )


def neighbours(application: Application, filters: Filters, clerk: Clerk) -> Neighbours:
    """The case before and the case after this one in the list that the clerk came from."""
    cases = filters.cases(clerk)
    return Neighbours(
        title=str(VIEWS[filters.view]),
        address=f"{reverse('backoffice:inbox')}?{filters.here}",
        query=f"?{filters.here}",
        previous=_reference(cases.reverse(), filters.before(application)),
        next=_reference(cases, filters.beyond(application)),
    )


def attachment_of(application: Application, attachment_id: UUID) -> QuerySet[Attachment]:
    return Attachment.objects.filter(application_id=application.pk, pk=attachment_id).select_related("file")


def _reference(cases: QuerySet[Application], condition: Q) -> str:
    return cases.filter(condition).values_list("reference", flat=True).first() or ""


def _files(application: Application) -> dict[str, list[File]]:
    files: dict[str, list[File]] = defaultdict(list)
    form = engine.compiled(application.form_version)
    for attachment in Attachment.objects.filter(application_id=application.pk).select_related("file"):
        question = engine.file_field(form, attachment.path)
        files[attachment.path].append(
            File(
                id=attachment.pk,
                name=name_of(application, attachment),
                question=question.label("de") if question else "",
                size=attachment.file.size,
                added_at=attachment.added_at,
                verdict=attachment.file.verdict,
                can_be_served=attachment.file.can_be_served,
            )
        )
    return files


def _correction(
    application: Application, request: CorrectionRequest, names: dict[UUID, str], files: dict[str, list[File]]
) -> Correction:
    answer = getattr(request, "answer", None)
    return Correction(
        text=text_of(application, f"correction:{request.pk}:text", request.text),
        documents=text_of(application, f"correction:{request.pk}:documents", request.documents),
        due_on=request.due_on,
        asked_at=request.asked_at,
        asked_by=names.get(request.asked_by_id, ""),
        answer=text_of(application, f"answer:{request.pk}:text", answer.text) if answer else "",
        answered_at=answer.at if answer else None,
        files=[
            file for path, found in files.items() if path.startswith(f"{CORRECTION}{request.pk}/") for file in found
        ],
        is_open=request.closed_at is None,
    )


_STEPS = {
    (State.INITIATED, State.SUBMITTED): gettext_lazy("Abgesendet"),
    (State.SUBMITTED, State.RECEIVED): gettext_lazy("Im Amt angekommen"),
    (State.RECEIVED, State.PROCESSING): gettext_lazy("Übernommen"),
    (State.PROCESSING, State.ACTION_REQUIRED): gettext_lazy("Nachgefordert"),
    (State.ACTION_REQUIRED, State.PROCESSING): gettext_lazy("Antwort eingegangen"),
    (State.PROCESSING, State.COMPLETED): gettext_lazy("Entschieden"),
}


def _events(
    transitions: list[Transition], items: list[PostboxItem], names: dict[UUID, str], handed_over: list[datetime]
) -> list[Event]:
    """Newest first."""
    events = [
        Event(
            at=step.at,
            text=str(_STEPS.get((State(step.from_state), State(step.to_state)), _("Zurückgezogen"))),
            by=_actor(step, names),
        )
        for step in transitions
    ]
    events += [Event(at, _("Vom Fachverfahren bestätigt")) for at in handed_over]
    for item in items:
        events.append(Event(item.provided_at, _("Bescheid erstellt: %(way)s") % {"way": item.get_regime_display()}))
        if item.notified_at:
            events.append(Event(item.notified_at, _("Person benachrichtigt")))
        if item.retrieved_at:
            events.append(Event(item.retrieved_at, _("Bescheid im Postfach geöffnet")))
        if item.ended_at:
            events.append(Event(item.ended_at, _("Nicht rechtzeitig geöffnet, geht als Brief")))
    return sorted(events, key=lambda event: event.at, reverse=True)


def _actor(step: Transition, names: dict[UUID, str]) -> str:
    match step.actor:
        case step.Actor.CLERK:
            return names.get(step.actor_id, "") if step.actor_id else ""
        case step.Actor.APPLICANT:
            return _("antragstellende Person")
    return _("Serviceportal")


def _notice(decision: Decision, application: Application, items: list[PostboxItem], clerk: Clerk) -> Notice:
    decision.application = application
    payments = list(decision.payments.all())
    item = next((item for item in items if item.pk == decision.pk), None)
    ways = [other for other in items if item and other.file_id == item.file_id]
    return Notice(
        decision=decision,
        outcome=decision.get_outcome_display(),
        regime=decision.get_regime_display(),
        delivery=delivery_in_words(ways[-1]) if ways else _("Der Bescheid wird erstellt."),
        item_id=item.pk if item else None,
        validity=validity_in_words(decision.valid_from, decision.valid_until),
        place=place_of(decision),
        conditions=conditions_of(decision),
        paid_on=payments[-1].paid_on if payments else None,
        revoked_from=revoked_from(decision),
        can_revoke=is_headed_by(application, clerk) and can_revoke(decision),
    )


def _still_to_send(items: list[PostboxItem], *, is_test: bool) -> str:
    """What a clerk has to do with a paper of this case, in words; empty where nothing waits for a hand."""
    is_letter = any(item.regime == PostboxItem.Regime.LETTER and item.posted_on is None for item in items)
    is_pickup = any(item.regime == PostboxItem.Regime.PICKUP and item.handed_over_on is None for item in items)
    if is_test and (is_letter or is_pickup):
        return _("Testantrag: Das Dokument bleibt im Haus. Tragen Sie nur einen Tag ein.")
    if is_letter:
        return _("Geben Sie den Brief auf. Tragen Sie dann den Tag ein.")
    if is_pickup:
        return _("Der Bescheid liegt zur Abholung bereit. Tragen Sie ein, wann Sie ihn übergeben haben.")
    return ""


def delivery_in_words(item: PostboxItem) -> str:
    """Where a document is on its way, and from which day it is made known (VwVfG § 41)."""
    if item.effective_on:
        return _("Bekannt gegeben am %(day)s.") % {"day": date_format(item.effective_on, "j. F Y")}
    if item.regime == PostboxItem.Regime.LETTER:
        return _("Der Brief ist noch nicht aufgegeben.")
    if item.regime == PostboxItem.Regime.PICKUP:
        return _("Der Bescheid liegt zur Abholung bereit.")
    if item.retrieve_until:
        return _("Im Postfach, noch nicht geöffnet. Frist: %(day)s.") % {
            "day": date_format(item.retrieve_until, "j. F Y")
        }
    return _("Im Postfach, noch nicht geöffnet.")
