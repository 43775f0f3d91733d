"""How django-allauth speaks and links here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import limits

#: The longest in ACCOUNT_RATE_LIMITS: allauth does not tell which of them refused.
LONGEST_SPAN = 300
PASSWORD_FAULTS = {
    "password_too_short": _("Wählen Sie ein Passwort mit mindestens 10 Zeichen."),
    "password_too_common": _("Dieses Passwort erraten andere leicht. Wählen Sie ein anderes."),
    "password_too_similar": _("Das Passwort ähnelt Ihrer E-Mail-Adresse. Wählen Sie ein anderes."),
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("Dieses Konto ist gesperrt. Rufen Sie uns an."),
        "duplicate_email": _("Diese Adresse gehört schon zu Ihrem Konto. Geben Sie eine andere ein."),
        "email_password_mismatch": _("E-Mail-Adresse und Passwort passen nicht zusammen. Prüfen Sie beides."),
        "enter_current_password": _("Das ist nicht Ihr jetziges Passwort. Geben Sie es noch einmal ein."),
        "incorrect_password": _("Das Passwort stimmt nicht. Geben Sie es noch einmal ein."),
        "invalid_password_reset": _("Dieser Link gilt nicht mehr. Fordern Sie einen neuen an."),
        "max_email_addresses": _("Mehr als %d Adressen gehen nicht. Entfernen Sie zuerst eine."),
        "same_as_current": _("Das ist schon Ihre Adresse. Geben Sie eine andere ein."),
        "too_many_login_attempts": _("Das waren zu viele Versuche. Warten Sie 5 Minuten und melden Sie sich dann an."),
        "rate_limited": _("Das waren zu viele Versuche. Warten Sie einige Minuten."),
    }

    def clean_password(self, password: str, user: User | None = None) -> str:
        """The rules of `AUTH_PASSWORD_VALIDATORS`, in our sentences."""
        try:
            validate_password(password, user)
        except forms.ValidationError as error:
            faults = [PASSWORD_FAULTS.get(fault.code or "", fault) for fault in error.error_list]
            raise forms.ValidationError(faults) from None
        return password

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Allauth's limits of wrong passwords, per account and per address; what they refuse is in the trail."""
        try:
            super().pre_authenticate(request, **credentials)
        except forms.ValidationError:
            limits.note_refusal(
                "sign-in", credentials["email"].lower(), self.get_client_ip(request), seconds=LONGEST_SPAN
            )
            raise

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that allauth's limits count, found as for all other limits."""
        return limits.client_address(request)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Links in mails name the portal's own address, never the Host header of a request."""
        return settings.BASE_URL + reverse("account_confirm_email", args=[emailconfirmation.key])

    def get_reset_password_from_key_url(self, key: str) -> str:
        user_id, _dash, token = key.partition("-")
        return settings.BASE_URL + reverse("account_reset_password_from_key", args=[user_id, token])

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("profile")
