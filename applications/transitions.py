"""The one door through which an application changes its state (architecture, law 1)."""

from uuid import UUID

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.people import Applicant, Clerk, CodeHolder, Person
from applications.errors import ApplicationError
from applications.models import Application, Transition
from applications.states import LEGAL, State


def lock(application: Application) -> Application:
    """The row as it is now, locked until the scope ends. Use cases lock first, then check, then change."""
    locked = Application.objects.select_for_update(of=("self",)).for_pages().filter(pk=application.pk).first()
    if locked is None:
        raise ApplicationError("gone", _("Diesen Vorgang finden wir nicht. Prüfen Sie die Nummer."), status=404)
    return locked


def can_move(application: Application, to_state: State) -> bool:
    return (State(application.state), to_state) in LEGAL


def move(application: Application, to_state: State, *, by: Person | None, reason: str = "") -> None:
    """Writes the transition and the new state of a locked row; `by` None is the portal itself.

    Raises ApplicationError `illegal_transition` where the table of states knows no such step; the
    caller saves other changed fields itself.
    """
    if not can_move(application, to_state):
        raise ApplicationError(
            "illegal_transition",
            _("Das geht bei diesem Stand nicht mehr. Laden Sie die Seite neu und sehen Sie den neuen Stand an."),
        )
    actor, actor_id = _actor(by)
    Transition.objects.create(
        application=application,
        no=application.state_no + 1,
        from_state=application.state,
        to_state=to_state,
        actor=actor,
        actor_id=actor_id,
        reason=reason,
    )
    application.state, application.state_no, application.changed_at = to_state, application.state_no + 1, Now()
    application.save(update_fields=["state", "state_no", "changed_at"])


def _actor(by: Person | None) -> tuple[Transition.Actor, UUID | None]:
    match by:
        case Applicant(user_id=user_id):
            return Transition.Actor.APPLICANT, user_id
        case CodeHolder():
            return Transition.Actor.APPLICANT, None
        case Clerk(user_id=user_id):
            return Transition.Actor.CLERK, user_id
    return Transition.Actor.PORTAL, None
