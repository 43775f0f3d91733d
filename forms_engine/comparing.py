"""Two definitions compared, and one laid out, in German words. A question is the same when its path is the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import Enum
from typing import Any

from forms_engine.wording import TYPES, Wording

_LANGUAGES = {"de": "Deutsch", "en": "Englisch"}
_TEXTS = {"title": "Überschrift", "label": "Bezeichnung", "hint": "Hilfe", "intro": "Einleitung", "text": "Text"}
_NAMES = {
    "required": "Nötig",
    "optional": "Kann leer bleiben",
    "min": "Mindestens",
    "max": "Höchstens",
    "min_length": "Zeichen mindestens",
    "max_length": "Zeichen höchstens",
    "charset": "Zeichensatz",
    "unit": "Einheit",
    "decimals": "Stellen nach dem Komma",
    "accept": "Dateiarten",
    "max_size_mb": "Größe höchstens (MB)",
    "max_files": "Dateien höchstens",
    "prefill": "Wird gefüllt mit",
    "role": "Rolle",
    "search": "In der Suche",
    "privacy": "Datenschutz",
    "autocomplete": "Hilfe des Browsers",
    "care_of": "Fragt nach „bei“",
    "no_fixed_abode": "Ohne feste Anschrift möglich",
    "code_list": "Codeliste",
}
_OWN_WORDS = frozenset(
    {"type", "key", "items", "steps", "when", "options", "rules", "repeat", "pattern", "error", "value"}
)


class Kind(Enum):
    ADDED = "neu"
    REMOVED = "entfällt"
    MOVED = "verschoben"
    CHANGED = "geändert"


@dataclass(frozen=True, slots=True)
class Property:
    """What one part says under one name; empty if it says nothing there."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One part of the form that differs. `path` is a step's key or the path of a group, question or text."""

    kind: Kind
    what: str
    path: str
    label: str
    properties: tuple[Property, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One part of a definition laid out for reading."""

    what: str
    path: str
    label: str
    place: str  # the step, and the groups around it
    kind: str  # type in words; empty for steps
    properties: dict[str, str] = field(default_factory=dict)


def lines(definition: Mapping[str, Any]) -> list[Line]:
    """Everything that a definition says, in the order of its pages: the form, steps, groups, questions, texts."""
    return list(_Layout(definition).lines())


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What is different, in the order of the new form; what is gone comes last. Empty if nothing is."""
    old = {(line.what, line.path) if line.what == "Schritt" else line.path: line for line in lines(before)}
    new = {(line.what, line.path) if line.what == "Schritt" else line.path: line for line in lines(after)}
    moved = _moved(before, after)
    changes: list[Change] = []
    for key, line in new.items():
        was = old.get(key)
        if was is None:
            changes.append(Change(Kind.ADDED, line.what, line.path, line.label, _all(line, is_new=True)))
            continue
        properties = _different(was, line)
        if was.place != line.place or key in moved:
            place = Property("Ort", was.place or "am Anfang", line.place or "am Anfang")
            if was.place == line.place:
                place = Property("Reihenfolge", moved[key][0], moved[key][1])
            changes.append(Change(Kind.MOVED, line.what, line.path, line.label, (place, *properties)))
        elif properties:
            changes.append(Change(Kind.CHANGED, line.what, line.path, line.label, properties))
    changes += [
        Change(Kind.REMOVED, line.what, line.path, line.label, _all(line, is_new=False))
        for key, line in old.items()
        if key not in new
    ]
    return changes


def _all(line: Line, *, is_new: bool) -> tuple[Property, ...]:
    told = ({"Art": line.kind} if line.kind else {}) | ({"Ort": line.place} if line.place else {}) | line.properties
    return tuple(Property(name, "" if is_new else words, words if is_new else "") for name, words in told.items())


def _different(was: Line, now: Line) -> tuple[Property, ...]:
    before = ({"Art": was.kind} if was.kind else {}) | was.properties
    after = ({"Art": now.kind} if now.kind else {}) | now.properties
    names = dict.fromkeys([*after, *before])
    return tuple(
        Property(name, before.get(name, ""), after.get(name, ""))
        for name in names
        if before.get(name, "") != after.get(name, "")
    )


def _moved(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[Any, tuple[str, str]]:
    """Who stands elsewhere among the same neighbours, and behind whom: enough of them to explain the new order."""
    old, new = dict(_siblings(before)), dict(_siblings(after))
    moved: dict[Any, tuple[str, str]] = {}
    for parent in old.keys() & new.keys():
        stayed = [each for each in old[parent] if each in new[parent]]
        now = [each for each in new[parent] if each in stayed]
        kept: set[Any] = set()
        for block in SequenceMatcher(a=stayed, b=now, autojunk=False).get_matching_blocks():
            kept |= set(now[block.b : block.b + block.size])
        moved |= {each: (_behind(each, stayed), _behind(each, now)) for each in now if each not in kept}
    return moved


def _behind(key: Any, order: list[Any]) -> str:
    place = order.index(key)
    if not place:
        return "an erster Stelle"
    before = order[place - 1]
    return f"nach „{before[1] if isinstance(before, tuple) else before}“"


def _siblings(definition: Mapping[str, Any]) -> Iterator[tuple[Any, list[Any]]]:
    yield "", [("Schritt", step["key"]) for step in definition["steps"]]
    for step in definition["steps"]:
        yield from _items(step["items"], ("Schritt", step["key"]), "")


def _items(items: list[Any], parent: Any, above: str) -> Iterator[tuple[Any, list[Any]]]:
    yield parent, [f"{above}{item['key']}" for item in items]
    for item in items:
        if item["type"] == "group":
            yield from _items(item["items"], f"{above}{item['key']}", f"{above}{item['key']}.")


class _Layout:
    def __init__(self, definition: Mapping[str, Any]) -> None:
        self._definition = definition
        self._words = Wording(definition)

    def lines(self) -> Iterator[Line]:
        whole = self._definition
        about = _texts(whole) | self._rules(whole, "")
        for name, area in whole.get("areas", {}).items():
            about[f"Gebiet „{name}“"] = "; ".join(_stretch(stretch) for stretch in area)
        yield Line("Formular", "", whole["title"]["de"], "", "", about)
        for step in whole["steps"]:
            title = step["title"]["de"]
            yield Line("Schritt", step["key"], title, "", "", _texts(step) | self._when(step, ""))
            yield from self._below(step["items"], f"Schritt „{title}“", "", "")

    def _below(self, items: list[Any], place: str, above: str, inside: str) -> Iterator[Line]:
        for item in items:
            path = f"{above}{item['key']}"
            around = path if "repeat" in item else inside
            is_group = item["type"] == "group"
            what = "Gruppe" if is_group else "Text" if item["type"] == "static" else "Frage"
            label = (item.get("label") or item.get("title") or item.get("text"))["de"]
            told = _texts(item) | self._when(item, inside) | self._own(item, inside) | self._rules(item, around)
            yield Line(what, path, label, place, TYPES.get(item["type"], item["type"]), told)
            if is_group:
                yield from self._below(item["items"], f"{place}, Gruppe „{label}“", f"{path}.", around)

    def _when(self, raw: Mapping[str, Any], inside: str) -> dict[str, str]:
        return {"Bedingung": self._words.condition(raw["when"], inside)} if "when" in raw else {}

    def _rules(self, raw: Mapping[str, Any], inside: str) -> dict[str, str]:
        told: dict[str, str] = {}
        for rule in raw.get("rules", ()):
            name = f"Regel bei „{self._words.name(rule['at'], inside)}“"
            words = self._words.rule(rule, inside)
            if "en" in rule["message"]:
                words += f" (Englisch: {rule['message']['en']})"
            told[name] = f"{told[name]} {words}" if name in told else words
        return told

    def _own(self, raw: Mapping[str, Any], inside: str) -> dict[str, str]:
        told = {_NAMES.get(key, key): _plain(raw[key]) for key in raw if key not in _OWN_WORDS | set(_TEXTS)}
        for option in raw.get("options", ()):
            name = f"Antwort „{option['value']}“"
            told[name] = " / ".join(option["label"].values())
            if "hint" in option:
                told[name] += f" (Hilfe: {' / '.join(option['hint'].values())})"
            if "when" in option:
                told[name] += f" (nur wenn {self._words.condition(option['when'], inside)})"
        if "repeat" in raw:
            repeat = raw["repeat"]
            told["Wiederholt"] = f"{repeat['min']}- bis {repeat['max']}-mal"
            told["Ein Eintrag heißt"] = " / ".join(repeat["instance"].values())
            told["Knopf"] = " / ".join(repeat["add"].values())
        if "pattern" in raw:
            told["Muster"] = raw["pattern"]["re"]
            told["Satz zum Muster"] = " / ".join(raw["pattern"].get("message", {}).values())
        for key, text in raw.get("error", {}).items():
            told["Satz, wenn es fehlt" if key == "missing" else "Satz, wenn es falsch ist"] = " / ".join(text.values())
        if "value" in raw:
            told["Rechnung"] = self._words.formula(raw["value"], inside)
        return told


def _texts(raw: Mapping[str, Any]) -> dict[str, str]:
    return {
        f"{name} ({_LANGUAGES.get(language, language)})": words
        for key, name in _TEXTS.items()
        if isinstance(raw.get(key), Mapping)
        for language, words in raw[key].items()
    }


def _stretch(stretch: Mapping[str, Any]) -> str:
    return " ".join(f"{name} {value}" for name, value in stretch.items())


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_plain(each)}" for key, each in value.items())
    return str(value)
