"""Fees that a notice asks for and that are still open: what is to be paid, and by when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from applications.deciding.notice import mandate_of
from applications.models import Application, Decision, Payment
from authorities import clock as calendar
from postbox.models import PostboxItem


@dataclass(frozen=True)
class Charge:
    """A fee that nobody has noted as paid yet. `is_collected`: the office takes it from an account by a mandate."""

    amount: Decimal
    due_on: date
    is_collected: bool
    is_overdue: bool


def made_known() -> QuerySet[Decision]:
    """The last decision of each case, once its notice has reached the person: an earlier one it has replaced."""
    last = Decision.objects.filter(application=OuterRef("application")).order_by("-no").values("no")[:1]
    known = PostboxItem.objects.filter(subject_id=OuterRef("application_id"), effective_on__isnull=False)
    return Decision.objects.filter(Exists(known), no=Subquery(last))


def unpaid() -> QuerySet[Decision]:
    """Those whose fee is still open. Nobody pays for a test application."""
    paid_on = Payment.objects.filter(decision=OuterRef("pk")).order_by("-at", "-id").values("paid_on")[:1]
    with_fee = made_known().filter(fee__gt=0, fee_due_on__isnull=False, application__is_test=False)
    return with_fee.alias(paid_on=Subquery(paid_on)).filter(paid_on__isnull=True)


def charges_of(applications: Iterable[Application]) -> dict[UUID, Charge]:
    """The open fee of each application that has one."""
    by_id = {application.pk: application for application in applications}
    decisions = list(unpaid().filter(application_id__in=by_id))
    today = calendar.today() if decisions else date.max
    return {
        decision.application_id: Charge(
            amount=decision.fee,
            due_on=decision.fee_due_on,
            is_collected=bool(mandate_of(by_id[decision.application_id])),
            is_overdue=decision.fee_due_on < today,
        )
        for decision in decisions
        if decision.fee is not None and decision.fee_due_on is not None
    }
