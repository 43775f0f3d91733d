"""Rules in words as proposals for the author: what is said, where, and what it would change. Nothing is switched on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forms_engine.xdatenfelder.changes import Change, says_the_same
from forms_engine.xdatenfelder.harmonised import plain_id
from forms_engine.xdatenfelder.rules import Told, Untranslatable, changes_at
from forms_engine.xdatenfelder.schema import Rule, Schema
from forms_engine.xdatenfelder.translating import Placed, Translated
from forms_engine.xdatenfelder.wording import ELEMENT, Names, told


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule in words; `changes` is empty where an author has to say it in conditions."""

    id: str
    name: str
    words: str
    places: tuple[str, ...]  # paths of the questions and groups that the words name
    unknown: tuple[str, ...]  # ids that they name and the schema lacks
    changes: tuple[Change, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "words": self.words,
            "places": list(self.places),
            "unknown": list(self.unknown),
            "changes": [change.as_json() for change in self.changes],
        }


def proposals(schema: Schema, translated: Translated) -> Iterator[Proposal]:
    """A proposal for each rule in words, once each."""
    placed = [translated.root, *translated.root.below()]
    known = _names(schema)
    rules = [rule for rule in schema.all_rules().values() if rule.text]
    changes = {rule.id: tuple(_changes(rule, _bearers(rule, schema, placed), known)) for rule in rules}
    torn = _torn(changes)
    for rule in rules:
        named = {plain_id(name): name for name in ELEMENT.findall(rule.text)}
        yield Proposal(
            rule.id,
            rule.name[:200],
            " ".join(rule.text.split())[:2000],
            tuple(".".join(part.path) for part in placed if part.path and plain_id(part.id) in named)[:50],
            tuple(name for plain, name in named.items() if plain not in known),
            () if rule.id in torn else changes[rule.id],
        )


def _names(schema: Schema) -> dict[str, set[str]]:
    """What the elements of a schema are called, by their plain ids."""
    names: dict[str, set[str]] = {}
    for part in schema.parts():
        names.setdefault(plain_id(part.id), set()).update(name for name in (part.name, part.label) if name)
    return names


def _torn(changes: Mapping[str, tuple[Change, ...]]) -> set[str]:
    """The rules that each show the same question under a condition of their own: taken together they would hide it."""
    showing: dict[str, list[tuple[str, Any]]] = {}
    for rule_id, made in changes.items():
        for change in made:
            if change.when is not None:
                showing.setdefault(change.path, []).append((rule_id, change.when))
    return {
        rule_id
        for shown in showing.values()
        if len({by for by, _ in shown}) > 1 and any(when != shown[0][1] for _, when in shown)
        for rule_id, _ in shown
    }


def acts_already(found: Proposal, made: list[Change]) -> bool:
    """Is all that the proposal would change done by rules that came translated?"""
    return bool(found.changes) and all(any(says_the_same(change, other) for other in made) for change in found.changes)


def sentences(found: Proposal) -> Iterator[str]:
    """What the report says of a proposal."""
    how = "übernehmen oder verwerfen Sie den Vorschlag" if found.changes else "schreiben oder verwerfen Sie sie"
    yield f"Regel {found.id} wartet auf Ihre Entscheidung. Unter „Regeln“ {how}: „{found.words[:600]}“"
    for name in found.unknown:
        yield (
            f"Regel {found.id} nennt {name}. Das gibt es in diesem Schema nicht. Fragen Sie die Stelle, die es "
            "herausgibt, oder verwerfen Sie die Regel."
        )


def _bearers(rule: Rule, schema: Schema, placed: list[Placed]) -> list[Placed]:
    holders = {part.id for part in schema.parts() if any(own.id == rule.id for own in part.rules)}
    if any(own.id == rule.id for own in schema.rules):
        holders.add(schema.id)
    return [part for part in placed if part.id in holders and not part.is_question]


def _changes(rule: Rule, bearers: list[Placed], names: Names) -> Iterator[Change]:
    """What the words change at every place of the rule; nothing if one of them cannot be made there."""
    rules = told(rule.text, names)
    try:
        found = [change for bearer in bearers for said in rules for change in changes_at(_asked(said, rule), bearer)]
    except Untranslatable:
        return
    yield from found


def _asked(said: Told, rule: Rule) -> Told:
    return {**said, "id": rule.id, "message": f"Prüfen Sie diese Angabe: {rule.name[:150].rstrip('.')}."}
