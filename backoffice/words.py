"""How clerks read a case: its state in a word, its due date in working days."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.models import Application
from applications.states import FINAL, State
from authorities import clock as calendar

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

DUE_SOON_WORKING_DAYS = 5


@dataclass(frozen=True)
class Badge:
    """A state in a word; `tone` and `icon` are KERN's names, an empty tone is neutral."""

    label: "str | _StrPromise"
    tone: str = ""
    icon: str = ""


BADGES = {
    State.RECEIVED: Badge(gettext_lazy("Neu"), "success", "add"),
    State.PROCESSING: Badge(gettext_lazy("In Bearbeitung"), "info", "autorenew"),
    State.ACTION_REQUIRED: Badge(gettext_lazy("Wartet auf Antwort")),
    State.COMPLETED: Badge(gettext_lazy("Entschieden"), "success", "check"),
    State.WITHDRAWN: Badge(gettext_lazy("Zurückgezogen")),
}


@dataclass(frozen=True)
class Due:
    """When a case has to be decided; `urgency` is empty, `soon` or `over`."""

    text: str
    urgency: str = ""


def badge_of(application: Application) -> Badge:
    return BADGES[State(application.state)]


def due_of(application: Application, today: date) -> Due:
    """In words; a case that waits for the applicant rests, a closed one has no due date."""
    if application.state in FINAL:
        return Due(_("erledigt"))
    if application.state == State.ACTION_REQUIRED:
        return Due(_("ruht"))
    left = calendar.working_days_between(today, application.due_on)
    if application.due_on < today:
        return Due(_overdue(-left), "over")
    if application.due_on == today:
        return Due(_("heute"), "soon")
    text = ngettext("in %(number)s Arbeitstag", "in %(number)s Arbeitstagen", left) % {"number": left}
    return Due(text, "soon" if left <= 1 else "")


def _overdue(number: int) -> str:
    if number == 0:
        return _("überfällig")
    return ngettext("%(number)s Arbeitstag überfällig", "%(number)s Arbeitstage überfällig", number) % {
        "number": number
    }
