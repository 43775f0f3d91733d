"""Which cases a fault touched: numbers, states and reasons; nothing of a person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from applications.models import Announcement, Application, Message, Routing, Transition
from foundation.outbox.models import OutboxRow
from postbox.models import PostboxItem

#: The effect that writes to one case.
KIND = "announce"
REASONS = ("was_filed", "was_changed", "was_delivered", "has_waited")


@dataclass(frozen=True)
class Period:
    """From when until when something was at fault; the end itself lies outside."""

    since: datetime
    until: datetime

    def holds(self, moment: str) -> Q:
        return Q(**{f"{moment}__gte": self.since, f"{moment}__lt": self.until})


@dataclass(frozen=True)
class Touched:
    """A case, where it stands, and why it counts as touched."""

    case_id: UUID
    reference: str
    state: str
    department_id: UUID | None
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """Touched cases in the order in which they were filed; `next` names the place where the next page begins."""

    rows: list[Touched]
    next: str


def touched(cases: QuerySet[Application], *, service: str, period: Period) -> QuerySet[Application]:
    """Those of `cases` that were filed, changed or delivered in the period, or had work that waited or failed then."""
    of_case = {"application_id": OuterRef("pk")}
    papers = PostboxItem.objects.filter(period.holds("provided_at") | period.holds("notified_at"))
    reasons: dict[str, Q | Exists] = {
        "was_filed": period.holds("submitted_at"),
        "was_changed": Exists(Transition.objects.filter(period.holds("at"), no__gt=1, **of_case))
        | Exists(Message.objects.filter(period.holds("at"), **of_case)),
        "was_delivered": Exists(Routing.objects.filter(period.holds("delivered_at"), **of_case))
        | Q(pk__in=papers.values("subject_id")),
        "has_waited": Q(pk__in=_stuck(period).values("subject_id")),
    }
    told = {name: ExpressionWrapper(Q(reason), output_field=BooleanField()) for name, reason in reasons.items()}
    any_reason = Q()
    for name in told:
        any_reason |= Q(**{name: True})
    ordered = cases.filter(offering__service__slug=service).annotate(**told).filter(any_reason)
    return ordered.order_by("submitted_at", "pk")


def page(found: QuerySet[Application], *, size: int, after: str = "") -> Page:
    """`size` of them from a place on; by key, so that no page is slower than the first."""
    rows = list(found.filter(_beyond(after))[: size + 1])
    shown = rows[:size]
    last = f"{shown[-1].submitted_at.isoformat()}_{shown[-1].pk}" if len(rows) > size else ""
    return Page([_touched(case) for case in shown], last)


def reason_in_words(name: str) -> str:
    return {
        "was_filed": _("abgesendet"),
        "was_changed": _("geändert"),
        "was_delivered": _("weitergegeben"),
        "has_waited": _("Arbeit des Portals wartete oder scheiterte"),
    }[name]


def announcements(authority_id: UUID, most: int) -> list[Announcement]:
    """What was written last, the newest first."""
    rows = Announcement.objects.filter(authority_id=authority_id).select_related("offering__service").defer("text")
    return list(rows.order_by("-at")[:most])


def _stuck(period: Period) -> QuerySet[OutboxRow]:
    """Work that failed or lay about in the period. When an effect was done is not kept, only how often it was tried."""
    given_up = Q(state=OutboxRow.State.DEAD, due_at__gte=period.since)
    waiting = Q(state=OutboxRow.State.DUE) & (Q(attempts__gt=0) | Q(due_at__lt=period.until))
    done_late = Q(state=OutboxRow.State.DONE, attempts__gt=1, created_at__gte=period.since)
    return OutboxRow.objects.exclude(kind=KIND).filter(given_up | waiting | done_late, created_at__lt=period.until)


def _touched(case: Any) -> Touched:
    reasons = tuple(name for name in REASONS if getattr(case, name))
    return Touched(case.pk, case.reference, case.state, case.department_id, reasons)


def _beyond(after: str) -> Q:
    moment, _underscore, case_id = after.partition("_")
    try:
        at, key = parse_datetime(moment), UUID(case_id)
    except ValueError:
        return Q()
    return Q(submitted_at__gte=at) & (Q(submitted_at__gt=at) | Q(pk__gt=key)) if at and at.tzinfo else Q()
