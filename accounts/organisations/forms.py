"""What people type about an organisation, and about those who shall act for it."""

from typing import Any, cast

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import check_letters
from accounts.models import LegalForm, Membership
from accounts.organisations import register
from accounts.organisations.details import SITE, Details
from foundation.forms import ListsErrors

MOST_SITES = 20
_TOO_LONG = {"max_length": gettext_lazy("Das ist zu lang. Kürzen Sie die Angabe.")}


class OrganisationForm(ListsErrors, forms.Form):
    """Name, legal form and register. Who is not in a register yet leaves it empty."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("So wie er im Register steht, zum Beispiel Wachdienst Warnow GmbH."),
        max_length=250,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages=_TOO_LONG | {"required": gettext_lazy("Geben Sie den Namen der Organisation ein.")},
    )
    legal_form = forms.ChoiceField(
        label=gettext_lazy("Rechtsform"),
        choices=[("", gettext_lazy("Bitte wählen")), *LegalForm.choices],
        error_messages={
            "required": gettext_lazy("Wählen Sie die Rechtsform aus."),
            "invalid_choice": gettext_lazy("Wählen Sie die Rechtsform aus."),
        },
    )
    register_court = forms.CharField(
        label=gettext_lazy("Registergericht"),
        help_text=gettext_lazy("Zum Beispiel Rostock"),
        max_length=60,
        required=False,
        error_messages=_TOO_LONG,
    )
    register_number = forms.CharField(
        label=gettext_lazy("Registernummer"),
        help_text=gettext_lazy("Mit Abteilung, zum Beispiel HRB 12345"),
        max_length=20,
        required=False,
        error_messages=_TOO_LONG,
    )

    def clean_register_court(self) -> str:
        text = self.cleaned_data["register_court"]
        if text and register.court_of(text) is None:
            raise forms.ValidationError(
                _("Dieses Registergericht kennen wir nicht. Geben Sie den Ort ein, zum Beispiel Rostock.")
            )
        return register.court_of(text) or ""

    def clean_register_number(self) -> str:
        text = self.cleaned_data["register_number"]
        if text and register.number_of(text) is None:
            raise forms.ValidationError(_("Geben Sie die Nummer mit Abteilung ein, zum Beispiel HRB 12345."))
        return register.number_of(text) or ""

    def clean(self) -> dict[str, Any]:
        check_letters(self, "name")
        cleaned = self.cleaned_data
        court, number = cleaned.get("register_court"), cleaned.get("register_number")
        if number and court == "":
            self.add_error("register_court", _("Geben Sie auch das Registergericht ein, zum Beispiel Rostock."))
        if court and number == "":
            self.add_error("register_number", _("Geben Sie auch die Nummer ein, zum Beispiel HRB 12345."))
        legal_form = cleaned.get("legal_form")
        if number and legal_form and not register.fits(legal_form, number):
            self.add_error(
                "register_number",
                _("Diese Nummer passt nicht zur Rechtsform. Eine Nummer dafür beginnt mit %(section)s.")
                % {"section": register.SECTIONS[LegalForm(legal_form)]},
            )
        return cleaned


class SiteForm(ListsErrors, forms.Form):
    """One address. All four or none: an empty one is left out."""

    street = forms.CharField(max_length=120, required=False, error_messages=_TOO_LONG, label=gettext_lazy("Straße"))
    house_number = forms.CharField(
        max_length=20, required=False, error_messages=_TOO_LONG, label=gettext_lazy("Hausnummer")
    )
    postal_code = forms.CharField(
        label=gettext_lazy("Postleitzahl"),
        required=False,
        validators=[
            RegexValidator(
                r"\A[0-9]{5}\Z", gettext_lazy("Geben Sie eine Postleitzahl mit 5 Ziffern ein, zum Beispiel 18055.")
            )
        ],
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    city = forms.CharField(max_length=80, required=False, error_messages=_TOO_LONG, label=gettext_lazy("Ort"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        check_letters(self, "street", "house_number", "city")
        if any(self.cleaned_data.get(name) for name in SITE):
            for name in SITE:
                if not self.cleaned_data.get(name) and not self.has_error(name):
                    self.add_error(name, _("Ergänzen Sie die Anschrift, oder leeren Sie alle vier Felder."))
        return self.cleaned_data


class Sites(forms.BaseFormSet):
    """The addresses of an organisation with an empty one at the end; works without JavaScript."""

    @property
    def addresses(self) -> list[dict[str, str]]:
        """Those that were filled in; the first one is the registered office."""
        return [form.cleaned_data for form in self.forms if any(form.cleaned_data.get(name) for name in SITE)]

    @property
    def error_list(self) -> list[tuple[str, str, str]]:
        return [entry for form in self.forms for entry in form.error_list]


SitesForm = cast(
    type[Sites],
    forms.formset_factory(SiteForm, formset=Sites, extra=1, max_num=MOST_SITES, absolute_max=MOST_SITES + 1),
)


def details_of(form: OrganisationForm, sites: Sites) -> Details:
    """What both forms say together, once both are valid."""
    return Details(**form.cleaned_data, sites=sites.addresses)


class InviteForm(ListsErrors, forms.Form):
    """Who shall act for the organisation, and as what."""

    email = forms.EmailField(
        label=gettext_lazy("E-Mail-Adresse"),
        help_text=gettext_lazy("Die Adresse, mit der sich die Person im Serviceportal anmeldet."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("Geben Sie eine E-Mail-Adresse ein."),
            "invalid": gettext_lazy("Geben Sie eine E-Mail-Adresse ein, zum Beispiel erika.mustermann@example.org."),
        },
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Was darf die Person?"),
        widget=forms.RadioSelect,
        choices=[
            (Membership.Role.MEMBER, gettext_lazy("Anträge stellen, Vorgänge ansehen und Bescheide öffnen")),
            (Membership.Role.OWNER, gettext_lazy("Auch Angaben ändern, einladen und Zugänge beenden")),
        ],
        error_messages={"required": gettext_lazy("Wählen Sie aus, was die Person darf.")},
    )
