"""Pages of the account that django-allauth does not bring."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import dateparse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts import people, profile
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
@require_GET
def still_here(request: HttpRequest) -> HttpResponse:
    """Every answer lets the sitting last longer; this one does nothing else. Asked by `session.js`."""
    seconds = settings.SITTING_SECONDS if people.has_sitting(request) else 0
    if request.accepts("text/html"):
        return render(request, "accounts/still_here.html")
    return JsonResponse({"seconds": seconds})
