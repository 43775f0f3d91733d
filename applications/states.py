"""The states of an application and the transitions that are legal.

The words are those of the BundID status vocabulary, so that a citizen reads the same everywhere;
WITHDRAWN is ours. The database holds this table too (`LegalTransition`) and refuses everything else.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    INITIATED = "INITIATED", _("Entwurf, noch nicht abgesendet")
    SUBMITTED = "SUBMITTED", _("Abgesendet")
    RECEIVED = "RECEIVED", _("Angekommen")
    PROCESSING = "PROCESSING", _("Wird bearbeitet")
    ACTION_REQUIRED = "ACTION_REQUIRED", _("Wir brauchen etwas von Ihnen")
    COMPLETED = "COMPLETED", _("Entschieden")
    WITHDRAWN = "WITHDRAWN", _("Zurückgezogen")


OPEN = (State.SUBMITTED, State.RECEIVED, State.PROCESSING, State.ACTION_REQUIRED)
FINAL = (State.COMPLETED, State.WITHDRAWN)

LEGAL: frozenset[tuple[State, State]] = frozenset(
    {
        (State.INITIATED, State.SUBMITTED),
        (State.SUBMITTED, State.RECEIVED),
        (State.RECEIVED, State.PROCESSING),
        (State.PROCESSING, State.ACTION_REQUIRED),
        (State.ACTION_REQUIRED, State.PROCESSING),
        (State.PROCESSING, State.COMPLETED),
        *((state, State.WITHDRAWN) for state in OPEN),
    }
)
