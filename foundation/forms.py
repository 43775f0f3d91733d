"""Plain forms whose faults are sentences, listed once above the form and once at the field."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _


class ListsErrors(forms.BaseForm):
    """First base of a form, before `forms.Form` or `ModelForm`.

    `error_list` is what `partials/error_summary.html` shows.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _("Füllen Sie dieses Feld aus.")

    @property
    def error_list(self) -> list[tuple[str, str, str]]:
        """(html id of the control, label, all sentences) of each wrong box; faults of the whole form have no id."""
        if not self.is_bound:
            return []
        whole = [("", "", str(sentence)) for sentence in self.non_field_errors()]
        return whole + [
            (_first_control(field), str(field.label).rstrip(".?:"), " ".join(str(each) for each in field.errors))
            for field in self
            if field.errors
        ]


def _first_control(field: forms.BoundField) -> str:
    """The html id of the control, of several the first: Django names none where one label is not for one control."""
    return field.id_for_label or f"{field.auto_id}_0"
