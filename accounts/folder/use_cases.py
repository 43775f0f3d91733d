"""What happens to documents in the folder. In the scope of their party, unless it says otherwise."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.errors import AccountError
from accounts.folder import details as stored
from accounts.folder.details import KEYSET, Details
from accounts.folder.queries import own
from accounts.models import Document, Party
from accounts.people import Applicant
from foundation import audit, files
from foundation.ids import new_id

LIMITS = files.Limits()
MOST_DOCUMENTS = 50


def keep(taken: files.Taken, details: Details, *, by: Applicant) -> Document:
    """Puts a file that passed the gate into the folder; the same file twice stays one, as it was.

    Raises FileRefused, or AccountError `too_many_documents`.
    """
    # The lock keeps two uploads at once from counting one another out.
    Party.objects.select_for_update().get(pk=by.party_id)
    if same := own(by).filter(file__sha256=taken.sha256).first():
        return same
    if own(by).count() >= MOST_DOCUMENTS:
        raise AccountError(
            "too_many_documents",
            _("Mehr als %(most)d Unterlagen können Sie nicht behalten. Löschen Sie zuerst eine andere.")
            % {"most": MOST_DOCUMENTS},
        )
    files.require_room_for(taken, subject_id=by.party_id)
    file = files.store(taken, authority_id=None, keyset=KEYSET, subject_id=by.party_id)
    document = Document(id=new_id(), party_id=by.party_id, file=file)
    document.details = stored.sealed(document, details)
    document.save(force_insert=True)
    _record("document.kept", document, by)
    return document


def change(document: Document, details: Details, *, by: Applicant) -> None:
    """Another title, kind or day; the file stays."""
    document.details = stored.sealed(document, details)
    document.save(update_fields=["details"])
    _record("document.changed", document, by)


def remove(document: Document, *, by: Applicant) -> None:
    """For good. Copies in applications stay: they are the office's."""
    _record("document.removed", document, by)
    _delete(document)


def empty(parties: Iterable[UUID]) -> None:
    """Every document of these parties goes, with the account; in the system's scope."""
    for document in Document.objects.filter(party_id__in=list(parties)).select_related("file"):
        _delete(document)


def _delete(document: Document) -> None:
    document.delete()
    files.delete(document.file)


def _record(action: str, document: Document, by: Applicant) -> None:
    audit.record(
        action,
        authority_id=None,
        object_kind="document",
        object_id=document.pk,
        actor_id=by.user_id,
        for_party_id=by.party_id,
    )
