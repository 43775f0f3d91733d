"""Questions about a case: answer them, or say that they need no answer."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.people import Clerk
from applications.asking import use_cases
from applications.asking.forms import MessageForm
from applications.asking.queries import messages_of
from applications.contents import applicant_name_of
from backoffice.access import staff_page
from backoffice.queries.case import cases_of
from backoffice.views.back import back_of, to_case
from backoffice.views.case import notes_look
from foundation import scope


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
@notes_look
def reply(request: HttpRequest, clerk: Clerk, reference: str) -> HttpResponse:
    """Everybody who sees the case may answer: a person who asks waits for the office, not for one clerk."""
    form = MessageForm(request.POST or None)
    with scope.for_person(clerk, read_only=not form.is_valid()):
        application = get_object_or_404(cases_of(clerk), reference=reference)
        if not form.is_valid():
            page = {"application": application, "name": applicant_name_of(application), "form": form}
            page |= {
                "authority": application.authority,
                "asked": messages_of(application)[-3:],
                "back": back_of(request),
            }
            status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
            return render(request, "backoffice/reply.html", page, status=status)
        use_cases.reply(application, **form.cleaned_data, by=clerk)
    messages.success(request, _("Ihre Nachricht ist abgesendet."))
    return to_case(request, reference)


@require_POST
@staff_page
def settle(request: HttpRequest, clerk: Clerk, reference: str) -> HttpResponse:
    with scope.for_person(clerk):
        application = get_object_or_404(cases_of(clerk), reference=reference)
        use_cases.settle(application, by=clerk)
    messages.success(request, _("Die Frage ist erledigt."))
    return to_case(request, reference)
