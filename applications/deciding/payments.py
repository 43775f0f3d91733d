"""Fees of decisions: open, or paid on a day that a clerk noted by hand."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.people import Clerk
from applications import trail
from applications.errors import ApplicationError
from applications.models import Decision, Payment
from applications.transitions import lock
from authorities import clock as calendar


def paid_on(decision: Decision) -> date | None:
    """The day on which the fee was paid; None while it is open."""
    last = decision.payments.last()
    return last.paid_on if last else None


def note_payment(decision: Decision, *, paid_on: date | None, by: Clerk) -> Payment | None:
    """Notes that the fee was paid on a day, or that it is open again (None). What stands there already changes nothing.

    A note is never changed: a later one is laid over it.
    """
    application = lock(decision.application)
    if application.is_test:
        raise ApplicationError("test_is_free", _("Für einen Testantrag zahlt niemand. Sie müssen nichts eintragen."))
    if decision.fee is None:
        raise ApplicationError("no_fee", _("Zu diesem Bescheid gehört keine Zahlung. Wählen Sie einen anderen."))
    decided_on = timezone.localdate(decision.at)
    if paid_on is not None and not decided_on <= paid_on <= calendar.today():
        raise ApplicationError(
            "impossible_day",
            _("Dieser Tag passt nicht. Geben Sie einen Tag vom Bescheid bis heute ein."),
            status=422,
        )
    last = decision.payments.last()
    if paid_on == (last.paid_on if last else None):
        return last
    noted = Payment.objects.create(
        decision=decision, authority_id=application.authority_id, paid_on=paid_on, set_by_id=by.user_id
    )
    action = "payment.noted" if paid_on else "payment.reopened"
    trail.record(action, application, by_id=by.user_id, decision=decision.pk)
    return noted
