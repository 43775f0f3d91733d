"""The services of an authority for those who answer for their texts: which ones must be looked through again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.people import Clerk
from authorities.models import Authority
from backoffice.access import author_page
from catalogue import queries, use_cases
from catalogue.models import Offering
from foundation import paging, scope


@require_GET
@author_page
def services(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    with scope.for_person(clerk, read_only=True):
        authority = Authority.objects.get(pk=clerk.authority_id)
        page = {
            "authority": authority,
            "overdue": queries.overdue_reviews(clerk.authority_id)[: paging.SIZE],
            "page": paging.in_this_order(
                queries.entries(authority), lambda entry: entry.service.pk, after=request.GET.get(paging.AFTER, "")
            ),
        }
        return render(request, "backoffice/services.html", page)


@require_POST
@author_page
def note_review(request: HttpRequest, clerk: Clerk, offering_id: UUID) -> HttpResponse:
    """The author has looked through the texts of a service."""
    with scope.for_person(clerk):
        offering = get_object_or_404(Offering, pk=offering_id, authority_id=clerk.authority_id)
        use_cases.note_review(offering, by_id=clerk.user_id)
    messages.success(request, _("Die Prüfung ist eingetragen. Die nächste ist in einem Jahr."))
    return redirect("backoffice:services")
