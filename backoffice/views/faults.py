"""After a fault: whom it touched, and one message to all of them."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.people import Clerk
from applications.errors import ApplicationError
from applications.telling.use_cases import announce
from authorities.models import Authority
from backoffice.access import CASE_ROLES, answering_page
from backoffice.faults import AnnouncementForm, FaultForm, first_words, last_hour
from backoffice.queries import faults as queries
from foundation import scope


@require_safe
@answering_page
def affected(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Choose service and period, see the touched cases, and begin to write."""
    with scope.for_person(clerk, read_only=True):
        services = queries.services_of(clerk)
        fault = FaultForm(request.GET or None, services=services, initial=last_hour())
        return _show(request, clerk, fault, None)


@require_POST
@answering_page
def tell_affected(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Shows how the message will look; sends it when that page says so; else goes back to writing."""
    action, form = request.POST.get("action"), AnnouncementForm(request.POST)
    with scope.for_person(clerk, read_only=True):
        fault = FaultForm(request.POST, services=queries.services_of(clerk))
        if not fault.is_valid() or not form.is_valid() or action == "change":
            return _show(request, clerk, fault, form)
        if action != "send":
            return _preview(request, clerk, fault, form)
    try:
        with scope.for_person(clerk):
            sent = announce(
                form.cleaned_data["announcement"],
                service=fault.service,
                period=fault.period,
                text=form.message,
                seen_number=form.cleaned_data["number"],
                by=clerk,
            )
    except ApplicationError as error:
        form.add_error(None, error.sentence)
        with scope.for_person(clerk, read_only=True):
            return _preview(request, clerk, fault, form, status=error.status)
    said = ngettext(
        "Ihre Nachricht geht jetzt zu %(number)s Vorgang.",
        "Ihre Nachricht geht jetzt zu %(number)s Vorgängen.",
        sent.number,
    )
    messages.success(request, said % {"number": sent.number})
    return redirect("backoffice:affected")


def _show(request: HttpRequest, clerk: Clerk, fault: FaultForm, form: AnnouncementForm | None) -> HttpResponse:
    """The page with the list; `form` is what was written so far."""
    page = _frame(clerk, fault, form) | {"sent": queries.sent_before(clerk)}
    if fault.is_bound and fault.is_valid():
        found = queries.found(clerk, service=fault.service, period=fault.period, after=request.GET.get("nach", ""))
        form = form or AnnouncementForm(initial=first_words(fault, page["authority"], found.number))
        chosen = {name: fault.data.get(name, "") for name in fault.fields}
        page |= {"found": found, "form": form, "next_query": urlencode(chosen | {"nach": found.after})}
    wrong = fault.errors or (form and form.errors)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, "backoffice/affected.html", page, status=status)


def _preview(
    request: HttpRequest, clerk: Clerk, fault: FaultForm, form: AnnouncementForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    """What people will read, and how many: the number that stands in this page is the one that may be sent to."""
    found = queries.found(clerk, service=fault.service, period=fault.period, after="")
    page = _frame(clerk, fault, form) | {"number": found.number}
    return render(request, "backoffice/affected_preview.html", page, status=status)


def _frame(clerk: Clerk, fault: FaultForm, form: AnnouncementForm | None) -> dict[str, Any]:
    return {
        "authority": Authority.objects.get(pk=clerk.authority_id),
        "fault": fault,
        "form": form,
        "for_operators": not clerk.roles & CASE_ROLES,
        "begin": reverse("backoffice:affected"),
    }
