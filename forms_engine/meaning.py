"""Does a well-formed definition make sense? Paths, cycles, keys, patterns, limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import re2

from forms_engine.compiling import declare, followed, surroundings
from forms_engine.conditions import Surroundings, compile_condition
from forms_engine.errors import ConditionError
from forms_engine.field_types import FIELD_TYPES
from forms_engine.field_types.dates import limit
from forms_engine.formulas import compile_formula
from forms_engine.structure import Declared, Path
from forms_engine.suggestions import closest

# Names of controls and ids that the page of a step has of its own.
RESERVED = frozenset(
    {"shown", "version", "add", "remove", "refresh", "later", "delete_file", "csrfmiddlewaretoken"}
    | {"schritt", "fehler", "inhalt", "konflikt"}
)

_Declared: TypeAlias = Mapping[Path, Declared]


@dataclass(frozen=True, slots=True)
class _Part:
    """A step, group, field or option of a definition with its place."""

    raw: Mapping[str, Any]
    place: str
    path: Path | None  # None: a step or an option
    inside: Path  # innermost repeated group around it
    above: tuple[Path | str, ...]  # what it is shown with: steps (by key) and groups


def problems(definition: Mapping[str, Any]) -> list[str]:
    """German sentences, each with its place; empty if the definition can be compiled."""
    found = list(_double_keys(definition))
    if found:
        return found
    declared, around = declare(definition), surroundings(definition)
    parts = list(_parts(definition))
    found += _bad_conditions(parts, definition, declared, around)
    found += [problem for part in parts if part.path for problem in _bad_field(part)]
    return found or list(_cycles(parts, declared, around))


def hints(definition: Mapping[str, Any]) -> list[str]:
    """Warnings: German sentences, each with the title of what it is about."""
    found = []
    for part in _parts(definition):
        if part.raw.get("type") == "file" and not {"accept", "max_size_mb", "max_files"} <= set(part.raw):
            found.append(
                f"{_title(part)} sagt nicht, welche Dateien, wie viele und wie große. Setzen Sie diese Grenzen "
                "(accept, max_files, max_size_mb)."
            )
        if not {"autocomplete", "prefill"} & set(part.raw) and part.raw.get("role") == "organisation_name":
            found.append(f"{_title(part)}: Lassen Sie den Browser mithelfen (autocomplete „organization“).")
    untranslated = sum(1 for text in _texts(definition) if "en" not in text)
    if untranslated:
        found.append(f"{_english(untranslated)} keine englische Fassung. Ergänzen Sie sie, sonst steht dort Deutsch.")
    return found


def _english(count: int) -> str:
    return "Ein Text hat" if count == 1 else f"{count} Texte haben"


def _texts(value: Any) -> Iterator[Mapping[str, str]]:
    if isinstance(value, Mapping):
        if "de" in value:
            yield value
        else:
            for below in value.values():
                yield from _texts(below)
    elif isinstance(value, list):
        for below in value:
            yield from _texts(below)


# --- walking ---------------------------------------------------------------------------------------------------------


def _parts(definition: Mapping[str, Any]) -> Iterator[_Part]:
    for number, step in enumerate(definition["steps"]):
        place = f"$.steps[{number}]"
        yield _Part(step, place, None, (), (step["key"],))
        yield from _parts_below(step["items"], place, (), (), (step["key"],))


def _parts_below(
    items: list[Any], place: str, path: Path, inside: Path, above: tuple[Path | str, ...]
) -> Iterator[_Part]:
    for number, item in enumerate(items):
        here, at = (*path, item["key"]), f"{place}.items[{number}]"
        yield _Part(item, at, here, inside, above)
        for position, option in enumerate(item.get("options", ())):
            yield _Part(option, f"{at}.options[{position}]", None, inside, (*above, here))
        if item["type"] == "group":
            around = here if "repeat" in item else inside
            yield from _parts_below(item["items"], at, here, around, (*above, here))


# --- keys ------------------------------------------------------------------------------------------------------------


def _double_keys(definition: Mapping[str, Any]) -> Iterator[str]:
    steps = Counter(step["key"] for step in definition["steps"])
    yield from (f"$.steps: Der Schritt „{key}“ kommt {count}-mal vor." for key, count in steps.items() if count > 1)
    paths = Counter(".".join(part.path) for part in _parts(definition) if part.path and not _continues(part))
    paths.update({name for name, _ in _continuing(definition)} & paths.keys())
    yield from _bad_continuing(definition)
    yield from (
        f"$: Der Schlüssel „{path}“ kommt {count}-mal vor. Nennen Sie einen anders."
        for path, count in paths.items()
        if count > 1
    )
    for part in _parts(definition):
        if part.path is not None and len(part.path) == 1 and part.path[0] in RESERVED:
            yield f"{part.place}.key: „{part.path[0]}“ braucht die Seite selbst. Nennen Sie das Feld anders."
        field_type = FIELD_TYPES.get(part.raw.get("type", ""))
        name = ".".join(part.path or ())
        for box in field_type.parts if field_type else ():
            if f"{name}_{box}" in paths:
                yield f"{part.place}: Der Schlüssel „{name}_{box}“ gehört schon zu den Kästchen von „{name}“."


def _continues(part: _Part) -> bool:
    """May another step hold more of this group?"""
    return part.raw["type"] == "group" and "repeat" not in part.raw and not part.inside


def _continuing(definition: Mapping[str, Any]) -> Iterator[tuple[str, _Part]]:
    yield from ((".".join(part.path), part) for part in _parts(definition) if part.path and _continues(part))


def _bad_continuing(definition: Mapping[str, Any]) -> Iterator[str]:
    """A group in several steps is one group: once in each, voluntary everywhere or nowhere."""
    seen: dict[str, tuple[set[str], bool]] = {}
    for name, part in _continuing(definition):
        step, optional = str(part.above[0]), part.raw.get("optional", False)
        steps, before = seen.setdefault(name, (set(), optional))
        if step in steps:
            yield f"{part.place}: Die Gruppe „{name}“ steht zweimal in einem Schritt. Nennen Sie eine anders."
        if optional != before:
            yield f"{part.place}.optional: Die Gruppe „{name}“ ist mal optional, mal nicht. Das gilt für alle Schritte."
        steps.add(step)


# --- conditions ------------------------------------------------------------------------------------------------------


def _bad_conditions(
    parts: list[_Part], definition: Mapping[str, Any], declared: _Declared, around: Surroundings
) -> Iterator[str]:
    for part in parts:
        if "when" in part.raw:
            yield from _bad_condition(part.raw["when"], f"{part.place}.when", declared, part.inside, around)
        inside = part.path if part.path and "repeat" in part.raw else part.inside
        for number, rule in enumerate(part.raw.get("rules", ())):
            yield from _bad_rule(rule, f"{part.place}.rules[{number}]", declared, inside, around)
        if part.raw.get("type") == "calculated":
            yield from _bad_formula(part, declared)
    for number, rule in enumerate(definition.get("rules", ())):
        yield from _bad_rule(rule, f"$.rules[{number}]", declared, (), around)


def _bad_condition(
    raw: Mapping[str, Any], place: str, declared: _Declared, inside: Path, around: Surroundings
) -> Iterator[str]:
    try:
        compile_condition(raw, declared, inside, around)
    except ConditionError as error:
        yield f"{place}: {error}"


def _bad_formula(part: _Part, declared: _Declared) -> Iterator[str]:
    try:
        compile_formula(part.raw["value"], declared, part.inside)
    except ConditionError as error:
        yield f"{part.place}.value: {error}"


def _bad_rule(
    rule: Mapping[str, Any], place: str, declared: _Declared, inside: Path, around: Surroundings
) -> Iterator[str]:
    yield from _bad_condition(rule["require"], f"{place}.require", declared, inside, around)
    at = rule["at"]
    if at.startswith("./") and not inside:
        yield f"{place}.at: „{at}“ beginnt mit „./“, steht aber nicht in einer wiederholten Gruppe."
        return
    path = (*(inside if at.startswith("./") else ()), *at.removeprefix("./").split("."))
    if path not in declared or declared[path].type is None:
        fields = (".".join(known) for known, what in declared.items() if what.type)
        yield f"{place}.at: Die Frage „{at}“ gibt es nicht.{closest('.'.join(path), fields)}"


def _cycles(parts: list[_Part], declared: _Declared, around: Surroundings) -> Iterator[str]:
    """Chains of questions that wait for one another; each is told once."""
    needs: dict[Path | str, set[Path | str]] = {}
    titles = {part.path or part.above[-1]: _title(part) for part in parts if part.path or len(part.above) == 1}
    for part in parts:
        node = part.path or part.above[-1]
        reads = needs.setdefault(node, set())
        if part.path:
            reads |= set(part.above)
        if "when" in part.raw:
            condition = compile_condition(part.raw["when"], declared, part.inside, around)
            reads |= {target.path for target in condition.reads()}
    done: set[Path | str] = set()
    for node in needs:
        chain = _chain_back(node, needs, [], done)
        if chain:
            yield "$: Diese Bedingungen drehen sich im Kreis: " + " → ".join(titles[link] for link in chain) + "."
            return


def _chain_back(
    node: Path | str, needs: Mapping[Path | str, set[Path | str]], chain: list[Path | str], done: set[Path | str]
) -> list[Path | str]:
    if node in chain:
        return [*chain[chain.index(node) :], node]
    if node in done:
        return []
    for needed in sorted(needs.get(node, ()), key=str):
        if found := _chain_back(needed, needs, [*chain, node], done):
            return found
    done.add(node)
    return []


def _title(part: _Part) -> str:
    """What people see of a step, group or question; its path where there is nothing to see."""
    text = part.raw.get("title") or part.raw.get("label") or part.raw.get("text") or {}
    words = " ".join(str(text.get("de", "")).split()) or ".".join(part.path or ()) or str(part.raw["key"])
    return f"Schritt „{words}“" if part.path is None else f"„{words}“"


# --- fields ----------------------------------------------------------------------------------------------------------

#: Which types take what an account knows, and which tell the portal what it needs; all others are texts.
PREFILL_TYPES = {
    "address": {"address"},
    "birth_date": {"date", "partial_date"},
    "birth_day": {"number"},
    "birth_month": {"number"},
    "birth_year": {"number"},
    "email": {"email"},
    "phone": {"phone"},
    "legal_form": {"text", "choice"},
    "register_court": {"text", "choice"},
    "address_country": {"choice", "country"},
    "organisation_address": {"address"},
    "organisation_country": {"choice", "country"},
    "person_name": {"person_name"},
    "register_entry": {"register_entry"},
}
_DAYS = {"date", "datetime", "partial_date"}
ROLE_TYPES = {"email": {"email"}, "person_name": {"person_name"}}


def _bad_field(part: _Part) -> Iterator[str]:
    raw, name = part.raw, _title(part)
    if "repeat" in raw and raw["repeat"]["min"] > raw["repeat"]["max"]:
        place = f"{part.place}.repeat.min"
        yield f"{place}: {name} soll mindestens öfter vorkommen, als höchstens erlaubt ist. Tauschen Sie beide."
    if raw.get("min_length", 0) > raw.get("max_length", 20000):
        place = f"{part.place}.min_length"
        yield f"{place}: {name} verlangt mindestens mehr Zeichen, als höchstens erlaubt sind. Tauschen Sie beide."
    if raw["type"] in _DAYS:
        for key in ("min", "max"):
            if key in raw and limit(raw[key]) is None:
                yield f"{part.place}.{key}: Den Tag „{raw[key]}“ gibt es nicht."
    if _least_over_most(raw):
        yield f"{part.place}.min: {name}: Das Mindeste liegt über dem Höchsten. Tauschen Sie beide."
    if "pattern" in raw:
        yield from _bad_pattern(raw["pattern"]["re"], f"{part.place}.pattern.re", name)
    if followed(raw) and "options" in raw:
        yield f"{part.place}.options: {name} folgt einer Codeliste. Lassen Sie die Optionen weg."
    if "options" in raw:
        values = Counter(option["value"] for option in raw["options"])
        yield from (
            f"{part.place}.options: {name} hat die Option „{value}“ {count}-mal."
            for value, count in values.items()
            if count > 1
        )
    if raw.get("locked") and "prefill" not in raw:
        yield f"{part.place}.locked: {name} kommt aus dem Konto: Nennen Sie mit prefill, woher."
    for key, types in (("prefill", PREFILL_TYPES), ("role", ROLE_TYPES)):
        wanted = types.get(raw.get(key, ""), {"text", "postal_code"})
        if key in raw and raw["type"] not in wanted:
            yield f"{part.place}.{key}: „{raw[key]}“ passt nicht zu einem Feld der Art „{raw['type']}“."


def _bad_pattern(pattern: str, place: str, name: str) -> Iterator[str]:
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error:
        yield f"{place}: Das Muster von {name} versteht RE2 nicht. Look-ahead und Rückverweise gibt es dort nicht."


def _least_over_most(raw: Mapping[str, Any]) -> bool:
    least, most = raw.get("min"), raw.get("max")
    if least is None or most is None:
        return False
    if raw["type"] in _DAYS:
        first, last = limit(least), limit(most)
        return first is not None and last is not None and first > last
    if raw["type"] == "time":
        return bool(least > most)
    return float(least) > float(most)
