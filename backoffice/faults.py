"""What is typed about a fault: which service, from when until when, and what all whom it touched are told."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.telling.queries import Period
from authorities.models import Authority
from foundation import clock
from foundation.forms import ListsErrors
from foundation.ids import new_id

_WRONG_MOMENT = gettext_lazy("Geben Sie Tag und Uhrzeit ein, zum Beispiel 3.12.2026 14:30.")
#: A fault that is told of later than that is told of by a letter.
LONGEST = timedelta(days=366)
#: Browsers send no seconds.
MINUTE = timedelta(minutes=1)


class MomentField(forms.DateTimeField):
    """A day and a time of the day, by the browser's own control or typed as 3.12.2026 14:30."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **options: Any) -> None:
        messages = {"invalid": _WRONG_MOMENT, "required": _WRONG_MOMENT}
        super().__init__(input_formats=["%d.%m.%Y %H:%M"], error_messages=messages, **options)


class FaultForm(ListsErrors, forms.Form):
    """Service and period of a fault; stands in the address, holds nothing of a person."""

    leistung = forms.ChoiceField(
        label=gettext_lazy("Leistung"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Wählen Sie eine Leistung.")),
    )
    von = MomentField(label=gettext_lazy("Störung von"))
    bis = MomentField(label=gettext_lazy("Störung bis"))

    def __init__(self, *args: Any, services: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.titles = dict(services)
        cast(forms.ChoiceField, self.fields["leistung"]).choices = services

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until, now = cleaned.get("von"), cleaned.get("bis"), clock.now()
        if since and since < now - LONGEST:
            self.add_error("von", _("Der Zeitraum liegt höchstens ein Jahr zurück."))
        if until and until > now + MINUTE:
            self.add_error("bis", _("Das Ende liegt in der Zukunft. Geben Sie höchstens die Uhrzeit von jetzt ein."))
        if since and until and since >= until:
            self.add_error("bis", _("Das Ende liegt nach dem Anfang."))
        return cleaned

    @property
    def period(self) -> Period:
        return Period(self.cleaned_data["von"], self.cleaned_data["bis"])

    @property
    def service(self) -> str:
        return self.cleaned_data["leistung"]

    @property
    def title(self) -> str:
        """The name of the chosen service."""
        return self.titles[self.service]


class AnnouncementForm(ListsErrors, forms.Form):
    """Subject and text; which announcement this is, and how many cases its writer saw."""

    announcement = forms.UUIDField(widget=forms.HiddenInput)
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    subject = forms.CharField(
        label=gettext_lazy("Betreff"),
        max_length=120,
        error_messages={"required": gettext_lazy("Schreiben Sie, worum es geht.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Nachricht"),
        help_text=gettext_lazy("Sagen Sie: Was ist passiert? Was heißt das für den Antrag? Was muss die Person tun?"),
        max_length=3_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": gettext_lazy("Schreiben Sie eine Nachricht.")},
    )

    @property
    def message(self) -> str:
        """What people read at their case."""
        return f"{self.cleaned_data['subject']}\n\n{self.cleaned_data['text']}"


def last_hour() -> dict[str, Any]:
    """What stands in the form before somebody chooses."""
    until = clock.now().replace(second=0, microsecond=0) + MINUTE
    return {"von": until - timedelta(hours=1), "bis": until}


def first_words(fault: FaultForm, authority: Authority, number: int) -> dict[str, Any]:
    """An announcement to begin with: what happened, what it means for the case, what there is to do."""
    text = _(
        "Guten Tag,\n\n%(when)s gab es eine Störung im Serviceportal. Sie betraf auch Ihren Antrag „%(service)s“.\n\n"
        "Ihr Antrag ist nicht verloren. Wir bearbeiten ihn weiter.\n\nSie müssen nichts tun.\n\n%(authority)s"
    )
    known = {"when": _in_words(fault.period), "service": fault.title, "authority": authority.name}
    return {
        "announcement": new_id(),
        "number": number,
        "subject": _("Störung im Serviceportal"),
        "text": text % known,
    }


def _in_words(period: Period) -> str:
    since, until = timezone.localtime(period.since), timezone.localtime(period.until)
    words = {
        "day": date_format(since, "j. F Y"),
        "start": date_format(since, "H:i"),
        "last": date_format(until, "j. F Y"),
        "end": date_format(until, "H:i"),
    }
    if since.date() == until.date():
        return _("am %(day)s von %(start)s bis %(end)s Uhr") % words
    return _("vom %(day)s, %(start)s Uhr, bis %(last)s, %(end)s Uhr") % words
