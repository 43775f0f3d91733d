"""The head of an office takes a permit back."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.people import Clerk
from applications.contents import applicant_name_of
from applications.deciding.notice import decisions
from applications.deciding.revoking import is_headed_by, revoke
from applications.errors import ApplicationError
from authorities import clock as calendar
from backoffice.access import head_page
from backoffice.forms import RevokeForm
from backoffice.queries.case import cases_of
from backoffice.views.back import back_of, to_case
from backoffice.views.case import notes_look
from foundation import scope


@require_http_methods(["GET", "HEAD", "POST"])
@head_page
@notes_look
def revocation(request: HttpRequest, clerk: Clerk, reference: str, decision_id: UUID) -> HttpResponse:
    form = RevokeForm(request.POST or None, initial={"effective_on": calendar.today()})
    try:
        with scope.for_person(clerk, read_only=request.method != "POST"):
            application = get_object_or_404(cases_of(clerk), reference=reference)
            if not is_headed_by(application, clerk):
                raise Http404
            decision = get_object_or_404(decisions(), application=application, pk=decision_id)
            page = {"authority": application.authority, "application": application, "form": form}
            page |= {"name": applicant_name_of(application), "back": back_of(request)}
            if request.method != "POST" or not form.is_valid():
                return render(request, "backoffice/revoke.html", page, status=422 if form.errors else 200)
            revoke(decision, by=clerk, **form.cleaned_data)
    except ApplicationError as error:
        form.add_error(None, error.sentence)
        return render(request, "backoffice/revoke.html", page, status=error.status)
    messages.success(request, _("Die Genehmigung ist widerrufen. Die Person hat eine Nachricht."))
    return to_case(request, reference)
