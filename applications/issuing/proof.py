"""What the check page says of a document: what was issued, and what holds today. Never who it was issued to."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.contents import permit_title_of, title_of
from applications.deciding.notice import decisions, place_of
from applications.deciding.revoking import GRANTS, revoked_from
from applications.issuing.use_cases import token_digest
from applications.models import Application, Decision, IssuedDocument
from authorities import clock as calendar
from authorities.models import Authority
from foundation import scope
from postbox.models import PostboxItem


class Force(StrEnum):
    """Whether a permit holds today. Before it was made known it does not (VwVfG § 43 (1))."""

    UNKNOWN_YET = "unknown_yet"
    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    ENDED = "ended"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Permit:
    force: Force
    valid_from: date
    valid_until: date | None
    place: str
    revoked_from: date | None


@dataclass(frozen=True)
class Proof:
    """All that leaves the house; a field that is not here cannot be shown by mistake."""

    kind: str
    title: str
    authority: Authority
    issued_on: date
    number: str
    permit: Permit | None
    is_test: bool = False


def proof_of(token: str) -> Proof | None:
    """What we issued under this token, as of today; None if nothing. Opens and closes the scopes it needs.

    The token opens its own row only. That row names the authority, and in its scope the portal reads the one decision.
    """
    digest = token_digest(token)
    with scope.code(digest, read_only=True):
        issued = IssuedDocument.objects.filter(access_digest=digest).first()
    if issued is None:
        return None
    with scope.authority(issued.authority_id, read_only=True):
        return _read(issued)


def _read(issued: IssuedDocument) -> Proof:
    application = Application.objects.for_pages().get(pk=issued.application_id)
    decision = decisions().filter(pk=issued.pk).first()
    permit = _permit(decision, issued.file_id) if decision and not application.is_test else None
    return Proof(
        kind=_("Testdokument, gilt nicht") if application.is_test else _kind_in_words(decision, permit),
        title=permit_title_of(application) if permit else title_of(application),
        authority=application.authority,
        # The day that stands on the document.
        issued_on=timezone.localdate(decision.at if decision else application.submitted_at),
        number=application.reference,
        permit=permit,
        is_test=application.is_test,
    )


def _kind_in_words(decision: Decision | None, permit: Permit | None) -> str:
    if decision is None:
        return _("Eingangsbestätigung")
    if decision.outcome == Decision.Outcome.ANSWERED:
        return _("Antwort")
    return _("Genehmigung") if permit else _("Bescheid")


def _permit(decision: Decision, file_id: UUID) -> Permit | None:
    """A grant for a time. What else was decided concerns nobody who holds the paper in hand."""
    if decision.outcome not in GRANTS or decision.valid_from is None:
        return None
    revoked = revoked_from(decision)
    known = PostboxItem.objects.filter(file_id=file_id, effective_on__lte=calendar.today()).exists()
    return Permit(
        force=_force(decision, calendar.today(), is_known=known, revoked_from=revoked),
        valid_from=decision.valid_from,
        valid_until=decision.valid_until,
        place=place_of(decision),
        revoked_from=revoked,
    )


def _force(decision: Decision, today: date, *, is_known: bool, revoked_from: date | None) -> Force:
    if revoked_from and revoked_from <= today:
        return Force.REVOKED
    if decision.valid_until and decision.valid_until < today:
        return Force.ENDED
    if not is_known:
        return Force.UNKNOWN_YET
    return Force.NOT_YET if decision.valid_from and decision.valid_from > today else Force.IN_FORCE
