"""What people say of a document that they keep."""

from datetime import date
from pathlib import PurePath
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.folder.details import Details
from accounts.folder.use_cases import LIMITS
from accounts.forms import check_letters, read_date
from accounts.models import Document
from foundation.forms import ListsErrors


class DocumentForm(ListsErrors, forms.Form):
    """Kind, title and days of a document."""

    kind = forms.ChoiceField(choices=[("", gettext_lazy("Bitte wählen")), *Document.Kind.choices])
    title = forms.CharField(max_length=80)
    issued_on = forms.CharField(max_length=20)
    valid_until = forms.CharField(max_length=20, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            "kind": (_("Art des Dokuments"), "", _("Wählen Sie, was für ein Dokument das ist.")),
            "title": (
                _("Bezeichnung"),
                _("Zum Beispiel Personalausweis Lena"),
                _("Geben Sie dem Dokument einen Namen."),
            ),
            "issued_on": (
                _("Ausgestellt am"),
                _("Zum Beispiel 3.5.2024"),
                _("Geben Sie ein, wann es ausgestellt ist."),
            ),
            "valid_until": (_("Gültig bis"), _("Zum Beispiel 3.5.2034"), ""),
        }
        for name, (label, hint, missing) in words.items():
            field = self.fields[name]
            field.label, field.help_text = label, hint
            field.error_messages |= {"required": missing, "invalid_choice": missing}
            field.error_messages["max_length"] = _("Das ist zu lang. Kürzen Sie die Angabe.")

    def clean_issued_on(self) -> date | None:
        day = _day(self.cleaned_data["issued_on"])
        if day and not date(1900, 1, 1) <= day <= timezone.localdate():
            raise forms.ValidationError(_("Geben Sie ein Datum zwischen 1900 und heute ein, zum Beispiel 3.5.2024."))
        return day

    def clean_valid_until(self) -> date | None:
        return _day(self.cleaned_data["valid_until"])

    def clean(self) -> dict[str, Any]:
        check_letters(self, "title")
        issued, valid = self.cleaned_data.get("issued_on"), self.cleaned_data.get("valid_until")
        if issued and valid and valid < issued:
            self.add_error("valid_until", _("Dieser Tag liegt vor dem Ausstellen. Prüfen Sie beide Angaben."))
        return self.cleaned_data

    def details(self, name: str) -> Details:
        """What was said, of the file of this name; once the form is valid."""
        said = self.cleaned_data
        return Details(said["kind"], said["title"], name, said["issued_on"], said["valid_until"])


class UploadForm(DocumentForm):
    """The same, with the file."""

    file = forms.FileField(allow_empty_file=True)
    field_order = ("file", "kind", "title", "issued_on", "valid_until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["file"]
        field.label, field.help_text = _("Datei"), LIMITS.in_words()
        field.error_messages["required"] = _("Wählen Sie eine Datei aus.")


def as_initial(details: Details) -> dict[str, str]:
    """What stands in the boxes for these details."""
    return {
        "kind": details.kind,
        "title": details.title,
        "issued_on": _typed(details.issued_on),
        "valid_until": _typed(details.valid_until),
    }


def title_from(name: str) -> str:
    """A first title for a file: its name without the ending."""
    return PurePath(name).stem[:80]


def _typed(day: date | None) -> str:
    return f"{day.day}.{day.month}.{day.year}" if day else ""


def _day(text: str) -> date | None:
    if not text:
        return None
    day = read_date(text)
    if day is None:
        raise forms.ValidationError(_("Geben Sie ein Datum ein, das es gibt, zum Beispiel 3.5.2024."))
    return day
