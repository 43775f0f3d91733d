"""The inbox."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.people import Clerk
from applications.deciding.use_cases import take_over
from applications.errors import ApplicationError
from authorities.models import Authority
from backoffice.access import staff_page
from backoffice.queries import inbox as queries
from backoffice.queries.case import cases_of
from backoffice.queries.filters import STATES, VIEWS, Filters
from backoffice.queries.troubles import rows_of
from backoffice.words import BADGES
from foundation import scope


@require_GET
@staff_page
def inbox(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    filters = Filters.of(request.GET)
    with scope.for_person(clerk, read_only=True):
        names = queries.colleagues_of(clerk)
        context: dict[str, Any] = {
            "authority": Authority.objects.get(pk=clerk.authority_id),
            "departments": queries.departments_of(clerk),
            "late": queries.late_for(clerk),
            "troubles": rows_of(clerk).count(),
            "tabs": queries.tabs(filters, clerk),
            "page": queries.page(filters, clerk, names=names),
            "choices": queries.choices(clerk, names),
            "states": [(state, BADGES[state].label) for state in STATES],
            "filters": filters,
            "view_label": VIEWS[filters.view],
            "list_query": filters.query(),
        }
        return render(request, "backoffice/inbox.html", context)


@require_POST
@staff_page
def filter_inbox(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Turns what was chosen and typed into an address without names: the search goes in as digests."""
    filters = Filters.of(request.POST)
    if text := request.POST.get("q", "").strip():
        with scope.for_person(clerk, read_only=True):
            filters = filters.searching(text, Authority.objects.get(pk=clerk.authority_id))
    return redirect(f"{reverse('backoffice:inbox')}?{filters.query()}")


@require_POST
@staff_page
def take_over_selected(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Takes over each chosen case in a scope of its own and tells what came of each."""
    chosen = sorted(filter(None, map(as_uuid, request.POST.getlist("select"))))[: queries.PAGE_SIZE]
    if not chosen:
        messages.warning(request, _("Wählen Sie mindestens einen Vorgang aus."))
    for case_id in chosen:
        _take_over_one(request, clerk, case_id)
    filters = Filters.of(request.POST)
    return redirect(f"{reverse('backoffice:inbox')}?{filters.query(after=filters.after)}")


def _take_over_one(request: HttpRequest, clerk: Clerk, case_id: UUID) -> None:
    try:
        with scope.for_person(clerk):
            case = cases_of(clerk).filter(pk=case_id).first()
            if case is None:
                return
            reference = case.reference
            take_over(case, by=clerk)
    except ApplicationError as error:
        messages.error(request, f"{reference}: {error.sentence}")
    else:
        messages.success(request, _("%(reference)s: Sie haben den Vorgang übernommen.") % {"reference": reference})


def as_uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
