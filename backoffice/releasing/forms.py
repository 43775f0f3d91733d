"""What authors type in when they publish."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms import ListsErrors

_WRONG_TIME = _("Geben Sie Tag und Uhrzeit ein, zum Beispiel 3.12.2026 08:00.")


class MomentField(forms.DateTimeField):
    """A moment, by the browser's own control or typed as 3.12.2026 08:00."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **options: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M"],
            error_messages={"invalid": _WRONG_TIME, "required": _WRONG_TIME},
            **options,
        )


class PublishForm(ListsErrors, forms.Form):
    """Why there is this version, and when it goes out. `seen` is what the author has looked at."""

    reason = forms.CharField(
        label=_("Grund"),
        help_text=_("Der Grund bleibt bei der Version, zum Beispiel: neue Satzung vom 3.12.2026."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        error_messages={"required": _("Schreiben Sie, warum es diese Version gibt.")},
    )
    when = forms.ChoiceField(
        label=_("Wann"),
        widget=forms.RadioSelect,
        choices=[("now", _("Jetzt veröffentlichen")), ("later", _("Veröffentlichen am genannten Tag"))],
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Wählen Sie, wann die Version gelten soll.")),
    )
    at = MomentField(
        label=_("Tag und Uhrzeit"),
        help_text=_("Nur nötig, wenn die Version später gelten soll. Geprüft wird an dem Tag noch einmal."),
        required=False,
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("when") == "later" and not cleaned.get("at") and "at" not in self.errors:
            self.add_error("at", _WRONG_TIME)
        return cleaned

    @property
    def at_or_none(self) -> datetime | None:
        """The day that was chosen; None for at once."""
        return self.cleaned_data["at"] if self.cleaned_data["when"] == "later" else None


class CloseForm(ListsErrors, forms.Form):
    """Why a service takes no applications online for a while, in the words that people read."""

    german = forms.CharField(
        label=_("Grund, deutsch"),
        help_text=_("Das lesen alle auf der Seite der Leistung, zum Beispiel: Wir stellen auf die neue Satzung um."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        error_messages={"required": _("Schreiben Sie, warum der Online-Antrag geschlossen ist.")},
    )
    english = forms.CharField(
        label=_("Grund, englisch"),
        help_text=_("Das lesen Menschen, die die Seite auf Englisch ansehen."),
        widget=forms.Textarea(attrs={"rows": 3, "lang": "en"}),
        max_length=500,
        error_messages={"required": _("Schreiben Sie den Grund auch auf Englisch.")},
    )


class LimitsForm(ListsErrors, forms.Form):
    """From when to when a service takes applications, and how many. Empty means: without this limit."""

    open_from = MomentField(
        label=_("Anträge ab"), help_text=_("Vorher kann niemand einen Antrag beginnen."), required=False
    )
    open_until = MomentField(
        label=_("Anträge bis"),
        help_text=_("Es zählt die Uhr der Datenbank in dem Augenblick, in dem jemand absendet."),
        required=False,
    )
    max_submissions = forms.IntegerField(
        label=_("Höchstens so viele Anträge"),
        help_text=_("Gezählt werden alle Anträge seit dem Beginn, auch zurückgezogene."),
        required=False,
        min_value=1,
        max_value=1_000_000,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Geben Sie eine ganze Zahl ab 1 ein, zum Beispiel 200.")
        ),
    )
