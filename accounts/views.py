"""Pages of the account that django-allauth does not bring."""

from http import HTTPStatus
from typing import cast

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.email_verification import send_verification_email_at_login
from allauth.account.stages import EmailVerificationStage, LoginStageController
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import dateparse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import leaving, people, profile
from accounts.errors import AccountError
from accounts.forms import ProfileForm
from accounts.models import User
from accounts.signing_in import sign_in_required, take_kept


@never_cache
@sign_in_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile_page(request: HttpRequest) -> HttpResponse:
    """What we fill in for this person; changing it changes no application that was sent."""
    user = cast(User, request.user)
    if request.method == "POST":
        form = ProfileForm(request.POST)
        if form.is_valid():
            profile.write(user, form.cleaned_data)
            messages.success(request, _("Ihre Angaben sind gespeichert."))
            return redirect("profile")
    else:
        form = ProfileForm(take_kept(request), initial=_shown(profile.read(user)))
    return render(request, "accounts/profile.html", {"form": form})


def _shown(stored: dict[str, str]) -> dict[str, str]:
    born = dateparse.parse_date(stored.get("birth_date", ""))
    return stored | {"birth_date": f"{born.day}.{born.month}.{born.year}"} if born else stored


@never_cache
@sign_in_required
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave_page(request: HttpRequest) -> HttpResponse:
    """Says what goes with the account and what stays; erases it once the person has said yes. Asks for the password."""
    user = cast(User, request.user)
    if request.method != "POST":
        return render(request, "accounts/leave.html")
    try:
        leaving.leave(user.pk)
    except AccountError as refusal:
        messages.error(request, refusal.sentence)
        return render(request, "accounts/leave.html", status=HTTPStatus.CONFLICT)
    logout(request)
    messages.success(request, _("Ihr Konto ist gelöscht."))
    return redirect("start")


@require_POST
def send_confirmation_again(request: HttpRequest) -> HttpResponse:
    """The mail that confirms an address, once more, for who has just signed up or in; as seldom as allauth allows.

    Says the same for an address that has an account already: nobody learns here who has one.
    """
    stage = LoginStageController.enter(request, EmailVerificationStage.key)
    if stage is None:
        messages.info(request, _("Melden Sie sich an. Dann senden wir Ihnen die E-Mail noch einmal."))
        return redirect("account_login")
    if not send_verification_email_at_login(request, stage.login):
        messages.info(
            request, _("Die letzte E-Mail ist keine 3 Minuten alt. Warten Sie etwas und senden Sie dann neu.")
        )
    return redirect("account_email_verification_sent")


@never_cache
@require_GET
def still_here(request: HttpRequest) -> HttpResponse:
    """Every answer lets the sitting last longer; this one does nothing else. Asked by `session.js`."""
    seconds = settings.SITTING_SECONDS if people.has_sitting(request) else 0
    if request.accepts("text/html"):
        return render(request, "accounts/still_here.html")
    return JsonResponse({"seconds": seconds})
