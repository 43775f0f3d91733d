"""What an author types before there is a form."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from backoffice.forms import DayField
from forms_engine.errors import DefinitionError
from forms_engine.xdatenfelder import api as xdatenfelder
from foundation.forms import ListsErrors

#: The longest schema of the federation has 3.5 MB.
MOST_MEGABYTES = 10


class NewForm(ListsErrors, forms.Form):
    """The title of a form to be made."""

    title = forms.CharField(
        label=_("Titel des Formulars"),
        help_text=_("Zum Beispiel: Hund anmelden."),
        max_length=200,
        error_messages={"required": _("Geben Sie einen Titel ein, zum Beispiel: Hund anmelden.")},
    )


class FileForm(ListsErrors, forms.Form):
    """A definition, a form schema or a code list."""

    file = forms.FileField(
        label=_("Datei"),
        help_text=_("Ein Formular (JSON), ein Datenfeldschema oder eine Codeliste (XML), höchstens 10 MB."),
        error_messages={
            "required": _("Wählen Sie eine Datei aus."),
            "empty": _("Die Datei ist leer. Wählen Sie eine andere aus."),
        },
    )

    rules = forms.FileField(
        label=_("Übersetzte Regeln"),
        help_text=_("Nur für Datenfeldschemata: die Regeln des FIM-Portals dazu (JSON), höchstens 10 MB."),
        required=False,
        allow_empty_file=True,
    )
    valid_from = DayField(
        label=_("Codeliste gilt ab"),
        help_text=_("Nur für Codelisten, zum Beispiel: 01.01.2027. Ohne Tag gilt die Liste seit jeher."),
        required=False,
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        return _small(file)

    def clean_rules(self) -> tuple[xdatenfelder.Told, ...]:
        """The rules in the file; none without one."""
        file: UploadedFile | None = self.cleaned_data["rules"]
        if file is None:
            return ()
        try:
            return tuple(xdatenfelder.read_rules(_small(file).read()))
        except DefinitionError as error:
            raise forms.ValidationError(" ".join(error.problems)) from None


def _small(file: UploadedFile) -> UploadedFile:
    if (file.size or 0) > MOST_MEGABYTES * 1_000_000:
        raise forms.ValidationError(_("Die Datei ist zu groß. Wählen Sie eine mit höchstens 10 MB aus."))
    return file
