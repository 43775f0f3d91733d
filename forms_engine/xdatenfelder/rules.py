"""Rules of the federation's portal as conditions and checks of this engine.

A rule belongs to a *bearer*; its identifiers are paths below it. It is translated at each place where the bearer
stands, so that it runs per instance in repeated groups. `forbidden` hides its target, `required` and `validation`
are checks. All is evaluated in three values: what is not answered requires nothing and shows nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from forms_engine.errors import DefinitionError
from forms_engine.structure import Path
from forms_engine.xdatenfelder.fields import text
from forms_engine.xdatenfelder.harmonised import plain_id
from forms_engine.xdatenfelder.schema import Rule, Schema
from forms_engine.xdatenfelder.translating import Placed, Translated, is_empty, named
from foundation import strict_json

Told: TypeAlias = Mapping[str, Any]

_COMPARED = ("equal", "not_equal", "less_than", "less_or_equal", "greater_than", "greater_or_equal")
_JOINED = ("and", "or", "xor")
_EFFECTS = {"require": "required", "forbid": "forbidden", "valid": "validation"}
_LEAP = [year for year in range(1804, 2200) if year % 4 == 0 and (year % 100 or year % 400 == 0)]
_ELEMENT = re.compile(r"\b[FG]\d{8}(?:\d{3})?\b")


class _Untranslatable(Exception):
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


def apply(rules: Iterable[Told], schema: Schema, translated: Translated) -> None:
    """Adds the rules of this schema to its definition; what cannot be translated becomes a warning."""
    for rule in rules:
        if rule.get("schema", schema.id) != schema.id:
            continue
        bearers = _bearers(rule, translated.root)
        if not bearers:
            translated.warnings.append(f"Regel an {rule.get('bearer')}: Dieses Element gibt es im Schema nicht.")
        for bearer in bearers:
            try:
                _apply(rule, bearer, translated.definition)
            except _Untranslatable as error:
                place = ".".join(bearer.path)
                translated.warnings.append(f"Regel an {place}: {error} Sie wirkt dort nicht.")


def proposals(schema: Schema) -> Iterator[str]:
    """A sentence for each rule in words: an author decides, nothing is switched on unseen."""
    known = {plain_id(part.id) for part in schema.parts()}
    for rule in schema.all_rules().values():
        if not rule.text:
            continue
        yield f"Regel {rule.id} wartet auf Ihre Entscheidung: „{' '.join(rule.text.split())[:600]}“"
        yield from _strangers(rule, known)


def _strangers(rule: Rule, known: set[str]) -> Iterator[str]:
    for name in dict.fromkeys(_ELEMENT.findall(rule.text)):
        if plain_id(name) not in known:
            yield f"Regel {rule.id} nennt {name}. Das gibt es in diesem Schema nicht."


def _bearers(rule: Told, root: Placed) -> list[Placed]:
    wanted = plain_id(str(rule.get("bearer")))
    return [part for part in (root, *root.below()) if plain_id(part.id) == wanted]


def _apply(rule: Told, bearer: Placed, definition: dict[str, Any]) -> None:
    told = rule.get("action") or rule.get("effect") or []
    for effect in [told] if isinstance(told, str) else told:
        match _EFFECTS.get(effect, effect):
            case "required":
                _require(rule, bearer, definition)
            case "forbidden":
                _forbid(rule, bearer)
            case "validation":
                questions = bearer.questions()
                require = _condition(rule["condition"], bearer, bearer.scope)
                _check(require, _named_first(rule["condition"], bearer) or questions[0], rule, bearer, definition)
            case other:
                raise _Untranslatable(f"Die Wirkung „{other}“ ist nicht bekannt.")


def _require(rule: Told, bearer: Placed, definition: dict[str, Any]) -> None:
    target = _part(rule.get("target"), bearer)
    if not target.questions():
        return  # a text is there or not; nobody answers it
    condition = _condition(rule["condition"], bearer, bearer.scope)
    filled = {"not": is_empty(target, bearer.scope)}
    _check({"or": [{"not": condition}, filled]}, target.questions()[0], rule, bearer, definition)


def _forbid(rule: Told, bearer: Placed) -> None:
    target = _part(rule.get("target"), bearer)
    if target.inside != bearer.scope:
        raise _Untranslatable("Ihr Ziel liegt in einer weiteren Wiederholung.")
    allowed = {"not": _condition(rule["condition"], bearer, bearer.scope)}
    before = target.item.get("when")
    target.item["when"] = {"and": [before, allowed]} if before else allowed


def _check(require: Any, at: Placed, rule: Told, bearer: Placed, definition: dict[str, Any]) -> None:
    message = str(rule.get("message") or "").strip() or "Prüfen Sie diese Angabe."
    check = {"require": require, "at": named(at.path, bearer.scope), "message": text(message)}
    holder = _item_at(definition, bearer.scope) if bearer.scope else definition
    holder.setdefault("rules", []).append(check)


def _item_at(definition: dict[str, Any], path: Path) -> dict[str, Any]:
    items = [item for step in definition["steps"] for item in step["items"]]
    found: dict[str, Any] = {}
    for key in path:
        found = next(item for item in items if item["key"] == key)
        items = found.get("items", [])
    return found


# --- paths -----------------------------------------------------------------------------------------------------------


def _part(identifier: Any, bearer: Placed) -> Placed:
    """The part that an identifier names below the bearer: `self.G1.F2`; each id is the nearest one of that id."""
    found = bearer
    for fim_id in str(identifier).removeprefix("self.").split("."):
        nearest = _nearest(plain_id(fim_id), found)
        if nearest is None:
            raise _Untranslatable(f"{identifier} gibt es dort nicht.")
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
        raise _Untranslatable("Ihre Bedingung ist nicht lesbar.")
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
            raise _Untranslatable(f"{content['identifier']} ist keine Frage.")
        return is_empty(part, scope)
    if operator == "is_valid_date":
        return _valid_date(*(_answer(part["identifier"], bearer, scope) for part in content))
    if operator in _COMPARED:
        left, right = content
        return {operator: [_operand(left, right, bearer, scope), _operand(right, left, bearer, scope)]}
    raise _Untranslatable(f"Den Vergleich „{operator}“ kennt das Portal nicht.")


def _answer(identifier: Any, bearer: Placed, scope: Path) -> dict[str, str]:
    return {"answer": named(_question(identifier, bearer).path, scope)}


def _question(identifier: Any, bearer: Placed) -> Placed:
    part = _part(identifier, bearer)
    if len(part.questions()) != 1:
        raise _Untranslatable(f"{identifier} ist eine Gruppe und lässt sich nicht vergleichen.")
    return part.questions()[0]


def _operand(told: Any, other: Any, bearer: Placed, scope: Path) -> Any:
    if isinstance(told, Mapping):
        return _answer(told.get("identifier"), bearer, scope)
    if isinstance(other, Mapping) and isinstance(told, str):
        return _code(told, _question(other.get("identifier"), bearer))
    return told


def _code(literal: str, question: Placed) -> str:
    """The code that a literal means: some rules write "001 Ja" where the code is 001."""
    codes = [option["value"] for option in question.item.get("options", ())]
    if not codes or literal in codes:
        return literal
    head = literal.partition(" ")[0]
    if head in codes:
        return head
    raise _Untranslatable(f"{question.id} hat keine Antwort „{literal}“.")


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
