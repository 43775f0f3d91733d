"""The person's folder beside a form: what may be attached from it, and what may be kept of a case."""

from uuid import UUID

from django.http import Http404, QueryDict
from django.urls import reverse

from accounts.folder import use_cases
from accounts.folder.details import Details
from accounts.folder.forms import title_from
from accounts.folder.queries import documents_of
from accounts.models import Document
from accounts.people import Applicant
from applications import reading
from applications.contents import name_of
from applications.following.door import own_case
from applications.models import Attachment
from forms_engine import api as engine
from foundation import files, scope

#: What a page calls the ticks of a file question, before the name of the question.
TICKS = "kept:"
#: The names of formats in form definitions.
_KINDS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


def kept_files_for(form: engine.StepForm, *, person: Applicant) -> list[engine.KeptFile]:
    """What of the folder may be attached in this step; in the person's scope. One query, for steps with files only."""
    if not any(slot.field.type.name == "file" for slot in form.slots):
        return []
    return [
        engine.KeptFile(
            id=str(each.document.pk),
            title=each.details.title,
            about=each.details.about,
            url=reverse("folder:file", args=[each.document.pk]),
            kind=_KINDS.get(each.document.file.media_type, ""),
            size=each.document.file.size,
            is_outdated=each.details.is_outdated,
        )
        for each in documents_of(person)
        if each.document.file.can_be_served
    ]


def chosen_in(posted: QueryDict) -> list[tuple[str, UUID]]:
    """(name of the question, document) of each tick; 404 for what no page of ours sends."""
    try:
        return [
            (name.removeprefix(TICKS), UUID(value))
            for name in posted
            if name.startswith(TICKS)
            for value in posted.getlist(name)
        ]
    except ValueError:
        raise Http404 from None


def keep_copy(reference: str, attachment_id: UUID, *, by: Applicant) -> Document:
    """A copy of a file of an own case in the folder; what it is, the person says afterwards. Opens its own scopes.

    Raises what `files.again` and `folder.keep` raise, and 404 for a file of somebody else.
    """
    with scope.for_person(by, read_only=True):
        application = own_case(by, reference)
        attached = Attachment.objects.filter(application_id=application.pk, pk=attachment_id)
        attachment = attached.select_related("file").first()
        if attachment is None:
            raise Http404
        name = name_of(application, attachment)
        taken = files.again(attachment.file, name=name, limits=use_cases.LIMITS)
    reading.note("attachment.read", application, by=by, attachment=attachment_id)
    files.require_room_at_authority(None, name)
    with scope.for_person(by):
        return use_cases.keep(taken, Details(Document.Kind.OTHER, title_from(name), name), by=by)
