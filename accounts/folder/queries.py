"""What lies in the folder of whoever asks; in their scope."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from accounts.folder import details as stored
from accounts.folder.details import Details
from accounts.models import Document
from accounts.people import Applicant


@dataclass(frozen=True)
class Kept:
    """A document with what it is, opened."""

    document: Document
    details: Details


def documents_of(person: Applicant) -> list[Kept]:
    """All of them, what was kept last first; one query."""
    return [Kept(each, stored.read(each)) for each in own(person)]


def own(person: Applicant) -> QuerySet[Document]:
    """The first wall: the documents of the party that the person acts for."""
    return Document.objects.filter(party_id=person.party_id).select_related("file")


def document_of(person: Applicant, document_id: UUID) -> Kept | None:
    """None for a document of somebody else, as for one that there is not."""
    found = own(person).filter(pk=document_id).first()
    return Kept(found, stored.read(found)) if found else None
