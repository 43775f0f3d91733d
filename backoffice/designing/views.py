"""The list of an authority's forms, and one form with its versions."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.people import Clerk
from authorities.models import Authority
from backoffice.access import author_page
from backoffice.designing import queries
from foundation import paging, scope


@require_GET
@author_page
def forms(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    with scope.for_person(clerk, read_only=True):
        page = {
            "authority": Authority.objects.get(pk=clerk.authority_id),
            "page": paging.in_this_order(
                queries.entries(clerk.authority_id),
                lambda entry: entry.form.pk,
                after=request.GET.get(paging.AFTER, ""),
            ),
        }
        return render(request, "backoffice/designing/forms.html", page)


@require_GET
@author_page
def form(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    with scope.for_person(clerk, read_only=True):
        entry = queries.entry(clerk.authority_id, form_id)
        page = {
            "authority": Authority.objects.get(pk=clerk.authority_id),
            "entry": entry,
            "holder": queries.holder(entry, clerk.user_id),
            "offerings": queries.used_in(entry.form),
            "lists": queries.lists_of(entry.newest) if entry.newest else [],
            "steps": queries.steps_of(entry.newest) if entry.newest else [],
        }
        return render(request, "backoffice/designing/form.html", page)
