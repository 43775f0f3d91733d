"""Files that come with a step: looked into outside of any transaction, and kept in one of their own.

So a file stays whatever becomes of the rest of the page, and no transaction waits for the scanner.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from accounts.folder.queries import document_of
from accounts.people import Applicant, Person
from applications.filling import use_cases
from applications.models import Draft
from forms_engine import api as engine
from foundation import files, scope
from foundation.errors import PortalError

MEDIA_TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}


@dataclass
class Received:
    """What became of the files: (name of the field, sentence) of those refused, and what was done to others.

    `retry_after`: in how many seconds those that the portal could not keep should be sent again.
    """

    refused: list[tuple[str, str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    status: int = 200
    retry_after: int | None = None


def receive(sent: MultiValueDict[str, UploadedFile], *, draft: Draft, person: Person) -> Received:
    """Keeps each file at its field of the draft. Opens its own scopes."""
    definition, received = engine.compiled(draft.form_version), Received()
    for name, uploads in sent.lists():
        place = engine.file_field(definition, name)
        if place is None:
            continue
        for upload in uploads:
            try:
                received.told += _keep(upload, name, place, draft, person)
            except PortalError as error:
                received.refused.append((name, error.sentence))
                received.status = max(received.status, error.status if error.status >= 500 else 200)
                received.retry_after = received.retry_after or error.retry_after
    return received


def receive_kept(chosen: Sequence[tuple[str, UUID]], *, draft: Draft, person: Applicant, received: Received) -> None:
    """Copies documents of the person's folder to fields of the draft; (name of the field, document). 404 for a document
    or field that there is not. Opens its own scopes.
    """
    definition = engine.compiled(draft.form_version)
    files.require_room_at_authority(draft.authority_id, "")
    for name, document_id in chosen:
        place = engine.file_field(definition, name)
        with scope.for_person(person, read_only=True):
            kept = document_of(person, document_id)
        if place is None or kept is None:
            raise Http404
        try:
            taken = files.again(kept.document.file, name=kept.details.name, limits=_limits(place))
            with scope.for_person(person):
                use_cases.attach_file(draft, taken, path=name, most=place.limits["max_files"])
        except PortalError as error:
            received.refused.append((name, error.sentence))
            continue
        if kept.details.is_outdated:
            received.told.append(
                _("„%(title)s“ ist abgelaufen. Prüfen Sie, ob das Dokument noch richtig ist.")
                % {"title": kept.details.title}
            )


def _limits(place: engine.Field) -> files.Limits:
    return files.Limits(
        max_bytes=place.limits["max_size_mb"] * 1_000_000,
        media_types=tuple(MEDIA_TYPES[kind] for kind in place.limits["accept"]),
    )


def _keep(upload: UploadedFile, path: str, place: engine.Field, draft: Draft, person: Person) -> tuple[str, ...]:
    files.require_room_at_authority(draft.authority_id, upload.name or "")
    taken = files.take(upload, name=upload.name or "", limits=_limits(place))
    with scope.for_person(person):
        use_cases.attach_file(draft, taken, path=path, most=place.limits["max_files"])
    return taken.told
