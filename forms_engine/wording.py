"""Conditions, formulas and types of a form in German words, for those who write and check forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_COMPARISONS = {
    "equal": "ist",
    "not_equal": "ist nicht",
    "less_than": "ist kleiner als",
    "less_or_equal": "ist höchstens",
    "greater_than": "ist größer als",
    "greater_or_equal": "ist mindestens",
}
_DAY_COMPARISONS = {
    "less_than": "liegt vor",
    "less_or_equal": "liegt nicht nach",
    "greater_than": "liegt nach",
    "greater_or_equal": "liegt nicht vor",
}
_DAYS = frozenset({"date", "partial_date", "datetime", "time"})
_CASE = {
    "applicant_kind": "Wer den Antrag stellt",
    "level": "Das Vertrauensniveau",
    "submitted_on": "Der Tag des Eingangs",
}
_CASE_VALUES = {
    "person": "eine Person",
    "organisation": "eine Organisation",
    "guest": "ohne Konto",
    "none": "ohne Konto möglich",
    "basis": "mit Konto",
}
_FORMULAS = {"sum": " + ", "difference": " − ", "product": " × ", "quotient": " : "}
TYPES = {
    "text": "eine Zeile",
    "multiline": "mehrere Zeilen",
    "number": "ganze Zahl",
    "decimal": "Zahl mit Komma",
    "currency": "Betrag in Euro",
    "date": "Datum",
    "partial_date": "Datum, so weit bekannt",
    "time": "Uhrzeit",
    "datetime": "Tag und Uhrzeit",
    "yes_no": "Ja oder Nein",
    "choice": "eine Antwort von mehreren",
    "choices": "mehrere Antworten",
    "email": "E-Mail-Adresse",
    "phone": "Telefonnummer",
    "postal_code": "Postleitzahl",
    "iban": "IBAN",
    "bic": "BIC",
    "tax_id": "Steuer-ID",
    "licence_plate": "Kennzeichen",
    "country": "Staat",
    "nationality": "Staatsangehörigkeit",
    "person_name": "Name einer Person",
    "register_entry": "Eintrag im Register",
    "address": "Anschrift",
    "file": "Datei",
    "consent": "Erklärung zum Ankreuzen",
    "static": "fester Text",
    "calculated": "berechnete Zahl",
    "group": "Gruppe",
}


class Wording:
    """Says the conditions of one definition with the names of its questions; unknown paths are said as they are."""

    def __init__(self, definition: Mapping[str, Any]) -> None:
        self._known = {path: raw for step in definition["steps"] for path, raw in _below(step["items"], "")}

    def condition(self, raw: Mapping[str, Any], inside: str = "") -> str:
        """A condition as a German clause without a full stop; `inside` is the repeated group that `./` means."""
        ((operator, content),) = raw.items()
        match operator:
            case "and" | "or":
                word = " und " if operator == "and" else " oder "
                return word.join(self._part(part, inside, operator, len(content)) for part in content)
            case "xor":
                return "genau eins davon gilt: " + "; ".join(self.condition(part, inside) for part in content)
            case "not":
                return self._not(content, inside)
            case "is_empty":
                return f"{self.operand(content, inside)} ist leer"
            case "in":
                return self._in(content, inside)
            case "letter_between":
                return (
                    f"{self.operand(content[0], inside)} beginnt mit einem Buchstaben von {content[1]} bis {content[2]}"
                )
            case "starts_with":
                return f"{self.operand(content[0], inside)} beginnt mit „{content[1]}“"
            case "in_area":
                return f"{self.operand(content[0], inside)} liegt im Gebiet „{content[1]}“"
        return self._compared(operator, content, inside)

    def _not(self, content: Mapping[str, Any], inside: str) -> str:
        match content:
            case {"is_empty": operand}:
                return f"{self.operand(operand, inside)} ist ausgefüllt"
            case {"in": [str(value), {"answer": _} as among]}:
                value = self.operand(value, inside, self._asked(among, inside))
                return f"{self.operand(among, inside)} enthält nicht {value}"
        return f"es gilt nicht, dass {self.condition(content, inside)}"

    def _part(self, part: Mapping[str, Any], inside: str, around: str, number: int) -> str:
        words = self.condition(part, inside)
        return f"({words})" if number > 1 and next(iter(part)) in {"and", "or", "xor"} - {around} else words

    def _compared(self, operator: str, content: list[Any], inside: str) -> str:
        left, right = content
        if not isinstance(left, Mapping) and isinstance(right, Mapping):
            mirrored = {"less": "greater", "greater": "less"}
            word, _, rest = operator.partition("_")
            left, right = right, left
            operator = f"{mirrored[word]}_{rest}" if word in mirrored else operator
        raw = self._asked(left, inside)
        words = _COMPARISONS | (_DAY_COMPARISONS if raw and raw["type"] in _DAYS else {})
        return f"{self.operand(left, inside)} {words.get(operator, operator)} {self.operand(right, inside, raw)}"

    def _in(self, content: list[Any], inside: str) -> str:
        value, among = content
        if isinstance(among, list):
            raw = self._asked(value, inside)
            return f"{self.operand(value, inside)} ist eins von: {', '.join(self._value(each, raw) for each in among)}"
        raw = self._asked(among, inside)
        return f"{self.operand(among, inside)} enthält {self.operand(value, inside, raw)}"

    def operand(self, raw: Any, inside: str = "", of: Mapping[str, Any] | None = None) -> str:
        """One side of a comparison; `of` is the question that a value is an answer to."""
        if not isinstance(raw, Mapping):
            return self._value(raw, of)
        ((kind, name),) = raw.items()
        if kind == "case":
            return _CASE.get(str(name), str(name))
        called = f"„{self.name(name, inside)}“"
        return f"die Anzahl von {called}" if kind == "count" else called

    def _value(self, value: Any, of: Mapping[str, Any] | None) -> str:
        if isinstance(value, bool):
            return "Ja" if value else "Nein"
        for option in (of or {}).get("options", ()):
            if option["value"] == value:
                return f"„{option['label']['de']}“"
        if isinstance(value, str) and of is None:
            return str(_CASE_VALUES.get(value, f"„{value}“"))
        return value_in_words(str(of["type"]), value) if of else str(value)

    def _asked(self, raw: Any, inside: str) -> Mapping[str, Any] | None:
        if isinstance(raw, Mapping) and "answer" in raw:
            return self._known.get(_absolute(raw["answer"], inside))
        return None

    def name(self, path: str, inside: str = "") -> str:
        """What a question or group is called."""
        raw = self._known.get(_absolute(path, inside))
        return str((raw.get("label") or raw.get("title") or {}).get("de", path)) if raw else path

    def instance_around(self, path: str) -> str:
        """The path of the nearest repeated group around a question, which `./` means there; empty if there is none."""
        while path := path.rpartition(".")[0]:
            if "repeat" in self._known.get(path, {}):
                break
        return path

    def formula(self, raw: Any, inside: str = "") -> str:
        """A formula as it is written on paper."""
        if not isinstance(raw, Mapping) or set(raw) & {"answer", "count"}:
            return self.operand(raw, inside)
        ((operator, parts),) = raw.items()
        return "(" + _FORMULAS[operator].join(self.formula(part, inside) for part in parts) + ")"

    def rule(self, raw: Mapping[str, Any], inside: str = "") -> str:
        """A rule across questions in one sentence."""
        at = self.name(raw["at"], inside)
        return f"Bei „{at}“ muss gelten: {self.condition(raw['require'], inside)}. Sonst: {raw['message']['de']}"


def value_in_words(kind: str, value: Any) -> str:
    """A number or day of a condition as people write it; all else as it is."""
    if kind in ("decimal", "currency"):
        return str(value).replace(".", ",")
    if kind in ("date", "partial_date", "datetime"):
        day, _, hour = str(value).partition("T")
        parts = day.split("-")
        german = ".".join(part.lstrip("0") for part in reversed(parts)) if len(parts) == 3 else day
        return f"{german}, {hour}" if hour else german
    return str(value)


def _absolute(path: str, inside: str) -> str:
    return f"{inside}.{path[2:]}" if path.startswith("./") else path


def _below(items: list[Any], above: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for item in items:
        path = f"{above}.{item['key']}" if above else item["key"]
        yield path, item
        if item["type"] == "group":
            yield from _below(item["items"], path)
