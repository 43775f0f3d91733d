"""The postbox of a person or organisation. Opening a document is a POST: it has legal effect (VwVfG § 41 (2a))."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.door import for_account
from accounts.people import Applicant
from foundation import audit, paging, scope
from foundation.files.download import as_download
from foundation.files.models import StoredFile
from postbox import use_cases
from postbox.errors import PostboxError
from postbox.models import PostboxItem


@require_safe
@never_cache
@for_account
def items(request: HttpRequest, person: Applicant) -> HttpResponse:
    with scope.for_person(person, read_only=True):
        own = PostboxItem.objects.of_party(person.party_id).select_related("authority")
        page = paging.newest_first(own, "provided_at", after=request.GET.get(paging.AFTER, ""))
    return render(request, "postbox/list.html", {"page": page})


@require_safe
@never_cache
@for_account
def item(request: HttpRequest, person: Applicant, item_id: UUID) -> HttpResponse:
    """That there is a document, from whom and until when it has to be opened; its content only afterwards."""
    with scope.for_person(person, read_only=True):
        found = _own_item(person, item_id)
    return render(request, "postbox/item.html", {"item": found, "authority": found.authority})


@require_POST
@for_account
def retrieve(request: HttpRequest, person: Applicant, item_id: UUID) -> HttpResponse:
    with scope.for_person(person):
        use_cases.retrieve(_own_item(person, item_id), by_party=person)
    return redirect("postbox:item", item_id)


@require_safe
@never_cache
@for_account
def document(request: HttpRequest, person: Applicant, item_id: UUID) -> HttpResponse:
    """The notice as a file, once it was opened."""
    with scope.for_person(person, read_only=True):
        found = _own_item(person, item_id)
        if found.retrieved_at is None:
            raise PostboxError("not_retrieved", _("Öffnen Sie das Dokument zuerst in Ihrem Postfach."))
        stored = get_object_or_404(StoredFile, pk=found.file_id, subject_id=found.subject_id)
        response = as_download(stored, f"{found.title}.pdf")
    audit.record_access(
        "notice.read",
        authority_id=found.authority_id,
        object_kind="application",
        object_id=found.subject_id,
        actor_id=person.user_id,
        for_party_id=person.party_id,
        role="person",
        item=item_id,
    )
    return response


def _own_item(person: Applicant, item_id: UUID) -> PostboxItem:
    own = PostboxItem.objects.of_party(person.party_id).select_related("authority")
    return get_object_or_404(own, pk=item_id)
