"""What authors type in when they take, change, follow."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from authorities.models import Authority, Department
from backoffice.forms import AmountField
from backoffice.sharing import words
from catalogue import fees, tariffs
from catalogue.adopting.terms import PRIVACY
from catalogue.models import Offering, Situation, as_lines
from forms_engine import api as engine
from forms_engine.sharing.file import LARGEST
from foundation.forms import ListsErrors

#: What a page hands on to the next one, packed.
MOST_PACKED = 1_500_000


class DepartmentField(forms.ModelChoiceField):
    """Who answers for a service, by name; the form gives it the departments of its authority."""

    def __init__(self) -> None:
        super().__init__(
            queryset=Department.objects.none(),
            label=gettext_lazy("Zuständiges Amt"),
            help_text=gettext_lazy("Dorthin gehen die Anträge. Weitere Wege richtet Ihr Betreiber ein."),
            empty_label=gettext_lazy("Bitte wählen"),
            error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Wählen Sie ein Amt.")),
        )

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class AdoptForm(ListsErrors, forms.Form):
    """Who answers for the service, and what its form is called here."""

    department = DepartmentField()
    key = forms.RegexField(
        r"^[a-z][a-z0-9-]*\Z",
        label=gettext_lazy("Kürzel des Formulars"),
        help_text=gettext_lazy("Kleine Buchstaben, Ziffern und Striche, zum Beispiel: hund-anmelden."),
        max_length=80,
        error_messages={
            "required": gettext_lazy("Geben Sie ein Kürzel ein, zum Beispiel: hund-anmelden."),
            "invalid": gettext_lazy(
                "Erlaubt sind kleine Buchstaben, Ziffern und Striche, zum Beispiel: hund-anmelden."
            ),
        },
    )

    def __init__(self, *args: Any, authority: Authority, with_service: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_service:
            del self.fields["department"]
            return
        cast(DepartmentField, self.fields["department"]).queryset = authority.departments.all()


class ServiceForm(ListsErrors, forms.Form):
    """A service of our own for a form that has none."""

    title = forms.CharField(
        label=gettext_lazy("Name der Leistung"),
        help_text=gettext_lazy("Sagen Sie, was die Person tut, zum Beispiel: Hund anmelden."),
        max_length=120,
        error_messages={"required": gettext_lazy("Geben Sie einen Namen ein, zum Beispiel: Hund anmelden.")},
    )
    audience = forms.MultipleChoiceField(
        label=gettext_lazy("Für wen"),
        choices=Situation.Audience.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Wählen Sie aus, für wen die Leistung ist.")},
    )
    level = forms.ChoiceField(
        label=gettext_lazy("Anmeldung"),
        choices=Offering.Level.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Wählen Sie aus, ob die Leistung ein Konto braucht.")},
    )
    amount = AmountField(
        label=gettext_lazy("Feste Gebühr, in Euro"),
        help_text=gettext_lazy("Lassen Sie das Feld leer, wenn die Leistung nichts kostet."),
        required=False,
    )
    department = DepartmentField()

    def __init__(self, *args: Any, authority: Authority, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(DepartmentField, self.fields["department"]).queryset = authority.departments.all()


class FileForm(ListsErrors, forms.Form):
    """A signed file of another authority."""

    file = forms.FileField(
        label=gettext_lazy("Datei mit der Leistung"),
        help_text=gettext_lazy("JSON bis 10 MB, so wie die andere Behörde sie heruntergeladen hat."),
        widget=forms.FileInput(attrs={"accept": "application/json,.json"}),
        error_messages={
            "required": gettext_lazy("Wählen Sie die Datei der anderen Behörde."),
            "empty": gettext_lazy("Diese Datei ist leer. Wählen Sie eine andere."),
        },
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("Diese Datei ist größer als 10 MB. Prüfen Sie, ob es die richtige ist."))
        raw: bytes = file.read()
        if len(pack(raw)) > MOST_PACKED:
            raise forms.ValidationError(
                _("Diese Datei ist zu groß für diese Seite. Ihr Betreiber nimmt sie: „manage.py import_service“.")
            )
        return raw


def pack(raw: bytes) -> str:
    """A file as text in a hidden field: the page that shows it hands it on, and keeps nothing."""
    return base64.b64encode(zlib.compress(raw, 9)).decode()


def unpack(text: str) -> bytes:
    """The way back; empty for what is none. What comes out is checked like any file."""
    try:
        return zlib.decompressobj().decompress(base64.b64decode(text, validate=True), LARGEST + 1)
    except (binascii.Error, ValueError, zlib.error):
        return b""


class StayForm(ListsErrors, forms.Form):
    """Why we do not go along."""

    reason = forms.CharField(
        label=gettext_lazy("Warum bleiben Sie bei Ihrer Fassung?"),
        help_text=gettext_lazy("Zum Beispiel: Unsere Satzung sagt es anders. Das lesen Ihre Kolleginnen und Kollegen."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Schreiben Sie, warum Sie bei Ihrer Fassung bleiben.")},
    )


# --- own terms -------------------------------------------------------------------------------------------------------

_MODULES = (
    *("teaser", "description", "requirements", "documents", "fees", "deadline", "duration", "procedure"),
    *("legal_basis", "remedy", "permit_title"),
)
_SHORT = {"teaser", "permit_title", *PRIVACY}
#: What is shown beside a name of its own, with what to type; the others are told by their label.
_HELP = {
    "permit_title": gettext_lazy(
        "So heißt eine Genehmigung, zum Beispiel: Bewohnerparkausweis. Sonst wie die Leistung."
    )
}


class TermsForm(ListsErrors, forms.Form):
    """Rates, deadlines and texts of a service, as this authority says them. German; see `terms` on the English ones."""

    deadline_weeks = forms.IntegerField(label=gettext_lazy("Frist in Wochen"), min_value=1, max_value=104)
    retention_months = forms.IntegerField(
        label=gettext_lazy("Aufbewahrung in Monaten"),
        help_text=gettext_lazy("So lange bleibt ein Vorgang, nachdem er abgeschlossen ist."),
        min_value=1,
        max_value=1200,
    )

    def __init__(self, *args: Any, offering: Offering, definition: Mapping[str, Any], **kwargs: Any) -> None:
        self.offering = offering
        self.fee = tariffs.today(offering)
        # Once people see the service, rates begin on a day; they have a page of their own.
        self.sets_fee = not offering.is_active
        form = engine.compile_definition(definition)
        self.amounts = dict(enumerate(fees.amounts(self.fee, form))) if self.sets_fee else {}
        initial = {"deadline_weeks": offering.deadline_weeks, "retention_months": offering.retention_months}
        super().__init__(*args, initial=initial, **kwargs)
        own: dict[str, forms.Field] = {}
        if self.sets_fee:
            own["summary"] = forms.CharField(
                label=_("Gebühr in einem Satz"),
                help_text=_("Das steht oben auf der Seite, zum Beispiel: 108 € im Jahr für den ersten Hund."),
                max_length=200,
                initial=self.fee.get("summary", {}).get("de", ""),
                error_messages={"required": _("Schreiben Sie, was die Leistung kostet, oder: kostenlos.")},
            )
        for number, amount in self.amounts.items():
            own[f"amount-{number}"] = AmountField(
                label=_("%(what)s, in Euro") % {"what": amount.label}, initial=Decimal(amount.value)
            )
        for name in _MODULES:
            lines = as_lines(offering.all_texts.get(name, {}).get("de"))
            own[f"text-{name}"] = _text_field(name, lines, required=name == "teaser")
        for name in PRIVACY:
            lines = as_lines(offering.privacy.get(name, {}).get("de"))
            field = _text_field(name, lines, required=True)
            field.label = _("Datenschutz: %(name)s") % {"name": words.part(name)}
            own[f"privacy-{name}"] = field
        self.fields = own | self.fields

    def as_kept(self, definition: Mapping[str, Any]) -> TermsForm:
        """With what is stored in its boxes and no complaints about it, to say something else above them."""
        kept = {name: self[name].value() for name in self.fields}
        form = TermsForm(kept, offering=self.offering, definition=definition)
        form.errors.clear()
        return form

    def terms(self) -> dict[str, Any]:
        """What is to be set. Where the German words changed, the English ones are left out: they say the old things."""
        said = self.cleaned_data
        texts = dict(self.offering.all_texts)
        for name in _MODULES:
            texts[name] = _reworded(texts.get(name, {}), _as_kept(said[f"text-{name}"], name))
        privacy = dict(self.offering.privacy)
        for name in PRIVACY:
            privacy[name] = _reworded(privacy.get(name, {}), _as_kept(said[f"privacy-{name}"], name))
        return self._fee() | {
            "deadline_weeks": said["deadline_weeks"],
            "retention_months": said["retention_months"],
            "texts": {name: text for name, text in texts.items() if text},
            "privacy": privacy,
        }

    def _fee(self) -> dict[str, Any]:
        if not self.sets_fee:
            return {}
        said = {
            amount.place: AmountField.as_text(self.cleaned_data[f"amount-{number}"])
            for number, amount in self.amounts.items()
        }
        fee = fees.with_amounts(self.fee, said)
        return {"fee": fee | {"summary": _reworded(fee.get("summary", {}), self.cleaned_data["summary"])}}


def _text_field(name: str, lines: list[str], *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=words.part(name),
        help_text=_HELP.get(name, "") if name in _SHORT else _("Ein Punkt oder Absatz je Zeile."),
        widget=forms.Textarea(attrs={"rows": max(2, min(len(lines) + 1, 8))}),
        initial="\n".join(lines),
        max_length=20_000,
        required=required,
    )


def _as_kept(text: str, name: str) -> str | list[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " ".join(lines) if name in _SHORT else lines


def _reworded(texts: Mapping[str, Any], german: str | list[str]) -> dict[str, Any]:
    if as_lines(texts.get("de")) == as_lines(german):
        return dict(texts)
    return {"de": german} if german else {}
