from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.forms import ListsErrors

MOST_BYTES = 10_000_000


class FileForm(ListsErrors, forms.Form):
    """The file whose seal is to be checked."""

    file = forms.FileField(
        label=gettext_lazy("Datei"),
        help_text=gettext_lazy("PDF bis 10 MB. Wir speichern die Datei nicht."),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        error_messages={
            "required": gettext_lazy("Wählen Sie die Datei, die wir prüfen sollen."),
            "empty": gettext_lazy("Diese Datei ist leer. Wählen Sie eine andere."),
        },
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("Diese Datei ist größer als 10 MB. Unsere Dokumente sind kleiner."))
        return file

    def refuse_for_now(self) -> None:
        self.add_error(
            None, _("Das waren zu viele Versuche. Warten Sie 15 Minuten und versuchen Sie es dann noch einmal.")
        )
