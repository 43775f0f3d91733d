"""The page on which a person asks the office."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.signing_in import take_kept
from applications.asking import use_cases
from applications.asking.forms import MessageForm
from applications.contents import title_of
from applications.errors import ApplicationError
from applications.following.door import Citizen, for_case, own_case
from foundation import limits, scope

TRIES = {"tries": 10, "seconds": 60 * 60}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_case
def ask(request: HttpRequest, person: Citizen, reference: str) -> HttpResponse:
    with scope.for_person(person, read_only=True):
        application = own_case(person, reference)
    form = MessageForm(request.POST) if request.method == "POST" else MessageForm(initial=_kept(request))
    if not form.is_valid():
        page = {"form": form, "application": application, "title": title_of(application)}
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
        return render(request, "following/ask.html", page | {"authority": application.authority}, status=status)
    if not limits.allow("ask", str(application.pk), **TRIES):
        raise ApplicationError(
            "too_many", _("Das waren viele Nachrichten. Warten Sie eine Stunde oder rufen Sie an."), 429
        )
    with scope.for_person(person):
        use_cases.ask(application, **form.cleaned_data, by=person)
    messages.success(request, _("Ihre Frage ist angekommen. Die Antwort steht dann hier beim Vorgang."))
    return redirect("following:case", reference)


def _kept(request: HttpRequest) -> dict[str, str]:
    kept = take_kept(request)
    return {"text": kept.get("text", "")} if kept else {}
