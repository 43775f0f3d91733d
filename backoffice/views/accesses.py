"""The read log for the data protection officer: who looked at a case. Nothing of what stands in the case."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.people import Clerk
from applications import reading
from applications.models import Application
from authorities.models import Authority
from backoffice.access import officer_page
from foundation import scope
from foundation.ids import parse_reference


@require_safe
@officer_page
def accesses(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Asked for by the number of the case; the look is noted in the log that it reads."""
    asked = request.GET.get("vorgang", "").strip()[:40]
    after = reading.Place.of(request.GET.get("nach", ""))
    with scope.for_person(clerk, read_only=True):
        page: dict[str, object] = {"authority": Authority.objects.get(pk=clerk.authority_id), "asked": asked}
        cases = Application.objects.filter(authority_id=clerk.authority_id, reference=parse_reference(asked) or asked)
        case = (
            cases.only("id", "reference", "authority_id", "party_id", "department_id", "is_test").first()
            if asked
            else None
        )
        if case:
            log = reading.all_looks(case.pk, after=after)
            page |= {"case": case, "log": log, "after": after}
            page["next_query"] = urlencode({"vorgang": asked, "nach": str(log.after)}) if log.after else ""
        response = render(request, "backoffice/accesses.html", page, status=200 if case or not asked else 404)
    if case:
        reading.note("readlog.read", case, by=clerk)
    return response
