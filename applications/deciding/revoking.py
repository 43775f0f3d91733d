"""Taking a permit back (VwVfG § 49): from a day on, by the head of the office, with a reason that the person reads."""

from datetime import date

from django.utils.translation import gettext as _

from accounts.models import StaffRole
from accounts.people import Clerk
from applications import trail
from applications.asking.use_cases import reply
from applications.errors import ApplicationError
from applications.models import Application, Decision, Revocation
from applications.transitions import lock
from authorities import clock as calendar

GRANTS = (Decision.Outcome.APPROVED, Decision.Outcome.PARTIALLY)


def is_headed_by(application: Application, clerk: Clerk) -> bool:
    """Whether the case lies with a department whose head this is."""
    return application.department_id in clerk.departments_as(StaffRole.Role.HEAD)


def revoke(decision: Decision, *, effective_on: date, reason: str, by: Clerk) -> Revocation:
    """Notes that the permit ends on this day, and writes to the person; runs in the scope of the authority.

    The case stays decided: the decision was taken, and is not undone. Raises ApplicationError where there is
    nothing to revoke, for whoever is no head, and for a day that has passed.
    """
    application = lock(decision.application)
    if not is_headed_by(application, by):
        raise ApplicationError("heads_only", _("Widerrufen kann nur die Leitung des Amts."), status=403)
    if not can_revoke(decision):
        raise ApplicationError("nothing_to_revoke", _("Hier gibt es nichts zu widerrufen. Laden Sie die Seite neu."))
    if effective_on < calendar.today():
        raise ApplicationError("revoked_backwards", _("Geben Sie heute oder einen Tag in der Zukunft ein."), status=422)
    revocation = Revocation.objects.create(
        decision=decision,
        authority_id=decision.authority_id,
        effective_on=effective_on,
        reason=application.seal(f"decision:{decision.pk}:revocation", reason),
        by_id=by.user_id,
    )
    reply(application, text=reason, by=by)
    trail.record("permit.revoked", application, by_id=by.user_id, decision=decision.pk, on=effective_on.isoformat())
    return revocation


def can_revoke(decision: Decision) -> bool:
    """Whether this grants something, was not revoked yet, and has not ended by itself."""
    has_ended = decision.valid_until is not None and decision.valid_until < calendar.today()
    return decision.outcome in GRANTS and not has_ended and revoked_from(decision) is None


def revoked_from(decision: Decision) -> date | None:
    revocation = getattr(decision, "revocation", None)
    return revocation.effective_on if revocation else None
