"""Translations of a schema (message 0106): its English texts become those of a form that came from it."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from forms_engine.errors import DefinitionError
from forms_engine.xdatenfelder.elements import Element
from forms_engine.xdatenfelder.fields import LONGEST_TEXT, TAG
from forms_engine.xdatenfelder.translating import key_of

_MESSAGE = "xdatenfelder.uebersetzung.0106"


#: What the key of an element has behind it where the element stands in its group a second time.
_AGAIN = re.compile(r"_[0-9]+$")
#: How many elements a sentence names.
MOST_NAMED = 20
_COUNTED = {
    "label": ("Bezeichnung", "Bezeichnungen"),
    "help": ("Hilfetext", "Hilfetexte"),
    "value": ("Antwort", "Antworten"),
    "content": ("fester Text", "feste Texte"),
    "message": ("Meldung einer Regel", "Meldungen von Regeln"),
}


@dataclass(frozen=True, slots=True)
class Texts:
    """The English texts of one element; `values` and their help by code, `content` of a text that is only shown."""

    label: str
    help: str
    values: Mapping[str, str] = field(default_factory=dict)
    content: str = ""
    value_helps: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Translation:
    schema_id: str
    texts: Mapping[str, Texts]  # by the id of the element
    messages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of each rule, by its id


@dataclass(slots=True)
class InEnglish:
    """A definition with its English texts, and what became of the translation: how many of each kind, what was left."""

    definition: dict[str, Any]
    taken: Counter[str] = field(default_factory=Counter)
    left: list[str] = field(default_factory=list)
    known: set[str] = field(default_factory=set)  # ids of elements and rules that have a place

    def sentences(self) -> list[str]:
        """For the report."""
        counted = [f"{number} {_COUNTED[kind][number != 1]}" for kind, number in self.taken.items() if number]
        return [f"Übersetzt: {', '.join(counted) or 'nichts'}.", *self.left]


def is_translation(root: Element) -> bool:
    return root.name == _MESSAGE


def read_translation(root: Element) -> Translation:
    """The English texts in a message. Raises DefinitionError with a German sentence."""
    schema_id = _id(root)
    english = [each for each in root.all("sprache") if each.attributes.get("lang", "").lower().startswith("en")]
    if not schema_id or not english:
        raise DefinitionError(["Die Übersetzung nennt kein Schema oder enthält kein Englisch."])
    elements = [each for each in english[0].all("element") if _id(each)]
    return Translation(schema_id, {_id(each): _texts(each) for each in elements}, dict(_messages(elements)))


def in_english(definition: dict[str, Any], translation: Translation) -> InEnglish:
    """The definition with the English texts of the translation; what it has no text for stays as it is, and is told."""
    made = InEnglish(copy.deepcopy(definition))
    translated = made.definition
    titles: dict[str, str] = {}
    whole = translation.texts.get(translation.schema_id)
    if whole is not None and whole.label:
        titles[translated["title"]["de"]] = translated["title"]["en"] = whole.label
        made.taken["label"] += 1
    missing = []
    by_key = {key_of(fim_id): fim_id for fim_id in translation.texts}
    for item in _items(translated):
        _number(item, by_key)
        fim_id = item.get("fim", "")
        if (texts := translation.texts.get(fim_id)) is not None:
            made.known.add(fim_id)
            _fill(item, texts, titles, made)
        elif fim_id:
            missing.append(fim_id)
    for named in (*translated["steps"], *(item for item in _items(translated) if _is_around_one(item))):
        if named["title"]["de"] in titles:
            named["title"]["en"] = titles[named["title"]["de"]]
    for check in _checks(translated):
        said_in_english(check, check.get("fim", ""), translation.messages, made)
    nowhere = translation.texts.keys() - made.known - {translation.schema_id}
    made.left += _named("Diese Elemente der Übersetzung hat das Formular nicht", nowhere)
    made.left += _named("Diese Elemente hat die Übersetzung nicht", missing)
    return made


def _number(item: dict[str, Any], by_key: Mapping[str, str]) -> None:
    """Gives a shown text that was imported before texts had numbers the one that its key was made from, in place."""
    if item["type"] == "static" and "fim" not in item and (fim_id := by_key.get(_AGAIN.sub("", item["key"]))):
        item["fim"] = fim_id


def said_in_english(
    check: dict[str, Any], rule_id: str, messages: Mapping[str, tuple[str, ...]], made: InEnglish
) -> None:
    """Puts the English message of a rule at its check, in place. Of several nobody knows which one is meant."""
    told = messages.get(rule_id, ())
    if len(told) == 1:
        check["message"]["en"] = told[0]
        made.taken["message"] += rule_id not in made.known
    if told:
        made.known.add(rule_id)


def unused_messages(translation: Translation, made: InEnglish) -> list[str]:
    """Sentences on messages that nothing says in this form."""
    several = [rule_id for rule_id, told in translation.messages.items() if len(told) > 1]
    nowhere = translation.messages.keys() - made.known - set(several)
    return [
        *_named("Diese Regeln haben mehrere Meldungen. Wählen Sie bei „Sprachen“ selbst", several),
        *_named("Diese Regeln der Übersetzung prüft das Formular nicht", nowhere),
    ]


def _named(sentence: str, ids: Iterable[str]) -> list[str]:
    found = sorted(set(ids))
    more = f" und {len(found) - MOST_NAMED} weitere" if len(found) > MOST_NAMED else ""
    return [f"{sentence}: {', '.join(found[:MOST_NAMED])}{more}."] if found else []


def _is_around_one(item: Mapping[str, Any]) -> bool:
    """A question that may be answered several times stands alone in a group of its own, which no schema knows."""
    return item["type"] == "group" and "fim" not in item


def _checks(definition: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from definition.get("rules", ())
    for item in _items(definition):
        yield from item.get("rules", ())


def _fill(item: dict[str, Any], texts: Texts, titles: dict[str, str], made: InEnglish) -> None:
    if item["type"] == "static":
        if texts.content:
            item["text"]["en"] = texts.content
        made.taken["content"] += bool(texts.content)
        made.left += [] if texts.content else _named("Ohne „inhalt“ bleibt dieser Text deutsch", [item["fim"]])
        return
    if texts.content:
        made.left += _named("„inhalt“ ist im Formular kein fester Text", [item["fim"]])
    name = "title" if item["type"] == "group" else "label"
    if texts.label:
        item[name]["en"] = titles[item[name]["de"]] = texts.label
        made.taken["label"] += 1
    _help(item, texts.help, item["fim"], made)
    values = {option["value"]: option for option in item.get("options", ())}
    for code, said in texts.values.items():
        if said and code in values:
            values[code]["label"]["en"] = said
            made.taken["value"] += 1
        elif said:
            made.left.append(f"{item['fim']}: Die Antwort „{code[:60]}“ hat das Formular nicht.")
    for code, help_of_it in texts.value_helps.items():
        if code in values:
            _help(values[code], help_of_it, f"{item['fim']}, Antwort „{code[:60]}“", made)


def _help(helped: dict[str, Any], english: str, name: str, made: InEnglish) -> None:
    """The help of a question or of one of its answers, in place."""
    if english and "hint" in helped:
        helped["hint"]["en"] = english
        made.taken["help"] += 1
    elif english:
        made.left += _named("Der Hilfetext hat keinen deutschen, zu dem er gehört", [name])


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
    offered = list(values.all("wert")) if values else []
    told = {each.said("code"): _words(each, "name") for each in offered}
    helps = {each.said("code"): words for each in offered if (words := " ".join(each.said("hilfe").split()))}
    content = " ".join(TAG.sub("", element.said("inhalt")).split())[:LONGEST_TEXT]
    return Texts(_words(element, "bezeichnungEingabe"), _words(element, "hilfetextEingabe"), told, content, helps)


def _messages(elements: Iterable[Element]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(rule, its messages): a rule may be told at several elements, in the same words."""
    for element in elements:
        for rule in element.all("regel"):
            said = (" ".join(error.text.split())[:LONGEST_TEXT] for error in rule.all("fehler"))
            if _id(rule) and (found := tuple(dict.fromkeys(message for message in said if message))):
                yield _id(rule), found


def _words(element: Element, name: str) -> str:
    return " ".join(element.said(name).split())[:LONGEST_TEXT]
