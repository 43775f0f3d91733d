"""What an author may insert, what each type of field may say of itself, and which types take each other's answers."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import forms_engine
from forms_engine.editing.places import Node

GROUP, REPEATED, STATIC = "group", "repeated", "static"
#: What stands in something new until its author says it; a form is not published with it.
NEW_QUESTION = "Neue Frage"
NEW_ANSWERS = ("Erste Antwort", "Zweite Antwort")
NEW_FORMULA = 0
_SCHEMA = Path(forms_engine.__path__[0]) / "definition.schema.json"

#: What an author reads for each kind, in the order of the list.
KINDS = {
    "text": "Text, eine Zeile",
    "multiline": "Text, mehrere Zeilen",
    "number": "Ganze Zahl",
    "decimal": "Kommazahl",
    "currency": "Betrag in Euro",
    "date": "Datum",
    "partial_date": "Datum, auch nur Jahr oder Monat",
    "time": "Uhrzeit",
    "datetime": "Datum und Uhrzeit",
    "yes_no": "Ja oder Nein",
    "choice": "Auswahl, eine Antwort",
    "choices": "Auswahl, mehrere Antworten",
    "file": "Datei",
    "consent": "Erklärung zum Ankreuzen",
    "person_name": "Name einer Person",
    "address": "Anschrift",
    "postal_code": "Postleitzahl",
    "country": "Land",
    "nationality": "Staatsangehörigkeit",
    "email": "E-Mail-Adresse",
    "phone": "Telefonnummer",
    "iban": "IBAN",
    "bic": "BIC",
    "tax_id": "Steuer-ID",
    "licence_plate": "Kfz-Kennzeichen",
    "register_entry": "Registereintrag",
    "calculated": "Berechnetes Feld",
    STATIC: "Fester Text",
    GROUP: "Gruppe",
    REPEATED: "Wiederholte Gruppe",
}

_WORDS = ("text", "multiline", "email", "phone", "postal_code", "iban", "bic", "tax_id", "licence_plate")
_FAMILIES = (_WORDS, ("decimal", "currency"), ("date", "partial_date"), ("country", "nationality"))


def fitting_types(kind: str) -> tuple[str, ...]:
    """The types that a field of this type can become; its answers have the same form there."""
    return next((family for family in _FAMILIES if kind in family), (kind,))


@cache
def keys_of(kind: str) -> frozenset[str]:
    """What a step or an item of this type may say, by the schema of definitions."""
    schema = json.loads(_SCHEMA.read_text(encoding="utf-8"))["$defs"]
    if kind == "step":
        return frozenset(schema["step"]["properties"])
    for case in schema["item"]["allOf"]:
        told = case["if"]["properties"]["type"]
        if kind in told.get("enum", [told.get("const")]):
            return frozenset(schema[case["then"]["$ref"].rpartition("/")[2]]["properties"])
    raise KeyError(kind)


def new_item(kind: str, key: str, label: str) -> Node:
    """An item of this kind that can be loaded as it is; what it holds is for its author to change."""
    text = {"de": label}
    if kind == STATIC:
        return {"type": "static", "key": key, "text": text}
    if kind in (GROUP, REPEATED):
        group: Node = {"type": "group", "key": key, "title": text}
        if kind == REPEATED:
            group["repeat"] = {"min": 1, "max": 5, "instance": text, "add": {"de": f"{label} hinzufügen"}}
        return group | {"items": [new_question()]}
    return {"type": kind, "key": key, "label": text} | _FIRST.get(kind, {})


def new_question(key: str = "neue_frage") -> Node:
    """What a new step or group begins with, for neither may be empty."""
    return {"type": "text", "key": key, "label": {"de": NEW_QUESTION}}


_OPTIONS: list[Node] = [
    {"value": "erste_antwort", "label": {"de": NEW_ANSWERS[0]}},
    {"value": "zweite_antwort", "label": {"de": NEW_ANSWERS[1]}},
]
_FIRST: dict[str, dict[str, Any]] = {
    "choice": {"options": _OPTIONS},
    "choices": {"options": _OPTIONS},
    "file": {"accept": ["pdf", "jpg", "png"], "max_size_mb": 10, "max_files": 2},
    "calculated": {"value": NEW_FORMULA},
}
