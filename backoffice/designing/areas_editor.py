"""Areas of a form: lists of streets that conditions name, one stretch of street per line."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.forms import ListsErrors

ADD, REMOVE = "add-area", "remove-area-"
_MOST = 100
_PARITIES = {"alle": "all", "gerade": "even", "ungerade": "odd"}
_PARITY_WORDS = {value: words for words, value in _PARITIES.items()}
_POSTCODE, _NUMBER = re.compile("[0-9]{5}"), re.compile("[0-9]{1,5}")


class StretchesField(forms.Field):
    """Stretches of streets, one per line: street; from; to; even or odd; postcode."""

    widget = forms.Textarea(attrs={"rows": 6, "spellcheck": "false"})

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        lines = [(number, line.strip()) for number, line in enumerate(str(value or "").splitlines(), start=1)]
        found, wrong = [], []
        for number, line in lines:
            if not line:
                continue
            try:
                found.append(stretch(line))
            except ValueError as error:
                wrong.append(_("Zeile %(number)d: %(sentence)s") % {"number": number, "sentence": error})
        if wrong:
            raise forms.ValidationError(wrong[:5])
        return found


def stretch(line: str) -> dict[str, Any]:
    """What a line says. ValueError with a German sentence."""
    if _POSTCODE.fullmatch(line):
        return {"postal_code": line}
    parts = [part.strip() for part in line.split(";")]
    if len(parts) > 5:
        raise ValueError(_("Höchstens fünf Angaben: Straße; von; bis; gerade oder ungerade; Postleitzahl."))
    street, first, last, parity, postcode = (*parts, *[""] * (5 - len(parts)))
    for number in (first, last):
        if number and not _NUMBER.fullmatch(number):
            raise ValueError(_("„%(what)s“ ist keine Hausnummer. Schreiben Sie nur Ziffern.") % {"what": number})
    if first and last and int(first) > int(last):
        raise ValueError(_("Die erste Hausnummer ist größer als die letzte. Vertauschen Sie sie."))
    if parity and parity.lower() not in _PARITIES:
        raise ValueError(_("„%(what)s“ ist weder gerade noch ungerade noch alle.") % {"what": parity})
    if postcode and not _POSTCODE.fullmatch(postcode):
        raise ValueError(_("„%(what)s“ ist keine Postleitzahl. Sie hat 5 Ziffern.") % {"what": postcode})
    if not street and not postcode:
        raise ValueError(_("Nennen Sie eine Straße oder eine Postleitzahl."))
    if len(street) > 120:
        raise ValueError(_("Der Name der Straße ist zu lang. Erlaubt sind 120 Zeichen."))
    told = {
        "street": street,
        "parity": _PARITIES.get(parity.lower()),
        "from": int(first) if first else None,
        "to": int(last) if last else None,
        "postal_code": postcode,
    }
    return {key: value for key, value in told.items() if value not in (None, "")}


def line_of(told: Mapping[str, Any]) -> str:
    """The line that says this stretch."""
    if told.keys() == {"postal_code"}:
        return str(told["postal_code"])
    parts = [
        *(str(told.get(key, "")) for key in ("street", "from", "to")),
        _PARITY_WORDS.get(told.get("parity", ""), ""),
        str(told.get("postal_code", "")),
    ]
    return "; ".join(parts).rstrip("; ")


class AreaForm(ListsErrors, forms.Form):
    """One area; `before` is its name in the definition, empty for a new one."""

    name = forms.CharField(
        label=gettext_lazy("Name des Gebiets"),
        max_length=60,
        help_text=gettext_lazy("So steht es bei den Bedingungen, zum Beispiel: Nord."),
        error_messages={"required": gettext_lazy("Geben Sie dem Gebiet einen Namen, zum Beispiel: Nord.")},
    )
    stretches = StretchesField(
        label=gettext_lazy("Straßen"),
        help_text=gettext_lazy(
            "Eine Zeile je Straße: Straße; von Hausnummer; bis Hausnummer; gerade oder ungerade; Postleitzahl. "
            "Was Sie weglassen, gilt ganz. Zum Beispiel: Lange Straße; 2; 40; gerade. Oder nur: 18055."
        ),
        error_messages={"required": gettext_lazy("Nennen Sie mindestens eine Straße oder Postleitzahl.")},
    )

    def __init__(self, number: int, before: str, stored: list[Mapping[str, Any]], data: Any = None) -> None:
        self.number, self.before = number, before
        initial = {"name": before, "stretches": "\n".join(line_of(each) for each in stored)}
        super().__init__(data, prefix=f"Gebiet-{number}", initial=initial, auto_id="%s")

    @property
    def is_blank(self) -> bool:
        """Was nothing typed?"""
        return not any(str(box.value() or "").strip() for box in self)

    def hush(self) -> None:
        """Shows what was typed without complaining about it yet."""
        self._errors = ErrorDict()

    @property
    def legend(self) -> str:
        return _("Gebiet „%(name)s“") % {"name": self.before} if self.before else _("Neues Gebiet")


class Areas:
    """All areas of a form."""

    def __init__(self, definition: Mapping[str, Any], data: Mapping[str, Any] | None = None) -> None:
        self._stored = list(definition.get("areas", {}).items())
        self._data = data
        most = len(self._stored) + 2 * _MOST
        numbers = range(len(self._stored)) if data is None else [n for n in range(most) if f"Gebiet-{n}-name" in data]
        self.forms = [self._form(number, data) for number in numbers]

    def _form(self, number: int, data: Mapping[str, Any] | None) -> AreaForm:
        if data is None:
            before, stored = self._stored[number] if number < len(self._stored) else ("", [])
        else:  # as the page said: meanwhile other areas may stand at these places
            before, stored = str(data.get(f"Gebiet-{number}-vorher", "")), []
            before = before if before in dict(self._stored) else ""
        return AreaForm(number, before, stored, data)

    def turns(self, button: str) -> str:
        """Adds or removes an area, where that is what was pressed; gives what gets the focus then."""
        if button == ADD:
            if len(self.forms) < _MOST:
                number = max([len(self._stored) - 1, *(form.number for form in self.forms)]) + 1
                self.forms.append(self._form(number, None))
                self.forms[-1].fields["name"].widget.attrs["autofocus"] = True
                return "area"
            return ADD
        if button.startswith(REMOVE):
            self.forms = [form for form in self.forms if str(form.number) != button.removeprefix(REMOVE)]
            return ADD
        return ""

    def areas(self) -> tuple[dict[str, Any], dict[str, str]] | None:
        """The areas, and which got another name (old: new). None if a box is wrong; the page then says which."""
        filled = [form for form in self.forms if not (form.is_blank and not form.before)]
        wrong = [form for form in filled if not form.is_valid()]  # each of them is looked at
        if wrong:
            return None
        areas: dict[str, Any] = {}
        for form in filled:
            name = form.cleaned_data["name"]
            if name in areas:
                form.add_error("name", _("So heißt schon ein Gebiet. Nennen Sie dieses anders."))
                return None
            areas[name] = form.cleaned_data["stretches"]
        renamed = {form.before: form.cleaned_data["name"] for form in filled if form.before}
        return areas, {old: new for old, new in renamed.items() if old != new}

    def hush(self) -> None:
        """Shows what was typed without complaining about it yet."""
        for form in self.forms:
            form.hush()

    @property
    def error_list(self) -> list[tuple[str, str, str]]:
        return [fault for form in self.forms for fault in form.error_list if not (form.is_blank and not form.before)]
