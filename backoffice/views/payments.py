"""Whether a fee was paid: set by hand."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.people import Clerk
from applications.deciding.payments import note_payment
from applications.errors import ApplicationError
from applications.models import Decision
from backoffice.access import staff_page
from backoffice.forms import DayForm
from backoffice.queries.case import cases_of
from foundation import scope


@require_POST
@staff_page
def payment(request: HttpRequest, clerk: Clerk, reference: str, decision_id: UUID) -> HttpResponse:
    """Notes the day on which the fee was paid, or with `action=reopen` that it is open again."""
    reopen = request.POST.get("action") == "reopen"
    form = DayForm(request.POST)
    if not reopen and not form.is_valid():
        for _field, _label, sentence in form.error_list:
            messages.error(request, sentence)
        return redirect("backoffice:case", reference)
    try:
        with scope.for_person(clerk):
            application = get_object_or_404(cases_of(clerk), reference=reference)
            decision = get_object_or_404(
                Decision.objects.select_related("application"), application=application, pk=decision_id
            )
            note_payment(decision, paid_on=None if reopen else form.cleaned_data["day"], by=clerk)
    except ApplicationError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("Die Zahlung ist offen.") if reopen else _("Die Zahlung ist eingetragen."))
    return redirect("backoffice:case", reference)
