"""What places and values of a comparison are called, so that an author finds them again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forms_engine.sharing.merging import MISSING, Change, Conflict

_PARTS = {
    "label": gettext_lazy("Beschriftung"),
    "title": gettext_lazy("Titel"),
    "hint": gettext_lazy("Hinweis"),
    "intro": gettext_lazy("Einleitung"),
    "text": gettext_lazy("Text"),
    "error": gettext_lazy("Fehlermeldung"),
    "required": gettext_lazy("Pflicht"),
    "when": gettext_lazy("Bedingung"),
    "options": gettext_lazy("Auswahl"),
    "rules": gettext_lazy("Prüfregel"),
    "message": gettext_lazy("Meldung"),
    "pattern": gettext_lazy("Muster"),
    "type": gettext_lazy("Art der Frage"),
    "prefill": gettext_lazy("Vorausfüllen"),
    "repeat": gettext_lazy("Wiederholung"),
    "areas": gettext_lazy("Gebiete"),
    "order": gettext_lazy("Reihenfolge"),
    "step": gettext_lazy("Ort im Formular"),
    "fee": gettext_lazy("Gebühr"),
    "summary": gettext_lazy("Zusammenfassung"),
    "period": gettext_lazy("Zeitraum"),
    "sum": gettext_lazy("Betrag"),
    "price": gettext_lazy("Preis"),
    "amounts": gettext_lazy("Beträge"),
    "scale": gettext_lazy("Staffel"),
    "level": gettext_lazy("Anmeldung"),
    "is_answered": gettext_lazy("Wird beantwortet, nicht genehmigt"),
    "deadline_weeks": gettext_lazy("Frist in Wochen"),
    "deadline_working_days": gettext_lazy("Frist in Arbeitstagen"),
    "retention_months": gettext_lazy("Aufbewahrung in Monaten"),
    "privacy": gettext_lazy("Datenschutz"),
    "purpose": gettext_lazy("Zweck"),
    "legal_basis": gettext_lazy("Rechtsgrundlage"),
    "recipients": gettext_lazy("Empfänger"),
    "special": gettext_lazy("besondere Daten"),
    "texts": gettext_lazy("Text der Seite"),
    "teaser": gettext_lazy("Kurzbeschreibung"),
    "description": gettext_lazy("Beschreibung"),
    "requirements": gettext_lazy("Voraussetzungen"),
    "documents": gettext_lazy("Unterlagen"),
    "fees": gettext_lazy("Kosten"),
    "deadline": gettext_lazy("Fristen"),
    "duration": gettext_lazy("Dauer"),
    "procedure": gettext_lazy("Ablauf"),
    "remedy": gettext_lazy("Rechtsbehelf"),
    "permit_title": gettext_lazy("Name der Genehmigung"),
    "forms": gettext_lazy("Formulare"),
    "keywords": gettext_lazy("Suchwörter"),
    "de": gettext_lazy("deutsch"),
    "en": gettext_lazy("englisch"),
}


def part(name: str) -> str:
    """One step of a place; an option by its value, what has no word by its own name."""
    if name.isdigit():
        return str(int(name) + 1)
    return str(_PARTS.get(name, name.removeprefix("=")))


@dataclass(frozen=True, slots=True)
class Told:
    """A change or conflict in words. `sides` are its values: before and after, or base, ours and theirs."""

    place: str
    where: str
    sides: tuple[str, ...]


class Words:
    """Names the questions and steps of some definitions, the last one first."""

    def __init__(self, *definitions: Mapping[str, Any]) -> None:
        self._labels: dict[str, str] = {}
        for definition in definitions:
            self._labels["form"] = _("Formular")
            for step in definition["steps"]:
                self._labels[f"step:{step['key']}"] = _("Schritt „%(name)s“") % {"name": step["title"]["de"]}
                self._read(step["items"], "")

    def _read(self, items: list[dict[str, Any]], above: str) -> None:
        for item in items:
            path = f"{above}.{item['key']}" if above else item["key"]
            named = item.get("label") or item.get("title") or item.get("text")
            kind = _("Gruppe „%(name)s“") if item["type"] == "group" else _("Frage „%(name)s“")
            self._labels[f"item:{path}"] = kind % {"name": named["de"] if named else item["key"]}
            self._read(item.get("items", []), path)

    def change(self, change: Change) -> Told:
        return Told(change.place, self._where(change.place), (self._value(change.before), self._value(change.after)))

    def conflict(self, conflict: Conflict) -> Told:
        sides = (conflict.base, conflict.ours, conflict.theirs)
        return Told(conflict.place, self._where(conflict.place), tuple(map(self._value, sides)))

    def _where(self, place: str) -> str:
        first, *rest = place.split("/")
        named = self._labels.get(first) or part(first)
        return ": ".join([named, ", ".join(map(part, rest))]) if rest else named

    def _value(self, value: Any) -> str:
        if value is MISSING:
            return _("nicht vorhanden")
        if isinstance(value, bool):
            return _("ja") if value else _("nein")
        if isinstance(value, str):
            return self._labels.get(value, value)
        if isinstance(value, list):
            return ", ".join(map(self._value, value))
        if isinstance(value, dict):
            named = value.get("label") or value.get("title") or value.get("message")
            if isinstance(named, dict) and "de" in named:
                return str(named["de"])
            return ", ".join(f"{part(name)}: {self._value(inside)}" for name, inside in value.items())
        return str(value)
