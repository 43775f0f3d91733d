"""When a service takes applications, and how many: set by the authors of its authority; and closing it for a while."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.people import Clerk
from authorities.models import Authority
from backoffice.access import author_page
from backoffice.releasing.forms import CloseForm, LimitsForm
from catalogue import opening
from catalogue.models import Offering
from foundation import scope

_NAMES = ("open_from", "open_until", "max_submissions")


@require_http_methods(["GET", "HEAD", "POST"])
@author_page
def limits(request: HttpRequest, clerk: Clerk, offering_id: UUID) -> HttpResponse:
    """The page, and its deeds: limits, `close` with a reason, `reopen`."""
    action = request.POST.get("action", "limit")
    try:
        with scope.for_person(clerk, read_only=request.method != "POST"):
            offering = get_object_or_404(
                Offering.objects.select_related("service"), pk=offering_id, authority_id=clerk.authority_id
            )
            form = LimitsForm(
                request.POST if request.method == "POST" and action == "limit" else None,
                initial={name: getattr(offering, name) for name in _NAMES},
            )
            closing = CloseForm(
                request.POST if action == "close" else None,
                initial={"german": offering.closed_texts.get("de"), "english": offering.closed_texts.get("en")},
            )
            page = {
                "authority": Authority.objects.get(pk=clerk.authority_id),
                "offering": offering,
                "taken": opening.taken(offering),
                "form": form,
                "closing": closing,
            }
            done = _deed(request, action, offering, form, closing, by_id=clerk.user_id)
            if not done:
                status = 422 if form.errors or closing.errors else 200
                return render(request, "backoffice/releasing/limits.html", page, status=status)
    except opening.NotSet as error:
        form.add_error("open_until", error.sentence)
        return render(request, "backoffice/releasing/limits.html", page, status=error.status)
    messages.success(request, done)
    return redirect("backoffice:services")


def _deed(
    request: HttpRequest, action: str, offering: Offering, form: LimitsForm, closing: CloseForm, *, by_id: UUID
) -> str:
    """Does what was asked for; out: a sentence on it, empty if nothing was done."""
    if request.method != "POST":
        return ""
    if action == "reopen":
        opening.reopen(offering, by_id=by_id)
        return _("Der Online-Antrag ist wieder offen.")
    if action == "close":
        if not closing.is_valid():
            return ""
        opening.close(offering, **closing.cleaned_data, by_id=by_id)
        return _("Der Online-Antrag ist geschlossen. Entwürfe bleiben erhalten.")
    if not form.is_valid():
        return ""
    opening.set_limits(offering, opening.Limits(**form.cleaned_data), by_id=by_id)
    return _("Die Annahme ist geregelt.")
