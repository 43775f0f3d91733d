"""The two forms of these pages: reference with code, and the answer to the office."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.following.case import OwnFile, Question
from applications.following.use_cases import LIMITS
from foundation.forms import ListsErrors
from foundation.ids import code_digest, parse_reference


class FindForm(ListsErrors, forms.Form):
    """A reference and its code. Whatever is wrong with them, the sentence is the same."""

    nummer = forms.CharField(
        label=gettext_lazy("Vorgangsnummer"),
        help_text=gettext_lazy("Zum Beispiel HRO-2026-7K3M-4Q9X. Sie steht auf Ihrer Bestätigung."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )
    code = forms.CharField(
        label=gettext_lazy("Zugangscode"),
        help_text=gettext_lazy("16 Zeichen. Wir haben Ihnen den Zugangscode beim Ausfüllen gezeigt."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )

    @property
    def pair(self) -> tuple[str | None, bytes | None]:
        """The reference as we write it and the digest of the code; None for what cannot be one."""
        return parse_reference(self.cleaned_data["nummer"]), code_digest(self.cleaned_data["code"])

    def refuse(self) -> None:
        self.add_error(
            None, _("Nummer und Zugangscode passen nicht zusammen. Prüfen Sie beides und versuchen Sie es noch einmal.")
        )

    def refuse_for_now(self) -> None:
        self.add_error(
            None, _("Das waren zu viele Versuche. Warten Sie 15 Minuten und versuchen Sie es dann noch einmal.")
        )


class AnswerForm(ListsErrors, forms.Form):
    """The answer to a correction request: a text, and a file for each missing document.

    A document may be missing if the text says why; files that came before count.
    """

    text = forms.CharField(
        label=gettext_lazy("Ihre Antwort"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "max_length": gettext_lazy("Kürzen Sie den Text auf 5.000 Zeichen."),
            "required": gettext_lazy("Schreiben Sie eine Antwort."),
        },
    )

    def __init__(self, question: Question, *, refused: dict[int, str] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.question = question
        self.refused = refused or {}
        self.fields["text"].required = not question.documents
        for no, document in enumerate(question.documents):
            self.fields[f"document-{no}"] = forms.FileField(
                label=document,
                required=False,
                allow_empty_file=True,
                help_text=_("%(limits)s. Wenn Sie es nicht haben, schreiben Sie uns das in der Antwort.")
                % {"limits": LIMITS.in_words()},
                widget=forms.FileInput(attrs={"accept": ",".join((*LIMITS.media_types, ".heic", ".heif"))}),
            )
        self.order_fields([*(f"document-{no}" for no in range(len(question.documents))), "text"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for no, sentence in self.refused.items():
            self.add_error(f"document-{no}", sentence)
        if self.has_error("text") or cleaned["text"]:
            return cleaned
        for no, document in enumerate(self.question.documents):
            if no not in self.refused and not self.question.files_for(no):
                self.add_error(f"document-{no}", _missing(document))
        return cleaned

    def documents(self) -> list[tuple[forms.BoundField, list[OwnFile]]]:
        """Each missing document: its box, and what was uploaded for it already."""
        return [(self[f"document-{no}"], self.question.files_for(no)) for no in range(len(self.question.documents))]


def _missing(document: str) -> str:
    return _("Laden Sie „%(document)s“ hoch. Oder schreiben Sie in der Antwort, warum das nicht geht.") % {
        "document": document
    }
