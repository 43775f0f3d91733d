"""What authors type in about services and their texts."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.forms import AmountField, DayField
from catalogue import fees
from forms_engine import api as engine
from foundation.forms import ListsErrors

_WORDS = (("summary", "de"), ("summary", "en"), ("period", "de"), ("period", "en"))


class RateForm(ListsErrors, forms.Form):
    """A rate from a day on: the amounts and words of an earlier tariff, each in a box of its own."""

    valid_from = DayField(label=_("Gilt ab"))
    summary_de = forms.CharField(
        label=_("In einem Satz"),
        help_text=_("Das steht oben auf der Seite der Leistung. Zum Beispiel: 108 € im Jahr für den ersten Hund"),
        max_length=200,
        error_messages={"required": _("Schreiben Sie, was die Leistung kostet, zum Beispiel: kostenlos")},
    )
    summary_en = forms.CharField(label=_("In einem Satz, auf Englisch"), max_length=200, required=False)
    period_de = forms.CharField(
        label=_("Wofür der Betrag gilt"), help_text=_("Zum Beispiel: im Jahr"), max_length=60, required=False
    )
    period_en = forms.CharField(label=_("Wofür der Betrag gilt, auf Englisch"), max_length=60, required=False)

    def __init__(
        self, *args: Any, tariff: dict[str, Any], form: engine.CompiledForm | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._before = tariff
        self._places: dict[str, fees.Place] = {}
        for name, language in _WORDS:
            self.initial.setdefault(f"{name}_{language}", tariff.get(name, {}).get(language, ""))
        for number, amount in enumerate(fees.amounts(tariff, form)):
            name = f"amount_{number}"
            self._places[name] = amount.place
            self.fields[name] = AmountField(label=_("%(what)s, in Euro") % {"what": amount.label})
            self.initial[name] = Decimal(amount.value)

    @property
    def tariff(self) -> dict[str, Any]:
        """The tariff as typed; languages without words are left out."""
        typed = self.cleaned_data
        words: dict[str, dict[str, str]] = {}
        for name, language in _WORDS:
            if text := typed[f"{name}_{language}"]:
                words.setdefault(name, {})[language] = text
        kept = {name: value for name, value in self._before.items() if name not in ("summary", "period")}
        amounts = {place: AmountField.as_text(typed[name]) for name, place in self._places.items()}
        return words | fees.with_amounts(kept, amounts)
