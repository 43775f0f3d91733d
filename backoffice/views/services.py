"""The services of an authority for those who answer for their texts: which ones must be looked through again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.people import Clerk
from authorities.models import Authority
from backoffice.access import author_page
from catalogue import queries
from foundation import scope


@require_GET
@author_page
def services(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    with scope.for_person(clerk, read_only=True):
        authority = Authority.objects.get(pk=clerk.authority_id)
        page = {
            "authority": authority,
            "overdue": queries.overdue_reviews(clerk.authority_id),
            "entries": queries.entries(authority),
            "for_authors": True,
        }
        return render(request, "backoffice/services.html", page)
