"""The inbox."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
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
            "here_query": filters.here,
            "all_selected": request.GET.get("auswahl") == "alle",
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
    """Takes over each chosen case in a scope of its own and tells, once for all, what came of them."""
    chosen = sorted(filter(None, map(as_uuid, request.POST.getlist("select"))))[: queries.PAGE_SIZE]
    if not chosen:
        messages.warning(request, _("Wählen Sie mindestens einen Vorgang aus."))
    taken: list[str] = []
    refused: dict[str, list[str]] = defaultdict(list)
    for case_id in chosen:
        if told := _take_over_one(clerk, case_id):
            reference, refusal = told
            (refused[refusal] if refusal else taken).append(reference)
    _tell(request, taken, refused)
    filters = Filters.of(request.POST)
    return redirect(f"{reverse('backoffice:inbox')}?{filters.here}")


def _take_over_one(clerk: Clerk, case_id: UUID) -> tuple[str, str] | None:
    """The reference of the case, with the sentence that refuses it, if one does; None where the clerk has no such."""
    try:
        with scope.for_person(clerk):
            case = cases_of(clerk).filter(pk=case_id).first()
            if case is None:
                return None
            reference = case.reference
            take_over(case, by=clerk)
    except ApplicationError as error:
        return reference, str(error.sentence)
    return reference, ""


def _tell(request: HttpRequest, taken: list[str], refused: Mapping[str, list[str]]) -> None:
    """One sentence for each way that it went: fifty of them would push the list off the screen."""
    if taken:
        sentence = ngettext(
            "%(reference)s: Sie haben den Vorgang übernommen.", "Sie haben %(number)s Vorgänge übernommen.", len(taken)
        )
        messages.success(request, sentence % {"reference": taken[0], "number": len(taken)})
    for refusal, references in refused.items():
        messages.error(request, f"{', '.join(references)}: {refusal}")


def as_uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
