"""Deeds that take from an earlier application. Each view fetches through the person and calls one use case."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.door import for_account
from accounts.people import Applicant
from applications.errors import ApplicationError
from applications.following.door import unknown_case
from applications.once_only import copying, folder
from foundation import ids, limits
from foundation.errors import PortalError


@require_POST
@never_cache
@for_account
def copy(request: HttpRequest, person: Applicant, reference: str) -> HttpResponse:
    """Begins a new draft with the answers of a case; one that is no longer offered leads back with a sentence."""
    limits.insist_for_address("begin", request)
    known = ids.parse_reference(reference)
    if known is None:
        raise unknown_case()
    try:
        draft = copying.use_as_template(known, by=person)
    except ApplicationError as refusal:
        if refusal.code != "not_offered":
            raise
        messages.error(request, refusal.sentence)
        return redirect("following:case", known)
    return redirect("filling:task-list", draft.pk)


@require_POST
@never_cache
@for_account
def keep(request: HttpRequest, person: Applicant, reference: str, attachment_id: UUID) -> HttpResponse:
    """Puts a copy of a file of the case into the folder, and asks what it is."""
    known = ids.parse_reference(reference)
    if known is None:
        raise unknown_case()
    try:
        document = folder.keep_copy(known, attachment_id, by=person)
    except PortalError as refusal:
        if refusal.code == "unknown_case":
            raise
        messages.error(request, refusal.sentence)
        return redirect("following:case", known)
    messages.success(request, _("Die Kopie liegt in Ihren Unterlagen. Sagen Sie noch, was für ein Dokument das ist."))
    return redirect("folder:edit", document.pk)
