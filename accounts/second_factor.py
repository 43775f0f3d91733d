"""The second factor: who works for a city shows more than a password (BSI TR-03172-3 A3.9.03, ASVS V6.3.3).

Django-allauth makes and checks the codes. Here stands who must show one, and how their secrets are kept.
"""

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import segno
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from foundation import vault

KEYSET = "accounts"
FIELD = "second_factor"
#: Where allauth keeps them in the data of an authenticator: of the app, of the recovery codes.
SEALED = ("secret", "seed")
METHOD = "mfa"


class SecondFactorMissing(Exception):
    """Somebody of the staff is signed in with a password only."""


def demand(request: HttpRequest) -> None:
    """To be called at each door of the staff; raises `SecondFactorMissing`, which `AskForSecondFactor` answers."""
    if settings.STAFF_MFA and not was_shown(request):
        raise SecondFactorMissing


def was_shown(request: HttpRequest) -> bool:
    """Whether this sitting showed a second factor: at sign-in, when it was set up, or when asked once more."""
    records = get_authentication_records(request, request.user if isinstance(request.user, User) else None)
    return any(record["method"] == METHOD for record in records)


class AskForSecondFactor:
    """Middleware: leads staff without a second factor to set one up, or to show the one they have."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, SecondFactorMissing):
            return None
        if is_mfa_enabled(request.user):
            query = urlencode({"next": request.path}, safe="/")
            return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{query}")
        messages.info(request, _("Für die Arbeit hier brauchen Sie einen zweiten Faktor. Richten Sie ihn jetzt ein."))
        return HttpResponseRedirect(reverse("mfa_activate_totp"))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Seals the secrets, bound to their user: copied to another account they do not open."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": gettext_lazy(
            "Schalten Sie zuerst den zweiten Faktor aus, und ändern Sie dann die Adresse."
        ),
        "cannot_generate_recovery_codes": gettext_lazy("Richten Sie zuerst einen zweiten Faktor ein."),
        "incorrect_code": gettext_lazy("Der Code stimmt nicht oder gilt nicht mehr. Geben Sie den nächsten Code ein."),
        "unverified_email": gettext_lazy("Bestätigen Sie zuerst Ihre E-Mail-Adresse."),
    }

    def encrypt(self, text: str) -> str:
        owner = _whose(context.request)
        return vault.seal_json(KEYSET, text, owner=owner, row=owner, field=FIELD).hex()

    def decrypt(self, encrypted_text: str) -> str:
        owner = _whose(context.request)
        return vault.open_json(KEYSET, bytes.fromhex(encrypted_text), owner=owner, row=owner, field=FIELD)

    def build_totp_svg(self, url: str) -> str:
        """On white also where the page is dark, or no telephone reads it."""
        drawing = io.BytesIO()
        segno.make(url, error="m").save(drawing, kind="svg", scale=5, border=4, light="white", xmldecl=False)
        return drawing.getvalue().decode()


def _whose(request: HttpRequest) -> UUID:
    """Who is signed in, or is on the way: password shown, code not yet."""
    if isinstance(request.user, User):
        return request.user.pk
    # Allauth hangs the sign-in that is on its way on the request; Django's types do not know it.
    return request._login_stage.login.user.pk  # type: ignore[attr-defined]


def note_new_factor(sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Signal handler of `authenticator_added`: whoever sets it up has shown it."""
    record_authentication(request, user, METHOD, type=authenticator.type)
    renew_session(request)


def renew_session(request: HttpRequest, **kwargs: Any) -> None:
    """A new session id whenever somebody has shown more of who they are (ASVS V7.2.4); also a signal handler."""
    if isinstance(request.user, User):
        request.session.cycle_key()
        UserSession.objects.create_from_request(request)
