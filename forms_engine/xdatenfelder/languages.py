"""Translations of a schema (message 0106): its English texts become those of a form that came from it."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from forms_engine.errors import DefinitionError
from forms_engine.xdatenfelder.elements import Element
from forms_engine.xdatenfelder.fields import LONGEST_TEXT

_MESSAGE = "xdatenfelder.uebersetzung.0106"


@dataclass(frozen=True, slots=True)
class Texts:
    """The English texts of one element; `values` by code."""

    label: str
    help: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Translation:
    schema_id: str
    texts: Mapping[str, Texts]  # by the id of the element


def is_translation(root: Element) -> bool:
    return root.name == _MESSAGE


def read_translation(root: Element) -> Translation:
    """The English texts in a message. Raises DefinitionError with a German sentence."""
    schema_id = _id(root)
    english = [each for each in root.all("sprache") if each.attributes.get("lang", "").lower().startswith("en")]
    if not schema_id or not english:
        raise DefinitionError(["Die Übersetzung nennt kein Schema oder enthält kein Englisch."])
    return Translation(schema_id, {_id(each): _texts(each) for each in english[0].all("element") if _id(each)})


def in_english(definition: dict[str, Any], translation: Translation) -> dict[str, Any]:
    """The definition with the English texts of the translation; what it has no text for stays as it is."""
    translated = copy.deepcopy(definition)
    titles: dict[str, str] = {}
    for item in _items(translated):
        if (texts := translation.texts.get(item.get("fim", ""))) is not None:
            _fill(item, texts, titles)
    whole = translation.texts.get(translation.schema_id)
    if whole is not None and whole.label:
        titles[translated["title"]["de"]] = translated["title"]["en"] = whole.label
    for step in translated["steps"]:
        if step["title"]["de"] in titles:
            step["title"]["en"] = titles[step["title"]["de"]]
    return translated


def _fill(item: dict[str, Any], texts: Texts, titles: dict[str, str]) -> None:
    name = "title" if item["type"] == "group" else "label"
    if texts.label:
        item[name]["en"] = titles[item[name]["de"]] = texts.label
    if texts.help and "hint" in item:
        item["hint"]["en"] = texts.help
    for option in item.get("options", ()):
        if texts.values.get(option["value"]):
            option["label"]["en"] = texts.values[option["value"]]


def _items(definition: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    waiting = [item for step in definition["steps"] for item in step["items"]]
    while waiting:
        item = waiting.pop()
        yield item
        waiting += item.get("items", ())


def _id(element: Element) -> str:
    told = element.one("uebersetzt")
    return told.said("id") if told else ""


def _texts(element: Element) -> Texts:
    values = element.one("werte")
    told = {each.said("code"): _words(each, "name") for each in values.all("wert")} if values else {}
    return Texts(_words(element, "bezeichnungEingabe"), _words(element, "hilfetextEingabe"), told)


def _words(element: Element, name: str) -> str:
    return " ".join(element.said(name).split())[:LONGEST_TEXT]
