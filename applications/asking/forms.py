"""The one box of a message, for people and for clerks."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy

from foundation.forms import ListsErrors


class MessageForm(ListsErrors, forms.Form):
    # Of the page, not of the person: by it a button that is pressed again sends nothing more.
    key = forms.CharField(required=False, widget=forms.HiddenInput, initial=lambda: str(uuid4()))
    text = forms.CharField(
        label=gettext_lazy("Ihre Nachricht"),
        max_length=3_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": gettext_lazy("Schreiben Sie eine Nachricht."),
            "max_length": gettext_lazy("Kürzen Sie den Text auf 3.000 Zeichen."),
        },
    )
