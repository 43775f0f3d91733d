"""The versions of a form: all of them, one to read, two compared."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.people import Clerk
from applications.carrying.trying import on_versions
from applications.carrying.use_cases import offer_to_drafts
from authorities.models import Authority
from backoffice.access import author_page
from backoffice.designing.queries import entry as form_entry
from backoffice.releasing import queries
from forms_engine.comparing import compare
from foundation import paging, scope


@require_GET
@author_page
def versions(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    """All versions, the newest first and page by page, with who, when and why."""
    with scope.for_person(clerk, read_only=True):
        page = _page(clerk, form_id)
        found = queries.versions(page["entry"].form)
        page["page"] = paging.in_this_order(found, lambda each: each.pk, after=request.GET.get(paging.AFTER, ""))
        page["versions"] = queries.with_people(page["page"].rows)
        page["numbers"] = [each.no for each in found]
    newest = page["entry"].published
    page["drafts_behind"] = newest and sum(
        each.drafts for each in on_versions(form_id, authority_id=clerk.authority_id) if each.no < newest.no
    )
    return render(request, "backoffice/releasing/versions.html", page)


@require_POST
@author_page
def offer(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    """Offers the newest version to the drafts that are on older ones; each person decides."""
    with scope.for_person(clerk, read_only=True):
        entry = form_entry(clerk.authority_id, form_id)
    number = offer_to_drafts(entry.form, by=clerk) if entry.published else 0
    messages.success(
        request,
        ngettext(
            "Die neue Version ist %(number)s Entwurf angeboten.",
            "Die neue Version ist %(number)s Entwürfen angeboten.",
            number,
        )
        % {"number": number},
    )
    return redirect("backoffice:form-versions", form_id)


@require_GET
@author_page
def version(request: HttpRequest, clerk: Clerk, form_id: UUID, no: int) -> HttpResponse:
    """One version, readable for ever: every question with all that it says."""
    with scope.for_person(clerk, read_only=True):
        page = _page(clerk, form_id)
        shown = queries.version(page["entry"].form, no)
        return render(
            request, "backoffice/releasing/version.html", page | {"version": shown, "places": queries.places(shown)}
        )


@require_GET
@author_page
def difference(request: HttpRequest, clerk: Clerk, form_id: UUID) -> HttpResponse:
    """What differs between the versions `von` and `bis`."""
    with scope.for_person(clerk, read_only=True):
        page = _page(clerk, form_id)
        before, after = (
            queries.version(page["entry"].form, _number(request.GET.get(name, ""))) for name in ("von", "bis")
        )
        changes = compare(before.definition, after.definition)
        return render(
            request,
            "backoffice/releasing/difference.html",
            page | {"before": before, "after": after, "changes": changes},
        )


def _page(clerk: Clerk, form_id: UUID) -> dict[str, Any]:
    return {
        "authority": Authority.objects.get(pk=clerk.authority_id),
        "entry": form_entry(clerk.authority_id, form_id),
    }


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise Http404
    return int(text)
