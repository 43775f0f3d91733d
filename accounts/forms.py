"""The forms of the account pages: allauth's, in our words and without placeholders; and the profile."""

import datetime
import re
import unicodedata
from typing import Any

from allauth.account import forms as allauth_forms
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.validators import EmailValidator
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.adapter import LONGEST_SPAN
from accounts.models import User
from foundation import limits
from foundation.forms import ListsErrors
from foundation.vault import VaultError

_POSTAL_CODE = re.compile(r"[0-9]{5}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()/-]{4,29}")
_GERMAN_DATE = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})")


class AccountForm(ListsErrors):
    """Before one of allauth's forms among the bases: our labels, hints and sentences."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            "login": (_("E-Mail-Adresse"), "", _("Geben Sie Ihre E-Mail-Adresse ein.")),
            "email": (
                _("E-Mail-Adresse"),
                _("Zum Beispiel erika.mustermann@example.org"),
                _("Geben Sie Ihre E-Mail-Adresse ein."),
            ),
            "password": (_("Passwort"), "", _("Geben Sie Ihr Passwort ein.")),
            "oldpassword": (_("Jetziges Passwort"), "", _("Geben Sie Ihr jetziges Passwort ein.")),
            "password1": (
                _("Neues Passwort"),
                _("Mindestens 10 Zeichen, zum Beispiel drei Wörter, die nicht zusammengehören."),
                _("Wählen Sie ein Passwort."),
            ),
        }
        for name, (label, hint, missing) in words.items():
            if name in self.fields:
                self._word(self.fields[name], label, hint, missing)
        for name in ("login", "email"):
            if name in self.fields:
                self._address(self.fields[name])

    @staticmethod
    def _word(field: forms.Field, label: str, hint: str, missing: str) -> None:
        field.label, field.help_text = label, hint
        field.error_messages["required"] = missing
        field.widget.attrs.pop("placeholder", None)

    @staticmethod
    def _address(field: forms.Field) -> None:
        sentence = _("Geben Sie eine E-Mail-Adresse ein, zum Beispiel erika.mustermann@example.org.")
        field.error_messages["invalid"] = sentence
        others = [each for each in field.validators if not isinstance(each, EmailValidator)]
        field.validators = [EmailValidator(message=sentence), *others]
        field.widget.attrs |= {"autocomplete": "username", "inputmode": "email", "spellcheck": "false"}


class CodeForm(AccountForm):
    """Before one of allauth's forms that ask for a code of the second factor, and know whose."""

    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._word(self.fields["code"], _("Code"), self.hint(), _("Geben Sie den Code ein."))
        self.fields["code"].widget.attrs |= {"autocomplete": "one-time-code", "spellcheck": "false"}

    def hint(self) -> str:
        return _("6 Ziffern aus Ihrer App oder einer Ihrer Wiederherstellungscodes.")

    def clean_code(self) -> str:
        try:
            return super().clean_code()  # type: ignore[misc]  # the base after this one, allauth's, has it
        except VaultError:
            # The secret was changed in the database: nobody comes in by it.
            raise get_mfa_adapter().validation_error("incorrect_code") from None
        except forms.ValidationError as refusal:
            if refusal.code in ("too_many_login_attempts", "rate_limited"):
                limits.note_refusal("second-factor", str(self.user.pk), seconds=LONGEST_SPAN)
            raise


class AuthenticateForm(CodeForm, mfa_forms.AuthenticateForm):
    pass


class ConfirmByCodeForm(CodeForm, mfa_forms.ReauthenticateForm):
    pass


class ActivateForm(CodeForm, totp_forms.ActivateTOTPForm):
    def hint(self) -> str:
        return _("Die 6 Ziffern, die Ihre App jetzt zeigt.")


class DeactivateForm(AccountForm, totp_forms.DeactivateTOTPForm):
    pass


class NewCodesForm(AccountForm, GenerateRecoveryCodesForm):
    pass


class LoginForm(AccountForm, allauth_forms.LoginForm):
    pass


class SignupForm(AccountForm, allauth_forms.SignupForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("Passwort")

    def try_save(self, request: HttpRequest) -> tuple[AbstractBaseUser | None, HttpResponse | None]:
        """Two sign-ups of one address at the same moment end like one after the other."""
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)


class AddEmailForm(AccountForm, allauth_forms.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Neue E-Mail-Adresse")


class ChangePasswordForm(AccountForm, allauth_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]


class ResetPasswordForm(AccountForm, allauth_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(AccountForm, allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]


class ReauthenticateForm(AccountForm, allauth_forms.ReauthenticateForm):
    pass


class ProfileForm(ListsErrors, forms.Form):
    """What fills in forms for a person. Everything is optional."""

    given_name = forms.CharField(max_length=200, required=False)
    family_name = forms.CharField(max_length=200, required=False)
    birth_date = forms.CharField(max_length=20, required=False)
    street = forms.CharField(max_length=120, required=False)
    house_number = forms.CharField(max_length=20, required=False)
    postal_code = forms.CharField(max_length=10, required=False)
    city = forms.CharField(max_length=80, required=False)
    phone = forms.CharField(max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            "given_name": (_("Vornamen"), "", "given-name"),
            "family_name": (_("Familienname"), "", "family-name"),
            "birth_date": (_("Geburtsdatum"), _("Zum Beispiel 3.5.1984"), "bday"),
            "street": (_("Straße"), "", "address-line1"),
            "house_number": (_("Hausnummer"), _("Zum Beispiel 12 a"), "off"),
            "postal_code": (_("Postleitzahl"), "", "postal-code"),
            "city": (_("Ort"), "", "address-level2"),
            "phone": (_("Telefonnummer"), _("Zum Beispiel 0381 1234567"), "tel"),
        }
        for name, (label, hint, autocomplete) in words.items():
            field = self.fields[name]
            field.label, field.help_text = label, hint
            field.widget.attrs["autocomplete"] = autocomplete
            field.error_messages["max_length"] = _("Das ist zu lang. Kürzen Sie die Angabe.")

    def clean_birth_date(self) -> str:
        """An ISO date, from 3.5.1984 or 1984-05-03."""
        text = self.cleaned_data["birth_date"]
        if not text:
            return ""
        born = read_date(text)
        if born is None:
            raise forms.ValidationError(_("Geben Sie ein Datum ein, das es gibt, zum Beispiel 3.5.1984."))
        if not datetime.date(1900, 1, 1) <= born <= datetime.date.today():
            raise forms.ValidationError(_("Geben Sie ein Datum zwischen 1900 und heute ein, zum Beispiel 3.5.1984."))
        return born.isoformat()

    def clean_postal_code(self) -> str:
        text = self.cleaned_data["postal_code"]
        if text and not _POSTAL_CODE.fullmatch(text):
            raise forms.ValidationError(_("Geben Sie eine Postleitzahl mit 5 Ziffern ein, zum Beispiel 18055."))
        return text

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"]
        if text and not _PHONE.fullmatch(text):
            raise forms.ValidationError(_("Geben Sie eine Telefonnummer ein, zum Beispiel 0381 1234567."))
        return text

    def clean(self) -> dict[str, Any]:
        check_letters(self, "given_name", "family_name", "street", "house_number", "city")
        return self.cleaned_data


def check_letters(form: forms.Form, *names: str) -> None:
    """Brings these answers to NFC and refuses letters that no German register holds (DIN 91379)."""
    for name in names:
        text = unicodedata.normalize("NFC", form.cleaned_data.get(name, ""))
        form.cleaned_data[name] = text
        stranger = next((letter for letter in text if not _is_name_character(letter)), None)
        if stranger:
            form.add_error(name, _("Das Zeichen „%s“ ist hier nicht zulässig. Nehmen Sie es heraus.") % stranger)


def read_date(text: str) -> datetime.date | None:
    german = _GERMAN_DATE.fullmatch(text.strip())
    try:
        if german:
            day, month, year = (int(part) for part in german.groups())
            return datetime.date(year, month, day)
        return datetime.date.fromisoformat(text.strip())
    except ValueError:
        return None


def _is_name_character(letter: str) -> bool:
    """Roughly DIN 91379: Latin letters with their marks, digits, blanks and the usual punctuation."""
    if letter.isascii():
        return letter.isalnum() or letter in " '-.,()/&+!@:"
    name = unicodedata.name(letter, "")
    return name.startswith(("LATIN", "COMBINING", "MODIFIER LETTER")) or letter in "’–ªº·"
