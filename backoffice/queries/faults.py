"""The cases that a fault touched, as heads and operators see them, and what was written about faults before."""

from dataclasses import dataclass
from datetime import datetime

from accounts.people import Clerk
from applications.deciding.staff import names_of
from applications.states import State
from applications.telling import queries
from applications.telling.use_cases import answered_for_by
from catalogue.models import Offering

PAGE_SIZE = 50
MOST_ANNOUNCEMENTS = 10


@dataclass(frozen=True)
class Line:
    """A touched case; `can_open` where the reader works on cases and it lies with one of their departments."""

    reference: str
    state: str
    reasons: list[str]
    can_open: bool


@dataclass(frozen=True)
class Found:
    """How many are touched, and one page of them; `after` is the place of the next one."""

    number: int
    lines: list[Line]
    after: str


@dataclass(frozen=True)
class Sent:
    """An announcement of the past."""

    at: datetime
    by: str
    service: str
    period: queries.Period
    number: int


def services_of(clerk: Clerk) -> list[tuple[str, str]]:
    """(slug, title) of what the authority offers, in the order of the titles."""
    offerings = Offering.objects.filter(authority_id=clerk.authority_id).select_related("service")
    return sorted(((each.service.slug, each.service.title) for each in offerings), key=lambda each: each[1])


def found(clerk: Clerk, *, service: str, period: queries.Period, after: str) -> Found:
    touched = queries.touched(answered_for_by(clerk), service=service, period=period)
    page = queries.page(touched, size=PAGE_SIZE, after=after)
    opened = set(clerk.department_ids)
    lines = [
        Line(
            reference=row.reference,
            state=str(State(row.state).label),
            reasons=[queries.reason_in_words(reason) for reason in row.reasons],
            can_open=row.department_id in opened,
        )
        for row in page.rows
    ]
    return Found(touched.count(), lines, page.next)


def sent_before(clerk: Clerk) -> list[Sent]:
    rows = queries.announcements(clerk.authority_id, MOST_ANNOUNCEMENTS)
    names = names_of(row.by_user_id for row in rows)
    return [
        Sent(
            at=row.at,
            by=names.get(row.by_user_id, ""),
            service=row.offering.service.title,
            period=queries.Period(row.since, row.until),
            number=row.number,
        )
        for row in rows
    ]
