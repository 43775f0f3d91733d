"""Rules of the federation's portal as conditions and checks of this engine.

A rule belongs to a *bearer*; its identifiers are paths below it. It is translated at each place where the bearer
stands, so that it runs per instance in repeated groups. `forbidden` hides its target, `required` and `validation`
are checks. All is evaluated in three values: what is not answered requires nothing and shows nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from forms_engine.errors import DefinitionError
from forms_engine.structure import Path
from forms_engine.xdatenfelder.changes import Change, make
from forms_engine.xdatenfelder.fields import text
from forms_engine.xdatenfelder.harmonised import plain_id
from forms_engine.xdatenfelder.schema import Schema
from forms_engine.xdatenfelder.translating import Placed, Translated, is_empty, named
from foundation import strict_json

Told: TypeAlias = Mapping[str, Any]

_COMPARED = ("equal", "not_equal", "less_than", "less_or_equal", "greater_than", "greater_or_equal")
_JOINED = ("and", "or", "xor")
_EFFECTS = {"require": "required", "forbid": "forbidden", "valid": "validation"}
_RULE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,59}")
_LEAP = [year for year in range(1804, 2200) if year % 4 == 0 and (year % 100 or year % 400 == 0)]


class Untranslatable(Exception):
    """The sentence says why."""


def read_rules(raw: bytes) -> list[Told]:
    """The rules of a file of the federation's portal. Raises DefinitionError with a German sentence."""
    try:
        rules = strict_json.parse(raw)
    except strict_json.NotStrict as error:
        raise DefinitionError([f"Die Datei mit Regeln: {error.sentence}"]) from None
    if not isinstance(rules, list) or not all(isinstance(rule, dict) and "condition" in rule for rule in rules):
        raise DefinitionError(["Die Datei mit Regeln ist keine Liste von Regeln."])
    return rules


def apply(rules: Iterable[Told], schema: Schema, translated: Translated) -> list[Change]:
    """Adds the rules of this schema to its definition; what cannot be translated becomes a warning.

    Out: what changed.
    """
    made: list[Change] = []
    for rule in rules:
        if rule.get("schema", schema.id) != schema.id:
            continue
        bearers = _bearers(rule, translated.root)
        if not bearers:
            translated.warnings.append(
                f"Die Datei mit Regeln nennt {rule.get('bearer')}. Das gibt es in diesem Schema nicht. Prüfen Sie, ob "
                "Regeln und Schema zur selben Fassung gehören."
            )
        for bearer in bearers:
            try:
                found = changes_at(rule, bearer)
            except Untranslatable as error:
                place = (bearer.item.get("title") or bearer.item.get("label") or translated.definition["title"])["de"]
                translated.warnings.append(
                    f"Eine übersetzte Regel bei „{place[:80]}“ ({bearer.id}) wirkt nicht: {error} Brauchen Sie sie, "
                    "schreiben Sie sie dort selbst."
                )
                continue
            for change in found:
                make(change, translated.definition)
            made += found
    return made


def _bearers(rule: Told, root: Placed) -> list[Placed]:
    wanted = plain_id(str(rule.get("bearer")))
    return [part for part in (root, *root.below()) if plain_id(part.id) == wanted]


def changes_at(rule: Told, bearer: Placed) -> list[Change]:
    """What a rule changes in the definition where it is held by `bearer`. Raises Untranslatable."""
    found: list[Change] = []
    told = rule.get("action") or rule.get("effect") or []
    for effect in [told] if isinstance(told, str) else told:
        match _EFFECTS.get(effect, effect):
            case "required":
                found += _required(rule, bearer)
            case "forbidden":
                found.append(_forbidden(rule, bearer))
            case "validation":
                questions = bearer.questions()
                require = _condition(rule["condition"], bearer, bearer.scope)
                found.append(_check(require, _named_first(rule["condition"], bearer) or questions[0], rule, bearer))
            case other:
                raise Untranslatable(f"Die Wirkung „{other}“ ist nicht bekannt.")
    return found


def _required(rule: Told, bearer: Placed) -> list[Change]:
    target = _part(rule.get("target"), bearer)
    if not target.questions():
        return []  # a text is there or not; nobody answers it
    condition = _condition(rule["condition"], bearer, bearer.scope)
    filled = {"not": is_empty(target, bearer.scope)}
    return [_check({"or": [{"not": condition}, filled]}, target.questions()[0], rule, bearer)]


def _forbidden(rule: Told, bearer: Placed) -> Change:
    target = _part(rule.get("target"), bearer)
    if target.inside != bearer.scope:
        raise Untranslatable("Ihr Ziel liegt in einer weiteren Wiederholung.")
    return Change(".".join(target.path), when={"not": _condition(rule["condition"], bearer, bearer.scope)})


def _check(require: Any, at: Placed, rule: Told, bearer: Placed) -> Change:
    message = str(rule.get("message") or "").strip() or "Prüfen Sie diese Angabe."
    known = {"fim": rule["id"]} if isinstance(rule.get("id"), str) and _RULE.fullmatch(rule["id"]) else {}
    check = known | {"require": require, "at": named(at.path, bearer.scope), "message": text(message)}
    return Change(".".join(bearer.scope), check=check)


# --- paths -----------------------------------------------------------------------------------------------------------


def _part(identifier: Any, bearer: Placed) -> Placed:
    """The part that an identifier names below the bearer: `self.G1.F2`; each id is the nearest one of that id.

    Some paths begin with the bearer itself.
    """
    found = bearer
    first, *others = str(identifier).removeprefix("self.").split(".")
    for fim_id in others if others and plain_id(first) == plain_id(bearer.id) else (first, *others):
        nearest = _nearest(plain_id(fim_id), found)
        if nearest is None:
            raise Untranslatable(f"{identifier} gibt es dort nicht.")
        found = nearest
    return found


def _nearest(wanted: str, above: Placed) -> Placed | None:
    level = above.children
    while level:
        found = [part for part in level if plain_id(part.id) == wanted]
        if found:
            return found[0] if len(found) == 1 else None
        level = [child for part in level for child in part.children]
    return None


def _named_first(condition: Any, bearer: Placed) -> Placed | None:
    """The first question that a condition names: there its message appears."""
    if isinstance(condition, Mapping):
        if "identifier" in condition:
            return next(iter(_part(condition["identifier"], bearer).questions()), None)
        condition = list(condition.values())
    if isinstance(condition, list):
        return next((found for part in condition if (found := _named_first(part, bearer))), None)
    return None


# --- conditions ------------------------------------------------------------------------------------------------------


def _condition(told: Any, bearer: Placed, scope: Path) -> dict[str, Any]:
    if not isinstance(told, Mapping) or len(told) != 1:
        raise Untranslatable("Ihre Bedingung ist nicht lesbar.")
    ((operator, content),) = told.items()
    if operator == "identifier":
        return {"equal": [_answer(content, bearer, scope), True]}
    if operator == "not":
        return {"not": _condition(content, bearer, scope)}
    if operator in _JOINED:
        return {operator: [_condition(part, bearer, scope) for part in content]}
    if operator == "is_empty":
        part = _part(content["identifier"], bearer)
        if not part.questions():
            raise Untranslatable(f"{content['identifier']} ist keine Frage.")
        return is_empty(part, scope)
    if operator == "is_valid_date":
        return _valid_date(*(_answer(part["identifier"], bearer, scope) for part in content))
    if operator in _COMPARED:
        left, right = content
        return {operator: [_operand(left, right, bearer, scope), _operand(right, left, bearer, scope)]}
    raise Untranslatable(f"Den Vergleich „{operator}“ kennt das Portal nicht.")


def _answer(identifier: Any, bearer: Placed, scope: Path) -> dict[str, str]:
    return {"answer": named(_question(identifier, bearer).path, scope)}


def _question(identifier: Any, bearer: Placed) -> Placed:
    part = _part(identifier, bearer)
    if len(part.questions()) != 1:
        raise Untranslatable(f"{identifier} ist eine Gruppe und lässt sich nicht vergleichen.")
    return part.questions()[0]


def _operand(told: Any, other: Any, bearer: Placed, scope: Path) -> Any:
    if isinstance(told, Mapping):
        return _answer(told.get("identifier"), bearer, scope)
    if isinstance(other, Mapping) and isinstance(told, bool):
        return _yes_or_no(told, _question(other.get("identifier"), bearer))
    if isinstance(other, Mapping) and isinstance(told, str):
        return _code(told, _question(other.get("identifier"), bearer))
    return told


def _yes_or_no(literal: bool, question: Placed) -> Any:
    """True or false as the question holds it; some ask for Ja and Nein by codes of their own."""
    if question.item["type"] == "yes_no":
        return literal
    word = "ja" if literal else "nein"
    codes = [each["value"] for each in question.item.get("options", ()) if each["label"]["de"].lower() == word]
    if len(codes) != 1:
        raise Untranslatable(f"{question.id} fragt nicht nach Ja oder Nein.")
    return codes[0]


def _code(literal: str, question: Placed) -> str:
    """The code that a literal means: some rules write "001 Ja" where the code is 001, some only what it is called."""
    codes = [option["value"] for option in question.item.get("options", ())]
    if question.item["type"] == "yes_no":
        raise Untranslatable(f"{question.id} hat keine Antwort „{literal}“, nur Ja und Nein.")
    if not codes or literal in codes:
        return literal
    head = literal.partition(" ")[0]
    if head in codes:
        return head
    named = [each["value"] for each in question.item["options"] if each["label"]["de"].lower() == literal.lower()]
    if len(named) == 1:
        return str(named[0])
    raise Untranslatable(f"{question.id} hat keine Antwort „{literal}“.")


def _valid_date(day: Any, month: Any, year: Any) -> dict[str, Any]:
    """Is there such a day? Said with comparisons, so that it is unknown while a part is missing."""
    exists = {
        "and": [
            {"greater_or_equal": [day, 1]},
            {"in": [month, list(range(1, 13))]},
            {"greater_or_equal": [year, 1]},
            {
                "or": [
                    {"less_or_equal": [day, 28]},
                    {"and": [{"less_or_equal": [day, 30]}, {"not_equal": [month, 2]}]},
                    {"and": [{"equal": [day, 31]}, {"in": [month, [1, 3, 5, 7, 8, 10, 12]]}]},
                    {"and": [{"equal": [day, 29]}, {"equal": [month, 2]}, {"in": [year, _LEAP]}]},
                ]
            },
        ]
    }
    # False where all parts are there, unknown where one is missing: then nobody is told off for half a date.
    missing = [{"not_equal": [part, part]} for part in (day, month, year)]
    return {"or": [exists, *missing]}
