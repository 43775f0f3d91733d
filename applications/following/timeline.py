"""What happened to a case and what comes next, in the words that people read."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application, Transition
from applications.states import OPEN, State
from postbox.models import PostboxItem


@dataclass(frozen=True)
class Event:
    """One step. `at` is None for what has a day but no time; `is_expected` lies ahead, `is_current` is now."""

    text: str
    day: date
    at: time | None = None
    is_expected: bool = False
    is_current: bool = False


def events_of(application: Application, documents: list[PostboxItem], *, is_promised: bool) -> list[Event]:
    """The past in its order, then what the office will do in the end and by when, if it owes that to anybody."""
    end = end_in_words(application)
    past = [_event(_words_of(step, end), step.at) for step in application.transitions.all()]
    for item in documents:
        past += _steps_of(item)
    if application.state not in OPEN:
        return past
    now = replace(past.pop(), is_current=True)
    return [*past, now, *([Event(end, application.due_on, is_expected=True)] if is_promised else [])]


def end_in_words(application: Application) -> str:
    """What the office does in the end: an idea or a report is answered, nobody decides about it."""
    return _("Beantwortet") if application.offering.is_answered else str(State.COMPLETED.label)


def _words_of(step: Transition, end: str) -> str:
    if step.to_state == State.COMPLETED:
        return end
    if step.from_state == State.ACTION_REQUIRED and step.to_state == State.PROCESSING:
        return _("Sie haben geantwortet")
    return str(State(step.to_state).label)


def _steps_of(item: PostboxItem) -> list[Event]:
    steps = []
    if item.notified_at:
        steps.append(_event(_("Dokument liegt im Postfach"), item.notified_at))
    if item.retrieved_at:
        steps.append(_event(_("Sie haben das Dokument geöffnet"), item.retrieved_at))
    if item.ended_at:
        steps.append(_event(_("Frist zum Öffnen ist vorbei"), item.ended_at))
    if item.posted_on:
        steps.append(Event(_("Brief abgeschickt"), item.posted_on))
    if item.handed_over_on:
        steps.append(Event(_("Dokument abgeholt"), item.handed_over_on))
    return steps


def _event(text: str, at: datetime) -> Event:
    local = timezone.localtime(at)
    return Event(text, local.date(), local.time())
