"""Putting a service online at an authority."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from authorities import clock
from authorities.models import Authority, Department
from catalogue import carried, poster, trail
from catalogue.models import Offering, RouteRule, Service, Tariff
from forms_engine.models import Form

REVIEW_MONTHS = 12
#: Rates that began within these days are looked at daily, in case a night was missed.
LOOK_BACK_DAYS = 7


class RateRefused(Exception):
    """A rate cannot be added; the text is a German sentence."""


@dataclass(frozen=True)
class Terms:
    """What an authority says about a service it offers."""

    level: str = Offering.Level.NONE
    fee: dict[str, Any] = field(default_factory=dict)
    deciding_date: str | None = None  # None: as it was chosen before
    deadline_weeks: int = 4
    deadline_working_days: int | None = None
    retention_months: int = 12
    privacy: dict[str, Any] = field(default_factory=dict)
    appointment_url: str = ""
    owner: Department | None = None
    reviewed_on: date | None = None
    next_review_on: date | None = None
    is_answered: bool = False


@dataclass(frozen=True)
class Route:
    """Where applications go; without a condition: all that no earlier route took."""

    department: Department
    condition: dict[str, Any] | None = None


def note_review(offering: Offering, *, by_id: UUID) -> None:
    """The texts were looked through today; in a year they are due again."""
    offering.reviewed_on = clock.today()
    offering.next_review_on = clock.due_date(offering.reviewed_on, months=REVIEW_MONTHS)
    offering.save(update_fields=["reviewed_on", "next_review_on"])
    trail.record("offering.reviewed", offering, by_id=by_id)


def add_rate(offering: Offering, tariff: dict[str, Any], *, valid_from: date, by_id: UUID | None = None) -> Tariff:
    """From this day on the offering costs this. Raises RateRefused for a day that has passed: what held, held."""
    if valid_from < clock.today():
        raise RateRefused("Dieser Tag ist vorbei. Geben Sie heute oder einen späteren Tag ein.")
    row = Tariff.objects.create(
        offering=offering,
        authority_id=offering.authority_id,
        valid_from=valid_from,
        tariff=tariff,
        added_by_id=by_id,
    )
    trail.record("tariff.added", offering, by_id=by_id, tariff=row.pk)
    poster.order(offering)
    return row


def choose_deciding_date(offering: Offering, path: str, *, by_id: UUID) -> None:
    """From now on this question's answer decides which rate is charged; an empty path: the day of sending."""
    offering.deciding_date = path
    offering.save(update_fields=["deciding_date"])
    trail.record("offering.deciding_date_chosen", offering, by_id=by_id)


def order_posters_of_new_rates() -> None:
    """A new poster for each offering whose rate began lately; to be called daily, in a scope of the system."""
    since = clock.today() - timedelta(days=LOOK_BACK_DAYS)
    begun = Tariff.objects.filter(valid_from__range=(since, clock.today())).values("offering_id")
    for offering in Offering.objects.filter(pk__in=begun, is_active=True).select_related("authority", "service"):
        poster.order(offering)


def order_posters_of(form_id: UUID) -> None:
    """A new poster where it says something else now: of what is only answered, whether there is an answer at all
    depends on what the form asks. In the transaction that publishes the form: until it commits, nobody compiles it.
    """
    for offering in Offering.objects.filter(form=form_id, is_active=True, is_answered=True):
        poster.order_anew(offering)


def offer(authority: Authority, service: Service, form: Form, *, terms: Terms, routes: list[Route]) -> Offering:
    """The service at this authority, with these terms and routes; an earlier offering of it is changed.

    Raises ValueError unless the last route, and no other, is unconditional.
    """
    if not routes or [route.condition is None for route in routes].index(True) != len(routes) - 1:
        raise ValueError("The last route, and no other, is unconditional.")
    before = Offering.objects.filter(authority=authority, service=service).first()
    offering, _made = Offering.objects.update_or_create(
        authority=authority,
        service=service,
        defaults={
            "form": form,
            "earlier_paths": carried.paths_with(form, before),
            "level": terms.level,
            "fee": terms.fee,
            **({} if terms.deciding_date is None else {"deciding_date": terms.deciding_date}),
            "deadline_weeks": terms.deadline_weeks,
            "deadline_working_days": terms.deadline_working_days,
            "retention_months": terms.retention_months,
            "privacy": terms.privacy,
            "appointment_url": terms.appointment_url,
            "owner": terms.owner,
            "reviewed_on": terms.reviewed_on,
            "next_review_on": terms.next_review_on,
            "is_answered": terms.is_answered,
            "is_active": True,
        },
    )
    offering.route_rules.all().delete()
    RouteRule.objects.bulk_create(
        RouteRule(
            authority=authority,
            offering=offering,
            position=position,
            condition=route.condition,
            department=route.department,
        )
        for position, route in enumerate(routes)
    )
    poster.order(offering)
    return offering
