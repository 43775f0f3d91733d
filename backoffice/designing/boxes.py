"""The boxes in which the properties of a step, group or field are typed, and their place in the definition."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.designing.limits import FormulaField, LimitField, LinesField
from forms_engine.editing import api as editing
from forms_engine.meaning import PREFILL_TYPES, ROLE_TYPES

_LANGUAGES = {"de": "", "en": _(" (Englisch)")}
_PREFILL = {
    "given_name": _("Vorname"),
    "family_name": _("Familienname"),
    "person_name": _("Name der Person"),
    "birth_date": _("Geburtsdatum"),
    "birth_day": _("Tag der Geburt"),
    "birth_month": _("Monat der Geburt"),
    "birth_year": _("Jahr der Geburt"),
    "phone": _("Telefonnummer"),
    "email": _("E-Mail-Adresse"),
    "street": _("Straße"),
    "house_number": _("Hausnummer"),
    "postal_code": _("Postleitzahl"),
    "city": _("Ort"),
    "address": _("Anschrift"),
    "address_country": _("Staat der Anschrift"),
    "organisation_name": _("Name der Organisation"),
    "legal_form": _("Rechtsform"),
    "register_court": _("Registergericht"),
    "register_number": _("Registernummer"),
    "register_entry": _("Registereintrag"),
    "organisation_address": _("Anschrift der Organisation"),
    "organisation_street": _("Straße der Organisation"),
    "organisation_house_number": _("Hausnummer der Organisation"),
    "organisation_postal_code": _("Postleitzahl der Organisation"),
    "organisation_city": _("Ort der Organisation"),
    "organisation_country": _("Staat der Anschrift der Organisation"),
}
_ROLES = ("given_name", "family_name", "person_name", "organisation_name", "email")
_CHARSETS = {
    "A": _("Namen von Personen, ohne Ziffern"),
    "B": _("Namen von Orten, Straßen und Firmen"),
    "C": _("freier Text"),
    "D": _("freier Text, auch Griechisch"),
    "E": _("freier Text, auch Griechisch und Kyrillisch"),
    "free": _("freier Text mit Emojis"),
}
_ENDINGS = {"accept": [("pdf", "PDF"), ("jpg", "JPG"), ("png", "PNG")]}
#: What an answer about the person themselves is to their browser: the words of HTML (WCAG 1.3.5), by what they mean.
_PURPOSES = {
    "name": _("vollständiger Name"),
    "honorific-prefix": _("Anrede oder Titel"),
    "given-name": _("Vorname"),
    "additional-name": _("weitere Vornamen"),
    "family-name": _("Familienname"),
    "bday": _("Geburtsdatum"),
    "bday-day": _("Tag der Geburt"),
    "bday-month": _("Monat der Geburt"),
    "bday-year": _("Jahr der Geburt"),
    "sex": _("Geschlecht"),
    "email": _("E-Mail-Adresse"),
    "tel": _("Telefonnummer"),
    "street-address": _("Anschrift in mehreren Zeilen"),
    "address-line1": _("Straße und Hausnummer"),
    "postal-code": _("Postleitzahl"),
    "address-level2": _("Ort"),
    "address-level1": _("Bundesland"),
    "country": _("Staat"),
    "country-name": _("Staat"),
    "organization": _("Name der Organisation"),
    "organization-title": _("Stellung in der Organisation"),
    "url": _("Internetadresse"),
}
_IN_A_LINE = frozenset(_PURPOSES) - {"street-address", "bday", "country"}
#: Which of them a type can take.
_PURPOSES_OF = {
    "text": _IN_A_LINE,
    "multiline": {"street-address"},
    "number": {"bday-day", "bday-month", "bday-year"},
    "date": {"bday"},
    "partial_date": {"bday"},
    "choice": {"honorific-prefix", "sex", "address-level1", "country-name"},
    "country": {"country"},
    "email": {"email"},
    "phone": {"tel"},
    "postal_code": {"postal-code"},
}
_DAYS = ("date", "partial_date", "datetime")
_FORMULA = _(
    "Rechnen Sie mit + - * / und Klammern, zum Beispiel: (laenge + 2) * breite * 1,5. "
    "Zahlen haben ein Komma und keinen Punkt: 12,50 oder 1500."
)
_AS_IT_IS = _("ohne besondere Angabe")
#: Boxes that share a line on the page.
_TOGETHER = [
    ("type", "unit", "decimals"),
    ("min", "max"),
    ("min_length", "max_length"),
    ("max_size_mb", "max_files"),
    ("repeat_min", "repeat_max"),
    ("prefill", "role"),
]


def boxes_of(kind: str, lists: Iterable[tuple[str, Any]] = ()) -> dict[str, forms.Field]:
    """The boxes for a step or item of this kind, in the order of the page; `lists`: code lists to choose from."""
    if kind == "form":
        return dict(_pair("title", _("Titel des Formulars"), required=True))
    return dict(_boxes(kind, editing.keys_of(kind), list(lists)))


def _boxes(kind: str, keys: frozenset[str], lists: list[tuple[str, Any]]) -> Iterator[tuple[str, forms.Field]]:
    yield from _words(kind, keys)
    types = editing.fitting_types(kind)
    if len(types) > 1:
        yield "type", forms.ChoiceField(label=_("Feldart"), choices=[(name, editing.KINDS[name]) for name in types])
    if "required" in keys:
        choices = [("yes", _("Pflicht")), ("no", _("freiwillig"))]
        yield "required", forms.ChoiceField(label=_("Angabe ist"), choices=choices, widget=forms.RadioSelect)
    if "options" in keys:
        if lists:
            yield from _of_list(lists)
        yield "options_de", LinesField(label=_("Antworten"), help_text=_("Eine Antwort je Zeile."), required=False)
        yield (
            "options_en",
            LinesField(label=_("Antworten (Englisch)"), help_text=_("In derselben Reihenfolge."), required=False),
        )
        helped = _("In derselben Reihenfolge. Braucht eine Antwort keine Hilfe, lassen Sie ihre Zeile leer.")
        yield "options_hint_de", LinesField(label=_("Hilfe zu Antworten"), help_text=helped, required=False)
        yield "options_hint_en", LinesField(label=_("Hilfe zu Antworten (Englisch)"), required=False)
    yield from _limits(kind, keys)
    if "repeat" in keys:
        yield from _repetition()
    if "value" in keys:
        yield "value", FormulaField(label=_("Formel"), help_text=_FORMULA)
    yield from _use(kind, keys)
    if "error" in keys:
        yield from _pair("error_missing", _("Fehlertext, wenn die Angabe fehlt"))
        yield from _pair("error_wrong", _("Fehlertext, wenn die Angabe nicht passt"))
    yield "key", forms.CharField(label=_("Schlüssel"), max_length=40, help_text=_("So heißt die Stelle in Regeln."))


def _words(kind: str, keys: frozenset[str]) -> Iterator[tuple[str, forms.Field]]:
    if "title" in keys:
        yield from _pair("title", _("Titel"), required=True)
    if "text" in keys:
        yield from _pair("text", _("Text"), required=True, long=True)
    if "label" in keys:
        yield from _pair("label", _("Erklärung") if kind == "consent" else _("Beschriftung"), required=True)
    if "intro" in keys:
        yield from _pair("intro", _("Einleitung"), long=True)
    if "hint" in keys:
        yield from _pair("hint", _("Hilfetext"))


def _pair(name: str, label: Any, *, required: bool = False, long: bool = False) -> Iterator[tuple[str, forms.Field]]:
    for language, ending in _LANGUAGES.items():
        widget = forms.Textarea(attrs={"rows": 3}) if long else forms.TextInput
        told = forms.CharField(
            label=f"{label}{ending}", max_length=4000, required=required and language == "de", widget=widget
        )
        yield f"{name}_{language}", told


def _limits(kind: str, keys: frozenset[str]) -> Iterator[tuple[str, forms.Field]]:
    of_days = _("Zum Beispiel 1.4.2027, heute oder heute+14.") if kind in _DAYS else ""
    if "min" in keys:
        few = kind == "choices"
        least = _("Mindestens so viele") if few else _("Frühestens") if of_days else _("Mindestens")
        most = _("Höchstens so viele") if few else _("Spätestens") if of_days else _("Höchstens")
        yield "min", LimitField(kind, label=least, help_text=of_days)
        yield "max", LimitField(kind, label=most, help_text=of_days)
    numbers = {
        "min_length": _("Zeichen mindestens"),
        "max_length": _("Zeichen höchstens"),
        "decimals": _("Stellen nach dem Komma"),
        "max_size_mb": _("Größe höchstens, in MB"),
        "max_files": _("Dateien höchstens"),
    }
    for name, label in numbers.items():
        if name in keys:
            yield name, _number(label)
    if "unit" in keys:
        yield "unit", forms.CharField(label=_("Einheit"), max_length=12, required=False)
    if "accept" in keys:
        yield (
            "accept",
            forms.MultipleChoiceField(
                label=_("Erlaubte Dateien"),
                choices=_ENDINGS["accept"],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            ),
        )
    ticks = {"care_of": _("auch „bei …“ erfragen"), "no_fixed_abode": _("auch ohne feste Wohnung möglich")}
    for name, label in ticks.items():
        if name in keys:
            yield name, forms.BooleanField(label=label, required=False)
    if "pattern" in keys:
        yield "pattern_re", forms.CharField(label=_("Muster"), max_length=1000, required=False)
        yield from _pair("pattern_message", _("Satz dazu, wenn das Muster nicht passt"))
    if "charset" in keys:
        sets = [(name, label) for name, label in _CHARSETS.items() if name != "free" or kind == "multiline"]
        yield "charset", _chosen(_("Erlaubte Zeichen"), sets)


def _repetition() -> Iterator[tuple[str, forms.Field]]:
    choices = [("once", _("genau einmal")), ("maybe", _("freiwillig")), ("many", _("mehrmals"))]
    yield "occurs", forms.ChoiceField(label=_("Die Gruppe kommt vor"), choices=choices, widget=forms.RadioSelect)
    yield "repeat_min", _number(_("Mindestens so oft"), 0)
    yield "repeat_max", _number(_("Höchstens so oft"))
    yield from _pair("repeat_instance", _("So heißt eine davon"))
    yield from _pair("repeat_add", _("Text des Knopfes"))


def _of_list(lists: list[tuple[str, Any]]) -> Iterator[tuple[str, forms.Field]]:
    yield (
        "list_uri",
        forms.ChoiceField(
            label=_("Die Antworten stehen"),
            choices=[("", _("hier, eine je Zeile")), *lists],
            help_text=_("Eine Codeliste kommt über „Datei einlesen“ in das Portal."),
            required=False,
        ),
    )
    yield (
        "list_follow",
        forms.BooleanField(
            label=_("Neue Fassungen übernehmen"),
            help_text=_("Mit Häkchen zeigt die Frage immer die Fassung des Tages. Ohne bleibt es bei der von heute."),
            required=False,
        ),
    )


def _use(kind: str, keys: frozenset[str]) -> Iterator[tuple[str, forms.Field]]:
    if "prefill" in keys:
        prefill = [(name, label) for name, label in _PREFILL.items() if kind in PREFILL_TYPES.get(name, _PLAIN)]
        if prefill:
            yield "prefill", _chosen(_("Aus dem Konto vorausgefüllt mit"), prefill)
        roles = [(name, _PREFILL[name]) for name in _ROLES if kind in ROLE_TYPES.get(name, _PLAIN)]
        if roles:
            yield "role", _chosen(_("Bedeutung für das Portal"), roles)
        if prefill and "locked" in keys:
            yield (
                "locked",
                forms.BooleanField(label=_("Die Person kann die Angabe aus dem Konto nicht ändern"), required=False),
            )
    purposes = [(name, f"{words} ({name})") for name, words in _PURPOSES.items() if name in _PURPOSES_OF.get(kind, ())]
    if "autocomplete" in keys and purposes:
        purpose = _chosen(_("Der Browser hilft mit"), purposes)
        purpose.help_text = _(
            "Nur für Angaben der Person, die das Formular ausfüllt. Ihr Browser kann sie dann selbst eintragen. "
            "Was aus dem Konto kommt, hat das von allein."
        )
        yield "autocomplete", purpose
    if "search" in keys:
        yield "search", forms.BooleanField(label=_("Das Amt findet den Fall mit dieser Angabe"), required=False)
        yield "special", forms.BooleanField(label=_("Besonders geschützte Angabe"), required=False)


_PLAIN = frozenset({"text", "postal_code"})


def _number(label: Any, least: int = 1) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=99_999,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Geben Sie eine ganze Zahl ein, zum Beispiel 3.")
        ),
    )


def _chosen(label: Any, choices: list[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", _AS_IT_IS), *choices], required=False)


# --- places ----------------------------------------------------------------------------------------------------------


def place_of(name: str) -> tuple[str, ...]:
    """Where in the node a box belongs: `error_missing_de` → error, missing, de."""
    for ending in ("de", "en"):
        if name.endswith(f"_{ending}"):
            return (*place_of(name.removesuffix(f"_{ending}")), ending)
    for holder in ("error", "pattern", "repeat"):
        if name.startswith(f"{holder}_"):
            return (holder, name.removeprefix(f"{holder}_"))
    return (name,)


def at_place(node: Any, place: Iterable[str]) -> Any:
    """What stands there, None if nothing does."""
    for key in place:
        if not isinstance(node, Mapping) or key not in node:
            return None
        node = node[key]
    return node


def put(told: dict[str, Any], place: tuple[str, ...], value: Any) -> None:
    """Puts a value there; None says that it is empty."""
    for key in place[:-1]:
        told = told.setdefault(key, {})
    told[place[-1]] = value


def lines_of(names: Iterable[str]) -> Iterator[list[str]]:
    """The names in lines: German and English of a text, and boxes that belong together."""
    left = list(names)
    while left:
        first = left[0]
        beside = next((line for line in _TOGETHER if first in line), (first,))
        if first.endswith("_de"):
            beside = (first, first.removesuffix("_de") + "_en")
        line = [name for name in left if name in beside]
        left = [name for name in left if name not in line]
        yield line
