"""Filling in: a draft begins, is saved step by step, and is taken into the account at sign-in.

Every save names the version of the draft that the person saw. Files are stored first and named by the
answers afterwards, so that a faulty step loses none.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.people import Applicant
from applications.errors import ApplicationError, VersionConflict
from applications.models import Attachment, Draft
from applications.models.draft import TakenOver
from applications.places import refuse_closed
from catalogue.models import Offering
from forms_engine.models import FormVersion
from foundation import audit, clock, erasure, files, scope
from foundation.ids import TEST_PREFIX, code_digest, new_code, new_id, new_reference

KEPT_FOR = timedelta(days=90)
#: Of removing what has expired: below the time limit of a task. One address alone can begin 17,280 drafts a day, so a
#: run takes what it can, and there are many.
LONGEST_RUN_SECONDS = 10.0
MOST_IN_A_RUN = 5000
#: From the last save, and once more from the sending on.
TESTS_KEPT_FOR = timedelta(days=30)
_TRIES_FOR_A_REFERENCE = 5
logger = logging.getLogger(__name__)


def begin_draft(
    offering: Offering,
    *,
    by: Applicant | None,
    fill: Callable[[Draft], TakenOver] | None = None,
    is_test: bool = False,
) -> tuple[Draft, str | None]:
    """A new draft on the newest published version. Without an account (`by` None) the second value is the
    access code: shown to the person, kept as a digest only. `fill` says what the draft begins with.
    Opens its own scope. Raises ApplicationError `closed` while the service takes no applications. A test
    (`applications.testing`) is begun before a service opens, too.
    """
    code = None if by else new_code()
    digest = code_digest(code) if code else None
    with scope.party(by.party_id) if by else scope.code(digest or b""):
        if not is_test:
            refuse_closed(offering)
        draft = Draft(
            id=new_id(),
            authority=offering.authority,
            offering=offering,
            form_version=_version_for_new_drafts(offering, is_test=is_test),
            party_id=by.party_id if by else None,
            acting_user_id=by.user_id if by else None,
            access_digest=digest,
            is_test=is_test,
        )
        taken = fill(draft) if fill else None
        draft.answers = draft.seal("answers", taken.answers if taken else {})
        if taken:
            draft.taken_over = draft.seal("taken_over", taken.as_data())
        _insert_with_a_free_reference(draft)
    return draft, code


def _version_for_new_drafts(offering: Offering, *, is_test: bool) -> FormVersion:
    published = FormVersion.objects.filter(form=offering.form_id, published_at__isnull=False).order_by("-no").first()
    if published is None or not (offering.is_active or is_test):
        raise ApplicationError("not_offered", _("Diese Leistung gibt es zurzeit nicht online."), status=404)
    return published


def _insert_with_a_free_reference(draft: Draft) -> None:
    now = clock.now()
    draft.expires_at = now + kept_for(draft)
    prefix = TEST_PREFIX if draft.is_test else draft.authority.reference_prefix
    for tries_left in reversed(range(_TRIES_FOR_A_REFERENCE)):
        draft.reference = new_reference(prefix, now.year)
        try:
            with transaction.atomic():
                draft.save(force_insert=True)
            return
        except IntegrityError:
            if not tries_left:
                raise


def kept_for(draft: Draft) -> timedelta:
    """How long a draft stays after it was saved."""
    return TESTS_KEPT_FOR if draft.is_test else KEPT_FOR


def save_answers(draft: Draft, answers: Mapping[str, Any], *, seen_version: int, checked: str = "") -> Draft:
    """Keeps the answers if nobody saved since `seen_version`; raises VersionConflict otherwise.

    `checked` is the key of a step that the person has looked at: what was taken over there is theirs from now on.
    """
    sealed = draft.seal("answers", dict(answers))
    taken_over = _without_step(draft, checked)
    saved = Draft.objects.filter(pk=draft.pk, version=seen_version).update(
        answers=sealed,
        taken_over=taken_over,
        version=F("version") + 1,
        saved_at=Now(),
        expires_at=Now() + kept_for(draft),
    )
    if not saved:
        raise VersionConflict(
            "version_conflict",
            _("Diesen Antrag hat jemand in der Zwischenzeit geändert. Vergleichen Sie beide Fassungen."),
        )
    draft.answers, draft.version, draft.taken_over = sealed, seen_version + 1, taken_over
    return draft


def _without_step(draft: Draft, step_key: str) -> bytes | memoryview | None:
    taken = draft.read_taken_over() if step_key else None
    if taken is None or step_key not in taken.to_check:
        return draft.taken_over
    left = replace(taken, to_check=[key for key in taken.to_check if key != step_key])
    return draft.seal("taken_over", left.as_data())


def attach_file(draft: Draft, taken: files.Taken, *, path: str, most: int) -> Attachment:
    """Stores a file that passed the gate at a field of the draft, of which there are `most` at the most.

    The same file sent twice stays one. Raises files.FileRefused or ApplicationError with the sentence to show.
    """
    # The lock keeps two uploads at once from counting one another out.
    if not Draft.objects.select_for_update(of=("self",)).filter(pk=draft.pk).exists():
        raise ApplicationError("gone", _("Diesen Entwurf gibt es nicht mehr."), status=404)
    attached = Attachment.objects.filter(application_id=draft.pk, path=path)
    if same := attached.filter(file__sha256=taken.sha256).first():
        return same
    if attached.count() >= most:
        raise ApplicationError(
            "too_many_files",
            ngettext(
                "Hier ist höchstens %(most)d Datei möglich. Löschen Sie zuerst die andere.",
                "Hier sind höchstens %(most)d Dateien möglich. Löschen Sie zuerst eine andere.",
                most,
            )
            % {"most": most},
        )
    drafts = Draft.objects.filter(party_id=draft.party_id).values_list("pk", flat=True) if draft.party_id else ()
    files.require_room_for(taken, subject_id=draft.pk, of_person=drafts)
    stored = files.store(taken, authority_id=draft.authority_id, keyset=draft.authority.keyset, subject_id=draft.pk)
    attachment = Attachment(
        id=new_id(), application_id=draft.pk, authority_id=draft.authority_id, path=path, file=stored
    )
    attachment.name = draft.seal(f"attachment:{attachment.pk}", taken.name)
    attachment.save(force_insert=True)
    return attachment


def remove_file(draft: Draft, attachment_id: UUID) -> None:
    """Takes a file out of the draft and off the disk; a file that is not there is no error."""
    attachment = Attachment.objects.filter(application_id=draft.pk, pk=attachment_id).select_related("file").first()
    if attachment is not None:
        attachment.delete()
        files.delete(attachment.file)


def discard_draft(draft: Draft) -> None:
    """Removes a draft with its files, for good: the person asked for it, or it expired."""
    for attachment in Attachment.objects.filter(application_id=draft.pk).select_related("file"):
        attachment.delete()
        files.delete(attachment.file)
    erasure.write_down("draft", draft.pk, authority_id=draft.authority_id, reason="discarded")
    audit.record("draft.discarded", authority_id=draft.authority_id, object_kind="draft", object_id=draft.pk)
    draft.delete()


def take_into_account(codes: Mapping[str, str], *, by: Applicant) -> list[UUID]:
    """The drafts that these codes open now belong to the account; the codes open them no longer.

    Opens its own scope: no single one may see a row both before (by code) and after (by party).
    """
    digests = [digest for code in codes.values() if (digest := code_digest(code))]
    with scope.system("take drafts into the account at sign-in"):
        drafts = list(Draft.objects.filter(pk__in=list(codes), access_digest__in=digests).values_list("pk", flat=True))
        Draft.objects.filter(pk__in=drafts).update(party_id=by.party_id, acting_user_id=by.user_id, access_digest=None)
    return drafts


def discard_expired_drafts() -> int:
    """Removes drafts past their date, the oldest first, for as long as one run may take; the number of them. For beat.

    Each in a commit of its own: what was removed stays removed when time is over, and one that fails keeps no other.
    """
    until, removed = time.monotonic() + LONGEST_RUN_SECONDS, 0
    with scope.system("look which drafts have expired", read_only=True):
        expired = Draft.objects.filter(expires_at__lt=Now()).order_by("expires_at")
        found = list(expired.values_list("pk", flat=True)[:MOST_IN_A_RUN])
    for draft_id in found:
        if time.monotonic() >= until:
            break
        # Whatever is wrong with one draft, the others have waited for ninety days.
        try:
            removed += _discard_expired(draft_id)
        except Exception as error:  # noqa: BLE001
            logger.error("filling: draft %s has expired and stays: %s", draft_id, type(error).__name__)
    return removed


def _discard_expired(draft_id: UUID) -> bool:
    """Whether it is gone by this: its person may have saved it meanwhile, or work on it."""
    with scope.system("remove a draft that has expired"):
        waiting = Draft.objects.select_for_update(skip_locked=True).filter(pk=draft_id, expires_at__lt=Now())
        draft = waiting.first()
        if draft is not None:
            discard_draft(draft)
    return draft is not None
