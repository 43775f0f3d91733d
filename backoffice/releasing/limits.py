"""When a service takes applications, and how many: set by the authors of its authority."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.people import Clerk
from authorities.models import Authority
from backoffice.access import author_page
from backoffice.releasing.forms import LimitsForm
from catalogue import opening
from catalogue.models import Offering
from foundation import scope


@require_http_methods(["GET", "HEAD", "POST"])
@author_page
def limits(request: HttpRequest, clerk: Clerk, offering_id: UUID) -> HttpResponse:
    try:
        with scope.for_person(clerk, read_only=request.method != "POST"):
            offering = get_object_or_404(
                Offering.objects.select_related("service"), pk=offering_id, authority_id=clerk.authority_id
            )
            page = {
                "authority": Authority.objects.get(pk=clerk.authority_id),
                "offering": offering,
                "taken": opening.taken(offering),
            }
            names = ("open_from", "open_until", "max_submissions")
            form = LimitsForm(request.POST or None, initial={name: getattr(offering, name) for name in names})
            if request.method != "POST" or not form.is_valid():
                status = 422 if form.errors else 200
                return render(request, "backoffice/releasing/limits.html", page | {"form": form}, status=status)
            opening.set_limits(offering, opening.Limits(**form.cleaned_data), by_id=clerk.user_id)
    except opening.NotSet as error:
        form.add_error("open_until", error.sentence)
        return render(request, "backoffice/releasing/limits.html", page | {"form": form}, status=error.status)
    messages.success(request, _("Die Annahme ist geregelt."))
    return redirect("backoffice:services")
