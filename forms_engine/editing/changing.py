"""Changing what a step, group or field says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from forms_engine.editing.building import Edited
from forms_engine.editing.keys import key_from, keys_beside, option_value
from forms_engine.editing.kinds import NEW_QUESTION, fitting_types, keys_of
from forms_engine.editing.places import Address, Node, find, name_of, walk
from forms_engine.editing.references import tied, untied
from forms_engine.errors import DefinitionError
from forms_engine.loading import load

#: What names questions, and what is only valid together with it.
_NAMES_QUESTIONS = ("when", "value", "options", "code_list", "rules")
_FRESH = re.compile(r"neue_frage(_[0-9]+)?")
_PLACE = re.compile(r"\$\.steps\[(\d+)\]((?:\.items\[\d+\])*)\.?([a-z_.]*)[^:]*: (.*)", re.DOTALL)


def change(definition: Mapping[str, Any], at: Address, changes: Mapping[str, Any]) -> Edited:
    """With these keys of the definition's format; None takes one away.

    A new `key` is followed by all that names the question. A new `type` takes along what it may say; its answers
    have the same form. A question that was never named is given a key like its first real label.
    """
    source = deepcopy(dict(definition))
    before = find(source, at)
    naming = {key: value for key, value in changes.items() if key in _NAMES_QUESTIONS and value != before.get(key)}
    if naming:  # what names questions has to name them by the keys that they have before the change
        _set(before, naming)
        load(source)
    copy = untied(source)
    node = find(copy, at)
    _change_type(node, changes.get("type"))
    if changes.get("key", node["key"]) == node["key"]:
        changes = {key: value for key, value in changes.items() if key != "key"}
        _name_fresh_question(copy, at, node, changes.get("label"))
    _set(node, {key: value for key, value in changes.items() if key not in _NAMES_QUESTIONS})
    here = Address(node["key"]) if at.parent is None else Address(at.step, (*at.path[:-1], node["key"]))
    return Edited(load(tied(copy)), here)


def change_whole(
    definition: Mapping[str, Any], changes: Mapping[str, Any], renamed: Mapping[str, str] | None = None
) -> Node:
    """The form with another title, other rules or areas; None takes one away. Its key stays.

    `renamed` are areas by their old names: what names them follows.
    """
    changed = deepcopy(dict(definition))
    _set(changed, changes)
    return load(_with_areas(changed, renamed) if renamed else changed)


def _with_areas(part: Any, renamed: Mapping[str, str]) -> Any:
    if isinstance(part, list):
        return [_with_areas(below, renamed) for below in part]
    if not isinstance(part, dict):
        return part
    if isinstance(part.get("in_area"), list):
        operand, name = part["in_area"]
        return {"in_area": [operand, renamed.get(name, name)]}
    return {key: _with_areas(below, renamed) for key, below in part.items()}


def _set(node: Node, changes: Mapping[str, Any]) -> None:
    for key, value in changes.items():
        if value is None:
            node.pop(key, None)
        else:
            node[key] = value


def _change_type(node: Node, kind: str | None) -> None:
    if kind is None or kind == node.get("type"):
        return
    if kind not in fitting_types(node.get("type", "")):
        raise DefinitionError(
            [f"Antworten auf „{name_of(node)}“ passen nicht in diese Feldart. Fügen Sie ein neues Feld ein."]
        )
    for key in node.keys() - keys_of(kind):
        del node[key]
    node["type"] = kind


def _name_fresh_question(copy: Node, at: Address, node: Node, label: Mapping[str, str] | None) -> None:
    around = at.parent
    if label is None or around is None or not _FRESH.fullmatch(node["key"]):
        return
    if node.get("label", {}).get("de") == NEW_QUESTION and label["de"] != NEW_QUESTION:
        node["key"] = key_from(label["de"], keys_beside(copy, around) - {node["key"]})


def changed_options(
    options: Iterable[Mapping[str, Any]],
    german: Sequence[str],
    english: Sequence[str],
    hints: tuple[Sequence[str], Sequence[str]],
) -> list[Node]:
    """The options of these labels, in this order. Who keeps its label, or its place among as many, keeps its value.

    English labels and the help (German, English) belong to the German label in the same place; blank is none.
    """
    old = list(options)
    by_label: dict[str, list[Mapping[str, Any]]] = {}
    for option in reversed(old):  # two of one label are taken in their order
        by_label.setdefault(option["label"]["de"], []).append(option)
    same_number = len(german) == len(old)
    kept = [
        (by_label[label].pop() if by_label.get(label) else None)
        or (old[place] if same_number and old[place]["label"]["de"] not in german else None)
        for place, label in enumerate(german)
    ]
    taken = {option["value"] for option in kept if option}
    new = []
    for place, (label, known) in enumerate(zip(german, kept, strict=True)):
        value = known["value"] if known else option_value(label, taken | {option["value"] for option in old})
        taken.add(value)
        told = {"value": value, "label": _both(label, english, place)}
        if hint := _line(hints[0], place):
            told["hint"] = _both(hint, hints[1], place)
        new.append(told | ({"when": known["when"]} if known and "when" in known else {}))
    return new


def _both(german: str, english: Sequence[str], place: int) -> dict[str, str]:
    translated = _line(english, place)
    return {"de": german} | ({"en": translated} if translated else {})


def _line(lines: Sequence[str], place: int) -> str:
    return lines[place].strip() if place < len(lines) else ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One sentence of a refusal: at which node and which of its keys (`repeat.max`), as far as it says so."""

    at: Address | None
    key: str
    sentence: str


def faults(error: DefinitionError, definition: Mapping[str, Any]) -> list[Fault]:
    """What a refusal says, in the terms of an author in place of those of JSON."""
    by_place = _addresses_by_place(definition)
    found = []
    for problem in error.problems:
        match = _PLACE.fullmatch(problem)
        at = by_place.get((match[1], match[2])) if match else None
        sentence = match[4] if match else problem.partition(": ")[2] if problem.startswith("$") else problem
        found.append(Fault(at, match[3] if match else "", sentence))
    return found


def _addresses_by_place(definition: Mapping[str, Any]) -> dict[tuple[str, str], Address]:
    found: dict[tuple[str, str], Address] = {}
    places: dict[Address, tuple[str, str]] = {}
    counted: dict[Address, int] = {}
    for number, (at, _node) in enumerate(each for each in walk(definition) if not each[0].path):
        places[at] = (str(number), "")
    for at, _node in walk(definition):
        if at.parent is not None:
            step, above = places[at.parent]
            position = counted.get(at.parent, 0)
            counted[at.parent] = position + 1
            places[at] = (step, f"{above}.items[{position}]")
        found[places[at]] = at
    return found
