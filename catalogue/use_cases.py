"""Putting a service online at an authority."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from authorities import clock
from authorities.models import Authority, Department
from catalogue import poster
from catalogue.models import Offering, RouteRule, Service
from forms_engine.models import Form
from foundation import audit

REVIEW_MONTHS = 12


@dataclass(frozen=True)
class Terms:
    """What an authority says about a service it offers."""

    level: str = Offering.Level.NONE
    fee: dict[str, Any] = field(default_factory=dict)
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
    audit.record(
        "offering.reviewed",
        authority_id=offering.authority_id,
        object_kind="offering",
        object_id=offering.pk,
        actor_id=by_id,
    )


def offer(authority: Authority, service: Service, form: Form, *, terms: Terms, routes: list[Route]) -> Offering:
    """The service at this authority, with these terms and routes; an earlier offering of it is changed.

    Raises ValueError unless the last route, and no other, is unconditional.
    """
    if not routes or [route.condition is None for route in routes].index(True) != len(routes) - 1:
        raise ValueError("The last route, and no other, is unconditional.")
    offering, _ = Offering.objects.update_or_create(
        authority=authority,
        service=service,
        defaults={
            "form": form,
            "level": terms.level,
            "fee": terms.fee,
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
