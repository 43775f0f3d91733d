"""What a condition may ask at a place: which questions, which comparisons fit each, which values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, TypeAlias

from forms_engine.editing.places import Address, Node, find, instance_around, name_from, name_of, walk
from forms_engine.field_types import FIELD_TYPES
from forms_engine.structure import Path
from forms_engine.wording import Wording, value_in_words

_ORDER = {
    "equal": "ist",
    "not_equal": "ist nicht",
    "less_than": "ist kleiner als",
    "less_or_equal": "ist höchstens",
    "greater_than": "ist größer als",
    "greater_or_equal": "ist mindestens",
}
_TIMES = {
    "equal": "ist",
    "not_equal": "ist nicht",
    "less_than": "ist vor",
    "less_or_equal": "ist spätestens",
    "greater_than": "ist nach",
    "greater_or_equal": "ist frühestens",
}
_FILLED = {"is_filled": "ist ausgefüllt", "is_empty": "ist leer"}
_SAME = {"equal": "ist", "not_equal": "ist nicht"}

#: How the answers to each type are compared, and what an author reads.
COMPARISONS: dict[str, dict[str, str]] = {
    **dict.fromkeys(("number", "decimal", "currency"), _ORDER | _FILLED),
    **dict.fromkeys(("date", "partial_date", "time", "datetime"), _TIMES | _FILLED),
    **dict.fromkeys(("choice", "country", "nationality"), _SAME | _FILLED),
    "yes_no": {"equal": "ist"} | _FILLED,
    "choices": {"contains": "enthält", "lacks": "enthält nicht"} | _FILLED,
    **dict.fromkeys(("person_name", "register_entry", "address", "file", "consent"), _FILLED),
    "count": _ORDER,
}
_AREAS = {"in_area": "liegt im Gebiet", "outside_area": "liegt nicht im Gebiet"}
_WORDS = _SAME | {"starts_with": "beginnt mit"} | _FILLED

_SUBJECTS = {"step": "Der Schritt erscheint", "group": "Die Gruppe erscheint", "static": "Der Text erscheint"}

YES, NO = "ja", "nein"
_NO_LISTS: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Question:
    """What can be named: `name` is its path as a condition writes it, with `#` before it where it is counted."""

    name: str
    label: str
    kind: str
    options: tuple[tuple[str, str], ...] = ()  # value and label, where only these can be answered

    @property
    def comparisons(self) -> dict[str, str]:
        found = COMPARISONS.get(self.kind, _WORDS)
        return _AREAS | found if self.kind == "address" and self.options else found


#: The options of the code lists that a form follows, by list, as they would stand in a definition.
Lists: TypeAlias = Mapping[str, list[dict[str, Any]]]


def choices(definition: Mapping[str, Any], at: Address, lists: Lists = _NO_LISTS) -> list[Question]:
    """The questions that a condition at this place may name: none of itself, and of no step that it hides.

    Of the place of an address the form's own areas are the options.
    """
    inside = instance_around(definition, at) if at.path else ()
    return [
        question
        for address, question in _all_questions(definition, inside, lists)
        if address != at and not at.is_around(address)
    ]


def of_rules(definition: Mapping[str, Any], at: Address | None, lists: Lists = _NO_LISTS) -> list[Question]:
    """The questions that the rules of a group, or of the form (None), may name: all there are."""
    inside = inside_of_rules(definition, at)
    path = tuple(inside.split(".")) if inside else ()
    return [question for _address, question in _all_questions(definition, path, lists)]


def inside_of_rules(definition: Mapping[str, Any], at: Address | None) -> str:
    """The repeated group that `./` means in the rules of a group, or of the form (None)."""
    if at is None or not at.path:
        return ""
    return ".".join(at.path if "repeat" in find(definition, at) else instance_around(definition, at))


def _all_questions(definition: Mapping[str, Any], inside: Path, lists: Lists) -> Iterator[tuple[Address, Question]]:
    nodes = dict(walk(definition))
    areas = tuple((name, name) for name in definition.get("areas", ()))
    for address, node in nodes.items():
        if not address.path:
            continue
        for question in _questions(nodes, address, node, inside):
            if question.kind == "address":
                question = replace(question, options=areas)
            elif question.kind in ("choice", "choices") and not question.options:
                listed = lists.get(node.get("code_list", {}).get("uri", ""), ())
                question = replace(question, options=tuple(_options({**node, "options": listed})))
            yield address, question


def takes_answer_of(question: Question, other: Question) -> bool:
    """Can the answer to one question be compared with the answer to the other?"""
    return other.name != question.name and _FAMILY.get(question.kind, question.kind) == _FAMILY.get(
        other.kind, other.kind
    )


#: Kinds that are compared with one another; all others only with their own.
_FAMILY = dict.fromkeys(("number", "decimal", "currency"), "number") | dict.fromkeys(("date", "partial_date"), "day")


def _questions(nodes: Mapping[Address, Node], at: Address, node: Node, inside: Path) -> Iterator[Question]:
    name, label = name_from(at.path, inside), _label(nodes, at, node, inside)
    if node["type"] == "group":
        if "repeat" in node and name:
            yield Question(f"#{name}", f"Anzahl: {label}", "count")
    elif node["type"] in FIELD_TYPES and name:
        yield Question(name, label, node["type"], tuple(_options(node)))
        if FIELD_TYPES[node["type"]].counted:
            yield Question(f"#{name}", f"Anzahl: {label}", "count")


def _label(nodes: Mapping[Address, Node], at: Address, node: Node, inside: Path) -> str:
    """With its groups, and with a word on where one of several instances is enough."""
    groups = [Address(at.step, at.path[:length]) for length in range(1, len(at.path))]
    far = [group for group in groups if group.path != inside[: len(group.path)]]
    around = [nodes[group] for group in far]
    words = [f"{name_of(each)} (einer genügt)" if "repeat" in each else name_of(each) for each in around]
    return " › ".join([*words, name_of(node)])


def _options(node: Node) -> Iterator[tuple[str, str]]:
    if node["type"] == "yes_no":
        yield from ((YES, "Ja"), (NO, "Nein"))
    for option in node.get("options", ()):
        yield option["value"], option["label"]["de"]


# --- values ----------------------------------------------------------------------------------------------------------

_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_NUMBER = re.compile(r"-?[0-9]{1,15}")
_DECIMAL = re.compile(r"-?[0-9]{1,15}([.,][0-9]{1,12})?")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")


def of_options(definition: Mapping[str, Any], at: Address, when: Mapping[str, Any] | None) -> str:
    """When an answer of the choice at a place can be chosen."""
    if when is None:
        return "Die Antwort steht immer da."
    inside = ".".join(instance_around(definition, at))
    return f"Die Antwort steht da, wenn gilt: {Wording(definition).condition(when, inside)}."


def sentence(definition: Mapping[str, Any], at: Address) -> str:
    """When the step, group or question at a place is shown."""
    node = find(definition, at)
    subject = _SUBJECTS.get(node.get("type", "step"), "Die Frage erscheint")
    if "when" not in node:
        return f"{subject} immer."
    inside = ".".join(instance_around(definition, at))
    return f"{subject}, wenn gilt: {Wording(definition).condition(node['when'], inside)}."


def literal(question: Question, words: str) -> Any:
    """The value of a condition that these words mean for this question; ValueError with a German sentence."""
    words = words.strip()
    if not words:
        raise ValueError(f"Geben Sie einen Wert für „{question.label}“ ein.")
    if question.options:
        return _chosen(question, words)
    match question.kind:
        case "number" | "count":
            if _NUMBER.fullmatch(words):
                return int(words)
            raise ValueError("Geben Sie eine ganze Zahl ein, zum Beispiel 3.")
        case "decimal" | "currency":
            if _DECIMAL.fullmatch(words):
                return words.replace(",", ".")
            raise ValueError("Geben Sie eine Zahl ein, zum Beispiel 12,50.")
        case "date" | "partial_date":
            return _day(words)
        case "datetime":
            day, _, hour = words.replace(",", " ").replace("T", " ").partition(" ")
            return f"{_day(day)}T{_clock(hour.strip())}"
        case "time":
            return _clock(words)
    return words


def in_words(question: Question, value: Any) -> str:
    """The words of a value, as an author types them."""
    if question.kind == "yes_no":
        return YES if value is True else NO
    return value_in_words(question.kind, value)


def _chosen(question: Question, words: str) -> Any:
    for value, label in question.options:
        if words in (value, label) or words.casefold() == label.casefold():
            return value == YES if question.kind == "yes_no" else value
    raise ValueError(f"„{words}“ ist keine Antwort auf „{question.label}“. Wählen Sie eine aus.")


def _day(words: str) -> str:
    match = _DAY.fullmatch(words)
    try:
        return date(int(match[3]), int(match[2]), int(match[1])).isoformat() if match else _iso(words)
    except ValueError:
        raise ValueError("Geben Sie einen Tag ein, zum Beispiel 3.5.2027.") from None


def _iso(words: str) -> str:
    return date.fromisoformat(words).isoformat()


def _clock(words: str) -> str:
    if match := _CLOCK.fullmatch(words):
        return f"{int(match[1]):02}:{match[2]}"
    raise ValueError("Geben Sie eine Uhrzeit ein, zum Beispiel 14:30.")
