"""What clerks do with an application: take it over, ask back, decide."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.people import Clerk
from applications import trail
from applications.errors import ApplicationError
from applications.models import Application, CorrectionRequest, Decision
from applications.states import FINAL, State
from applications.transitions import can_move, lock, move
from authorities import clock as calendar
from foundation import outbox
from foundation.ids import new_id
from postbox.models import PostboxItem


@dataclass(frozen=True)
class Ruling:
    """What is decided, and how it reaches the person; also what a preview of the notice is made of."""

    outcome: str
    reason: str
    regime: str
    fee: Decimal | None = None
    fee_due_on: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    place: str = ""
    conditions: str = ""

    def sha256(self, application: Application) -> str:
        """Of exactly what was decided on exactly which answers."""
        content = {**asdict(self), "answers_sha256": application.answers_sha256}
        return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def take_over(application: Application, *, by: Clerk) -> Application:
    """A clerk takes a new application. Taking over what is one's own and still open changes nothing."""
    application = lock(application)
    if application.state in FINAL:
        raise ApplicationError("closed", _("Dieser Vorgang ist schon erledigt. Wählen Sie einen anderen Vorgang."))
    if application.assignee_id == by.user_id:
        return application
    if application.assignee_id is not None:
        raise ApplicationError(
            "taken", _("Diesen Vorgang hat schon jemand anderes übernommen. Wählen Sie einen anderen Vorgang.")
        )
    move(application, State.PROCESSING, by=by)
    _assign(application, by)
    trail.record("application.taken-over", application, by_id=by.user_id)
    return application


def take_over_from_colleague(application: Application, *, colleague_id: UUID | None, by: Clerk) -> Application:
    """A clerk takes an open application from the colleague whom the clerk saw on it."""
    application = lock(application)
    if application.assignee_id != colleague_id or application.state not in (State.PROCESSING, State.ACTION_REQUIRED):
        raise ApplicationError(
            "changed", _("Dieser Vorgang hat sich inzwischen geändert. Sehen Sie den neuen Stand an.")
        )
    _assign(application, by)
    trail.record("application.taken-over", application, by_id=by.user_id, colleague=colleague_id)
    return application


def ask_back(
    application: Application,
    *,
    text: str,
    documents: list[str],
    due_on: date,
    by: Clerk,
    questions: list[str] | None = None,
    seen_no: int | None = None,
) -> CorrectionRequest:
    """Asks the applicant for what is missing; the application waits until they answer.

    `questions` are the paths of the questions that it is about, which the authors of the form count.
    `seen_no` is the number of the last transition that the clerk saw. Raises ApplicationError when
    somebody else acted meanwhile.
    """
    application = _lock_for_clerk(application, by, seen_no)
    if due_on <= calendar.today():
        raise ApplicationError("due_too_early", _("Geben Sie einen Tag an, der in der Zukunft liegt."), status=422)
    move(application, State.ACTION_REQUIRED, by=by)
    request = CorrectionRequest(
        id=new_id(),
        application=application,
        authority=application.authority,
        questions=questions or None,
        due_on=due_on,
        asked_by_id=by.user_id,
    )
    request.text = application.seal(f"correction:{request.pk}:text", text)
    request.documents = application.seal(f"correction:{request.pk}:documents", documents)
    request.save(force_insert=True)
    outbox.put(
        "notify.action_required",
        authority_id=application.authority_id,
        subject_id=application.pk,
        target=str(request.pk),
    )
    trail.record("application.asked-back", application, by_id=by.user_id, request=request.pk)
    return request


def decide(
    application: Application,
    *,
    outcome: str,
    reason: str,
    regime: str,
    fee: Decimal | None = None,
    fee_due_on: date | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
    place: str = "",
    conditions: str = "",
    by: Clerk,
    seen_no: int | None = None,
) -> Decision:
    """Decides and closes the application; the notice is made and delivered by workers.

    `seen_no` as in `ask_back`. Retrieval needs an express consent and a postbox (VwVfG § 41 (2a)). A permit may have
    a validity, a place and conditions (VwVfG § 36).
    """
    application = _lock_for_clerk(application, by, seen_no)
    ruling = Ruling(outcome, reason, regime, fee, fee_due_on, valid_from, valid_until, place, conditions)
    check_ruling(application, ruling)
    move(application, State.COMPLETED, by=by)
    decision = Decision(
        id=new_id(),
        application=application,
        authority=application.authority,
        no=application.decisions.count() + 1,
        outcome=outcome,
        fee=fee,
        fee_due_on=fee_due_on,
        valid_from=valid_from,
        valid_until=valid_until,
        regime=regime,
        content_sha256=ruling.sha256(application),
        by_id=by.user_id,
    )
    decision.reason = application.seal(f"decision:{decision.pk}:reason", reason)
    decision.place = application.seal(f"decision:{decision.pk}:place", place) if place else None
    decision.conditions = application.seal(f"decision:{decision.pk}:conditions", conditions) if conditions else None
    decision.save(force_insert=True)
    outbox.put("notice", authority_id=application.authority_id, subject_id=application.pk, target=str(decision.pk))
    trail.record(
        "application.decided", application, by_id=by.user_id, decision=decision.pk, outcome=outcome, regime=regime
    )
    return decision


def can_retrieve(application: Application) -> bool:
    """Whether the notice may be made known by retrieval: express consent, and a postbox to retrieve from."""
    return application.retrieval_consent and application.party_id is not None


def can_take_over(application: Application) -> bool:
    """Whether a clerk may take this application, which nobody has yet."""
    return application.assignee_id is None and can_move(application, State.PROCESSING)


def can_work_on(application: Application, clerk: Clerk) -> bool:
    """Whether this clerk may ask back or decide now."""
    return application.assignee_id == clerk.user_id and can_move(application, State.COMPLETED)


def outcomes_of(application: Application) -> list[Decision.Outcome]:
    """How this application can be decided; wishes and ideas are answered."""
    outcomes = Decision.Outcome
    if application.offering.is_answered:
        return [outcomes.ANSWERED]
    return [outcomes.APPROVED, outcomes.PARTIALLY, outcomes.REFUSED]


def check_ruling(application: Application, ruling: Ruling) -> None:
    """Raises ApplicationError where the law or plain sense forbids a ruling."""
    if ruling.regime == PostboxItem.Regime.RETRIEVAL and not can_retrieve(application):
        raise _refused(
            "no_consent", _("Für den Abruf im Postfach fehlt die Einwilligung. Wählen Sie Brief oder Abholung.")
        )
    if ruling.outcome not in outcomes_of(application):
        raise _refused("no_such_outcome", _("So lässt sich dieser Vorgang nicht entscheiden. Wählen Sie neu."))
    if (ruling.fee is None) != (ruling.fee_due_on is None):
        raise _refused("fee_incomplete", _("Geben Sie Betrag und Tag der Zahlung an, oder lassen Sie beides leer."))
    is_grant = ruling.outcome in (Decision.Outcome.APPROVED, Decision.Outcome.PARTIALLY)
    if not is_grant and (ruling.valid_from or ruling.valid_until or ruling.place or ruling.conditions):
        raise _refused(
            "nothing_granted",
            _("Gültigkeit, Ort und Auflagen gibt es nur bei einer Genehmigung. Leeren Sie die Felder."),
        )
    if ruling.fee is not None and ruling.outcome == Decision.Outcome.ANSWERED:
        raise _refused("answer_is_free", _("Eine Antwort kostet nichts. Lassen Sie Betrag und Tag der Zahlung leer."))
    if ruling.valid_until and (ruling.valid_from is None or ruling.valid_until < ruling.valid_from):
        raise _refused("validity_backwards", _("Geben Sie an, ab wann die Genehmigung gilt. Das Ende liegt danach."))


def _refused(code: str, sentence: str) -> ApplicationError:
    return ApplicationError(code, sentence, status=422)


def insist_on_own(application: Application, by: Clerk, *, seen_no: int | None) -> None:
    """Raises ApplicationError: `not_yours` unless this clerk has taken the case over, `changed` when the case went on
    since its transition `seen_no`.
    """
    if application.assignee_id != by.user_id:
        raise ApplicationError("not_yours", _("Diesen Vorgang bearbeiten gerade nicht Sie. Übernehmen Sie ihn zuerst."))
    if seen_no is not None and seen_no != application.state_no:
        raise ApplicationError(
            "changed", _("Dieser Vorgang hat sich inzwischen geändert. Sehen Sie den neuen Stand an.")
        )


def _lock_for_clerk(application: Application, by: Clerk, seen_no: int | None) -> Application:
    application = lock(application)
    insist_on_own(application, by, seen_no=seen_no)
    return application


def _assign(application: Application, clerk: Clerk) -> None:
    application.assignee_id = clerk.user_id
    application.save(update_fields=["assignee_id"])
