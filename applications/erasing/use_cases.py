"""Erasing: a case leaves nothing but ids in the trail and in the list of erasures (GDPR Art. 5 (1) e, Art. 17)."""

from uuid import UUID

from django.db import connection

from applications.erasing import queries
from applications.filling.use_cases import discard_draft
from applications.models import Application, Draft
from foundation import audit, erasure, files, scope
from foundation.files.models import StoredFile
from foundation.outbox.models import OutboxRow
from postbox.models import PostboxItem

KIND = "application"
RETENTION = "retention"


@erasure.eraser(KIND)
def erase_application(application_id: UUID, reason: str) -> bool:
    """Removes a case whatever its state: answers, files, messages, notices, search terms, what still waits.

    True if it was there; in a restored database it may still be a draft. Opens its own scope. Once done it cannot be
    brought back, not by a restore either (`manage.py replay_erasures`).
    """
    with scope.system("erase a case for good"):
        case = Application.objects.select_for_update(of=("self",)).filter(pk=application_id).first()
        if case is None:
            return _erase_draft(application_id)
        erasure.write_down(KIND, application_id, authority_id=case.authority_id, reason=reason)
        audit.record(
            "application.erased",
            authority_id=case.authority_id,
            object_kind=KIND,
            object_id=application_id,
            reason=reason,
        )
        stored = list(StoredFile.objects.filter(subject_id=application_id))
        PostboxItem.objects.filter(subject_id=application_id).delete()
        OutboxRow.objects.filter(subject_id=application_id).delete()
        with connection.cursor() as cursor:
            cursor.execute("SELECT portal_erase_application(%s)", [application_id])
        for each in stored:
            files.delete(each)
    return True


def erase_past_retention(most: int = 200) -> int:
    """Erases closed cases that were kept for as long as their service says; the number of them. For beat."""
    return sum(erase_application(application_id, RETENTION) for application_id in queries.past_retention(most))


@erasure.eraser("draft")
def erase_draft(draft_id: UUID, reason: str) -> bool:
    """Removes a draft that its person had removed before; True if it was there. Opens its own scope."""
    with scope.system("erase a draft for good"):
        return _erase_draft(draft_id)


def _erase_draft(draft_id: UUID) -> bool:
    draft = Draft.objects.select_for_update(of=("self",)).filter(pk=draft_id).first()
    if draft is not None:
        discard_draft(draft)
    return draft is not None
