"""Whether a fee was paid: set by hand."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.people import Clerk
from applications.deciding.payments import note_payment
from applications.errors import ApplicationError
from applications.models import Decision
from backoffice.access import staff_page
from backoffice.forms import PaymentForm
from backoffice.queries.case import cases_of
from backoffice.views.back import to_case
from backoffice.views.case import show_case
from foundation import scope


@require_POST
@staff_page
def payment(request: HttpRequest, clerk: Clerk, reference: str, decision_id: UUID) -> HttpResponse:
    """Notes the day on which the fee was paid, or with `action=reopen` that it is open again."""
    form = None if request.POST.get("action") == "reopen" else PaymentForm.of(decision_id, request.POST)
    try:
        with scope.for_person(clerk):
            application = get_object_or_404(cases_of(clerk), reference=reference)
            decision = get_object_or_404(
                Decision.objects.select_related("application"), application=application, pk=decision_id
            )
            if form is None or form.is_valid():
                note_payment(decision, paid_on=form.cleaned_data["day"] if form else None, by=clerk)
    except ApplicationError as error:
        if form is None or error.code != "impossible_day":
            messages.error(request, error.sentence)
            return to_case(request, reference)
        form.add_error("day", error.sentence)
    if form and form.errors:
        return show_case(request, clerk, reference, refused={decision_id: form})
    messages.success(request, _("Die Zahlung ist eingetragen.") if form else _("Die Zahlung ist offen."))
    return to_case(request, reference)
