"""Submitting: a draft becomes an application, once, in one transaction (architecture § 2.3).

The application takes the draft's id, so that a resent, doubled or retried submit meets the primary key and
is answered with the same reference. When this returns and the scope commits, the application is safe
whatever else dies.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.people import Applicant, CodeHolder
from applications import search, trail
from applications.contents import uploads_of
from applications.errors import ApplicationError, VersionConflict
from applications.filling.queries import unseen_steps
from applications.filling.use_cases import remove_file
from applications.models import Application, Draft, Transition
from applications.places import refuse_closed
from applications.states import State
from catalogue import privacy, tariffs
from catalogue.carried import on_version
from forms_engine import api as engine
from foundation import clock, outbox

_AMOUNT = re.compile(r"[0-9]{1,8}\.[0-9]{2}")
DELIVERIES = ("postbox", "letter")


@dataclass(frozen=True)
class Declaration:
    """What the person says on the last page (OZG § 9a): all was checked; how the notice may come.

    `delivery` is `postbox` (consent to retrieval, VwVfG § 41 (2a)) or `letter`; people without an account
    are not asked, since retrieval needs a sign-in.
    """

    seen_version: int
    confirmed: bool
    delivery: str
    language: str
    #: The fee that the page said: an amount as text, "" for none; None if the page said nothing of fees.
    seen_fee: str | None = None


class FeeChanged(ApplicationError):
    """Another fee holds now than the page said; nobody is charged what they were not shown."""


class NotDeclared(ApplicationError):
    """The last page lacks something that the person has to say; `missing` holds a sentence for each box, in order."""

    def __init__(self, missing: dict[str, str]) -> None:
        super().__init__("not_declared", " ".join(missing.values()), 422)
        self.missing = missing


class NotComplete(ApplicationError):
    """Answers are missing or wrong; `problems` says which."""

    def __init__(self, problems: list[engine.Problem]) -> None:
        super().__init__("not_complete", _("Es fehlen noch Angaben. Ergänzen Sie sie und senden Sie dann ab."), 422)
        self.problems = problems


def submit_application(draft: Draft, declaration: Declaration, *, by: Applicant | CodeHolder) -> Application:
    """Files the draft. Raises NotComplete, VersionConflict (somebody changed the draft since it was checked),
    FeeChanged (a rate began since), NotDeclared, or ApplicationError `closed` (too early, too late, for a while, or no
    place is left).
    """
    locked = Draft.objects.select_for_update(of=("self",)).visible_to(by).filter(pk=draft.pk).first()
    if locked is None:
        return already_submitted(draft, by=by)
    draft.answers, draft.version, draft.taken_over = locked.answers, locked.version, locked.taken_over
    if draft.version != declaration.seen_version:
        raise VersionConflict(
            "version_conflict",
            _("Die Angaben wurden inzwischen geändert. Prüfen Sie sie noch einmal und senden Sie dann ab."),
        )
    form, answers, uploads = engine.compiled(draft.form_version), draft.read_answers(), uploads_of(draft)
    # Before anything else that brings the page again: it would show the new fee without a word.
    _refuse_another_fee(draft, engine.effective(form, answers), declaration)
    if missing := _undeclared(draft, declaration, by):
        raise NotDeclared(missing)
    unseen = unseen_steps(draft, form, answers, language=declaration.language)
    if problems := unseen + engine.check(form, answers, uploads, language=declaration.language):
        raise NotComplete(problems)
    sent = engine.visible_uploads(form, answers, uploads)
    _refuse_infected(sent)
    # The draft stays: the office may open the service once more. A test takes no place.
    if not draft.is_test:
        refuse_closed(draft.offering, for_good=True)
    _leave_hidden_files(draft, uploads, sent)
    application = _file(draft, form, engine.effective(form, answers), declaration, by)
    locked.delete()
    return application


def _refuse_another_fee(draft: Draft, answers: dict[str, Any], declaration: Declaration) -> None:
    fee = fee_of(draft, answers, on=timezone.localdate(clock.now()))[0]
    if declaration.seen_fee is None or declaration.seen_fee == fee_as_text(fee):
        return
    raise FeeChanged(
        "fee_changed",
        _(
            "Die Gebühr hat sich geändert, seit Sie diese Seite geöffnet haben. Vorher: %(before)s. Jetzt: %(now)s. "
            "Sind Sie einverstanden? Dann senden Sie noch einmal ab."
        )
        % {"before": _in_euros(declaration.seen_fee), "now": _in_euros(fee_as_text(fee))},
    )


def _in_euros(said: str) -> str:
    """An amount for people; what is none came from no page of ours."""
    if not _AMOUNT.fullmatch(said):
        return _("keine Gebühr angezeigt")
    return f"{number_format(Decimal(said), 2, use_l10n=True, force_grouping=True)} €"


def fee_as_text(fee: Decimal | None) -> str:
    """The fee as the page hands it on; empty where none is known."""
    return "" if fee is None else str(fee)


def _undeclared(draft: Draft, declaration: Declaration, by: Applicant | CodeHolder) -> dict[str, str]:
    """All that is still to be said, so that nobody is sent back twice."""
    missing = {}
    if isinstance(by, Applicant) and declaration.delivery not in DELIVERIES:
        missing["delivery"] = (
            _("Wählen Sie, wie Sie die Antwort bekommen: im Postfach oder als Brief.")
            if draft.offering.is_answered
            else _("Wählen Sie, wie Sie den Bescheid bekommen: im Postfach oder als Brief.")
        )
    if not declaration.confirmed:
        missing["confirmed"] = _("Bestätigen Sie, dass Sie alle Angaben geprüft haben. Setzen Sie dazu das Häkchen.")
    return missing


def _refuse_infected(sent: engine.Uploads) -> None:
    """A file that still waits for the scanner may be sent, so that nobody misses a date by it; nobody opens it yet."""
    if any(upload.verdict == "infected" for uploads in sent.values() for upload in uploads):
        raise ApplicationError(
            "infected_file",
            _("In einer Ihrer Dateien ist Schadsoftware. Löschen Sie sie und laden Sie eine andere hoch."),
            422,
        )


def _leave_hidden_files(draft: Draft, uploads: engine.Uploads, sent: engine.Uploads) -> None:
    """Files of questions that are hidden in the end, or of removed instances, are neither sent nor kept."""
    for name in uploads.keys() - sent.keys():
        for upload in uploads[name]:
            remove_file(draft, UUID(upload.id))


def already_submitted(draft: Draft, *, by: Applicant | CodeHolder) -> Application:
    """The application that this draft has become, if it has."""
    application = Application.objects.visible_to(by).for_pages().filter(pk=draft.pk).first()
    if application is None:
        raise ApplicationError("gone", _("Diesen Entwurf gibt es nicht mehr."), status=404)
    return application


def _file(
    draft: Draft,
    form: engine.CompiledForm,
    answers: dict[str, Any],
    declaration: Declaration,
    by: Applicant | CodeHolder,
) -> Application:
    offering = draft.offering
    # The instant by which the deadline was judged: a request that waited for its row arrived before it did (fault F27).
    now = clock.now()
    today = timezone.localdate(now)
    name = engine.applicant_name(form, answers) or _("Ohne Namen")
    application = Application(
        id=draft.pk,
        authority=draft.authority,
        offering=offering,
        form_version=draft.form_version,
        form_sha256=draft.form_version.sha256,
        reference=draft.reference,
        is_test=draft.is_test,
        party_id=draft.party_id,
        access_digest=draft.access_digest,
        acting_user_id=by.user_id if isinstance(by, Applicant) else None,
        answers_sha256=answers_digest(answers),
        language=declaration.language,
        submitted_at=now,
        changed_at=now,
        level=offering.level,
        fee=fee_of(draft, answers, on=today)[0],
        privacy_notice=privacy.notice_of(offering, declaration.language, version=draft.form_version).as_data(),
        retrieval_consent=isinstance(by, Applicant) and declaration.delivery == "postbox",
        due_on=offering.due_on(today),
    )
    application.answers = application.seal("answers", answers)
    application.applicant_name = application.seal("applicant_name", name)
    if email := engine.contact_email(form, answers):
        application.contact_email = application.seal("contact_email", email)
    application.save(force_insert=True)
    Transition.objects.create(
        application=application,
        no=1,
        from_state=State.INITIATED,
        to_state=State.SUBMITTED,
        actor=Transition.Actor.APPLICANT,
        actor_id=application.acting_user_id,
    )
    search.index(application, name, *engine.searchable(form, answers))
    form_version = str(draft.form_version_id)
    trail.record("application.submitted", application, by_id=application.acting_user_id, form_version=form_version)
    for kind in ("route", "receipt", "notify.received"):
        outbox.put(kind, authority_id=application.authority_id, subject_id=application.pk)
    return application


def fee_of(draft: Draft, answers: dict[str, Any], *, on: date) -> tuple[Decimal | None, dict[str, Any]]:
    """What sending these (effective) answers on this day costs, and the tariff that says so."""
    moved = on_version(draft.offering, draft.form_version)
    return tariffs.expected(draft.offering, answers, submitted_on=on, moved=moved)


def answers_digest(answers: dict[str, Any]) -> str:
    """SHA-256 of the answers, independent of how their JSON was written."""
    text = json.dumps(answers, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
