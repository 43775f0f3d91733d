"""What clerks type in."""

from datetime import date
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from applications.deciding.use_cases import Ruling, can_retrieve, outcomes_of
from applications.models import Application, Decision
from authorities import clock as calendar
from forms_engine import api as engine
from foundation.forms import ListsErrors
from postbox.models import PostboxItem

_WRONG_DAY = _("Geben Sie ein Datum ein, zum Beispiel 3.12.2026.")


class DayField(forms.DateField):
    """A day, by the browser's own control or typed as 3.12.2026."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **options: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%d", "%d.%m.%Y"],
            error_messages={"invalid": _WRONG_DAY, "required": _WRONG_DAY},
            **options,
        )


_AMOUNT = _("Geben Sie einen Betrag ein, zum Beispiel 108,00.")


class AmountField(forms.DecimalField):
    """An amount in euros, as people write it: 108 or 1.080,50. A Decimal of two places at most comes out.

    Amounts of up to ten million, unless `options` say otherwise.
    """

    def __init__(self, *, error_messages: dict[str, Any] | None = None, **options: Any) -> None:
        usual: dict[str, Any] = {"min_value": Decimal(0), "max_digits": 9, "decimal_places": 2, "localize": True}
        sentences = dict.fromkeys(
            ("required", "invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"), _AMOUNT
        )
        super().__init__(
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            error_messages=sentences | (error_messages or {}),
            **usual | options,
        )

    # For Django's types a DecimalField is an IntegerField and gives an int; it gives a Decimal, and so does this one.
    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if value in self.empty_values:
            return None
        amount = engine.from_german(str(value))
        if amount is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return amount

    @staticmethod
    def as_text(amount: Decimal) -> str:
        """The amount as it stands in a tariff."""
        return f"{amount:.2f}"


class AskBackForm(ListsErrors, forms.Form):
    """Question, missing documents (one per line), and until when."""

    text = forms.CharField(
        label=_("Was fehlt?"),
        help_text=_("Schreiben Sie in kurzen Sätzen, was fehlt und wozu Sie es brauchen."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
        error_messages={"required": _("Schreiben Sie, was fehlt.")},
    )
    documents = forms.CharField(
        label=_("Fehlende Unterlagen"),
        help_text=_("Eine Unterlage je Zeile, zum Beispiel: Foto des Chips."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )
    due_on = DayField(label=_("Antwort bis zum"))
    questions = forms.MultipleChoiceField(
        label=_("Um welche Fragen geht es?"),
        help_text=_("Nur für die Statistik des Formulars. Die Person sieht das nicht."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": _("Wählen Sie Fragen aus der Liste.")},
    )
    seen_no = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.MultipleChoiceField, self.fields["questions"]).choices = questions_of(application)

    def clean_documents(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["documents"].splitlines() if line.strip()]

    def clean_due_on(self) -> date:
        due_on = self.cleaned_data["due_on"]
        if due_on <= calendar.today():
            raise forms.ValidationError(_("Geben Sie einen Tag in der Zukunft ein, zum Beispiel in zwei Wochen."))
        return due_on


class RemarkForm(ListsErrors, forms.Form):
    """What a clerk noticed about a question of the form."""

    path = forms.ChoiceField(
        label=_("Zu welcher Frage?"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Wählen Sie eine Frage aus der Liste.")),
    )
    text = forms.CharField(
        label=_("Was ist Ihnen aufgefallen?"),
        help_text=_("Schreiben Sie über die Frage, nicht über die Person. Nennen Sie keine Namen und keine Angaben."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
        error_messages={
            "required": _("Schreiben Sie, was an der Frage besser werden soll."),
            "max_length": _("Kürzen Sie den Text auf 1.000 Zeichen."),
        },
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Bitte wählen")), *questions_of(application)]
        cast(forms.ChoiceField, self.fields["path"]).choices = choices


class RevokeForm(ListsErrors, forms.Form):
    """From which day on a permit no longer holds, and why."""

    effective_on = DayField(label=_("Gilt nicht mehr ab"))
    reason = forms.CharField(
        label=_("Begründung"),
        help_text=_("Diesen Text liest die Person. Schreiben Sie in kurzen Sätzen und nennen Sie die Rechtsgrundlage."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=4000,
        error_messages={"required": _("Schreiben Sie, warum Sie widerrufen.")},
    )


_OF_GRANTS = ("valid_from", "valid_until", "place", "conditions", "fee", "fee_due_on")


def questions_of(application: Application) -> list[tuple[str, str]]:
    """(path, words) of every question of the form that the application was filed with, with its step."""
    return [
        (".".join(field.path), f"{step.title('de')}: {field.label('de')}")
        for step in engine.compiled(application.form_version).steps
        for field in step.fields
    ]


class DecideForm(ListsErrors, forms.Form):
    """Outcome, reason, what is granted, fee and way of delivery.

    Retrieval is offered only with the person's consent; where an office answers, nothing is granted and nothing costs.
    """

    outcome = forms.ChoiceField(
        label=_("Entscheidung"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Wählen Sie, wie Sie entscheiden.")),
    )
    reason = forms.CharField(
        label=_("Text und Begründung"),
        help_text=_(
            "Dieser Text steht im Bescheid. Schreiben Sie in kurzen Sätzen und nennen Sie die Rechtsgrundlage."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=10_000,
        error_messages={"required": _("Schreiben Sie, wie und warum Sie so entscheiden.")},
    )
    valid_from = DayField(
        label=_("Gültig ab"), help_text=_("Nur bei einer Genehmigung, die ab einem Tag gilt."), required=False
    )
    valid_until = DayField(label=_("Gültig bis"), required=False)
    place = forms.CharField(
        label=_("Ort"),
        help_text=_("Zum Beispiel: Neuer Markt 3, vor dem Eingang. Der Ort steht auf der Prüfseite, also ohne Namen."),
        max_length=200,
        required=False,
    )
    conditions = forms.CharField(
        label=_("Auflagen"),
        help_text=_("Was die Person beachten muss. Schreiben Sie eine Auflage je Zeile."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        required=False,
    )
    fee = AmountField(
        label=_("Betrag in Euro"),
        help_text=_("Lassen Sie das Feld leer, wenn nichts zu zahlen ist. Zum Beispiel: 108,00"),
        min_value=Decimal("0.01"),
        max_digits=10,
        required=False,
        error_messages={"min_value": _("Geben Sie einen Betrag über 0 Euro ein, oder lassen Sie das Feld leer.")}
        | dict.fromkeys(("max_digits", "max_whole_digits"), _("Geben Sie einen Betrag unter 100 Millionen Euro ein.")),
    )
    fee_due_on = DayField(label=_("Zu zahlen bis zum"), required=False)
    regime = forms.ChoiceField(
        label=_("Wie geben Sie den Bescheid bekannt?"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Wählen Sie, wie der Bescheid zur Person kommt.")
        ),
    )
    seen_no = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcomes = outcomes_of(application)
        cast(forms.ChoiceField, self.fields["outcome"]).choices = [(each.value, each.label) for each in outcomes]
        if application.offering.is_answered:
            for name in _OF_GRANTS:
                del self.fields[name]
        ways = PostboxItem.Regime.choices
        if not can_retrieve(application):
            ways = [way for way in ways if way[0] != PostboxItem.Regime.RETRIEVAL]
            self.fields["regime"].help_text = _("Für den Abruf im Postfach fehlt die Einwilligung.")
        cast(forms.ChoiceField, self.fields["regime"]).choices = ways

    def clean_valid_until(self) -> date | None:
        valid_from, valid_until = self.cleaned_data.get("valid_from"), self.cleaned_data["valid_until"]
        if valid_until and "valid_from" in self.cleaned_data and (valid_from is None or valid_until < valid_from):
            raise forms.ValidationError(_("Geben Sie an, ab wann die Genehmigung gilt. Das Ende liegt danach."))
        return valid_until

    def clean_fee_due_on(self) -> date | None:
        due_on = self.cleaned_data["fee_due_on"]
        if due_on and due_on <= calendar.today():
            raise forms.ValidationError(_("Geben Sie einen Tag in der Zukunft ein, zum Beispiel in vier Wochen."))
        return due_on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "fee" in cleaned and "fee_due_on" in cleaned and (cleaned["fee"] is None) != (cleaned["fee_due_on"] is None):
            missing = "fee" if cleaned["fee"] is None else "fee_due_on"
            self.add_error(missing, _("Geben Sie Betrag und Tag der Zahlung ein, oder lassen Sie beides leer."))
        return cleaned

    @property
    def ruling(self) -> Ruling:
        return Ruling(**{name: value for name, value in self.cleaned_data.items() if name != "seen_no"})


class DayForm(ListsErrors, forms.Form):
    """On which day a letter was posted or a document handed over."""

    day = DayField(label=_("Am"))


class PaymentForm(ListsErrors, forms.Form):
    """On which day a fee was paid."""

    day = DayField(label=_("Bezahlt am"))

    @classmethod
    def of(cls, decision_id: UUID, data: QueryDict | None = None) -> "PaymentForm":
        """The form at one of the decisions of a page, whose controls it tells apart by their ids."""
        return cls(data, initial={"day": calendar.today()}, auto_id=f"bezahlt-{decision_id}-%s")


def first_ruling(application: Application) -> dict[str, Any]:
    """What stands in the form before a clerk writes: the expected fee, and the postbox where it is allowed."""
    initial: dict[str, Any] = {"seen_no": application.state_no}
    if application.offering.is_answered:
        initial["outcome"] = Decision.Outcome.ANSWERED
    if can_retrieve(application):
        initial["regime"] = PostboxItem.Regime.RETRIEVAL
    if application.fee:
        initial |= {"fee": application.fee, "fee_due_on": calendar.due_date(calendar.today(), months=1)}
    return initial


def first_question(application: Application) -> dict[str, Any]:
    return {"seen_no": application.state_no, "due_on": calendar.due_date(calendar.today(), weeks=2)}
