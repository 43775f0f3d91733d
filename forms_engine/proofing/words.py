"""The texts of a form: plain German, no markup, headings where headings belong, and English."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forms_engine.proofing.findings import Finding, fault, hint
from forms_engine.proofing.parts import parts
from foundation.plain_german import rules
from foundation.plain_german.texts import Kind, Text

_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>|&(?:[a-z]+|#\d+);")
_MARKED = re.compile(r"\*\*[^*]+\*\*|__[^_]+__|\[[^\]]+\]\([^)]+\)|^\s*[-*]{3,}\s*$", re.MULTILINE)
_HASHED = re.compile(r"^\s{0,3}(#{1,6})\s+\S", re.MULTILINE)
_HEADING_LIKE = 60  # a line of its own, this short and without an end, is meant as a heading


@dataclass(frozen=True, slots=True)
class _Told:
    by_language: Mapping[str, str]
    kind: Kind
    step: str
    path: str
    prose: bool  # paragraphs of an author's own


def findings(definition: Mapping[str, Any]) -> Iterator[Finding]:
    """Faults and hints of all texts, in the order of the form."""
    told = list(_texts(definition))
    for text in told:
        yield from _markup(text)
        if text.prose:
            yield from _headings(text)
        yield from _plain_german(text)
    yield from _without_english(told)


def _texts(definition: Mapping[str, Any]) -> Iterator[_Told]:
    yield _Told(definition["title"], Kind.SENTENCE, "", "", prose=False)
    for part in parts(definition):
        yield from _of(part.raw, part.step, part.path)
    for rule in definition.get("rules", ()):
        yield _Told(rule["message"], Kind.ERROR, "", rule["at"], prose=False)


def _of(raw: Mapping[str, Any], step: str, path: str) -> Iterator[_Told]:
    for key in ("title", "label", "hint"):
        if key in raw:
            yield _Told(raw[key], Kind.SENTENCE, step, path, prose=False)
    for key in ("intro", "text"):
        if key in raw:
            yield _Told(raw[key], Kind.SENTENCE, step, path, prose=True)
    for option in raw.get("options", ()):
        yield from (
            _Told(option[key], Kind.SENTENCE, step, path, prose=False) for key in ("label", "hint") if key in option
        )
    if "repeat" in raw:
        yield _Told(raw["repeat"]["instance"], Kind.SENTENCE, step, path, prose=False)
        yield _Told(raw["repeat"]["add"], Kind.BUTTON, step, path, prose=False)
    messages = [*raw.get("error", {}).values(), *(rule["message"] for rule in raw.get("rules", ()))]
    if "pattern" in raw:
        messages.append(raw["pattern"]["message"])
    yield from (_Told(message, Kind.ERROR, step, path, prose=False) for message in messages)


def _markup(told: _Told) -> Iterator[Finding]:
    for words in told.by_language.values():
        if found := _TAG.search(words):
            yield fault(
                "markup",
                f"Im Text steht „{found[0]}“. Die Seite zeigt es so, wie es da steht. Nehmen Sie es heraus.",
                told.step,
                told.path,
            )
        elif found := _MARKED.search(words):
            yield fault(
                "markup",
                f"Im Text steht „{found[0].strip()}“. Die Seite zeigt diese Zeichen an. Nehmen Sie sie heraus.",
                told.step,
                told.path,
            )


def _headings(told: _Told) -> Iterator[Finding]:
    for words in told.by_language.values():
        if _HASHED.search(words):
            yield fault(
                "heading",
                "Im Text steht eine Überschrift mit #. Legen Sie dafür eine Gruppe mit Überschrift an.",
                told.step,
                told.path,
            )
            continue
        paragraphs = [each.strip() for each in re.split(r"\n\s*\n", words) if each.strip()]
        for line in paragraphs if len(paragraphs) > 1 else []:
            if len(line) <= _HEADING_LIKE and "\n" not in line and line[-1] not in ".?:;,)“" and line[0] not in "-–•":
                yield hint(
                    "heading",
                    f"„{line}“ sieht wie eine Überschrift aus und ist keine. Nehmen Sie dafür eine Gruppe.",
                    told.step,
                    told.path,
                )


def _plain_german(told: _Told) -> Iterator[Finding]:
    words = told.by_language["de"]
    texts = [Text(words, told.path, told.kind)] + ([Text(words, told.path, Kind.WHOLE)] if told.prose else [])
    for text in texts:
        for each in rules.findings(text):
            make = fault if each.blocks else hint
            quoted = words if len(words) <= 80 else f"{words[:79]}…"
            yield make(each.rule, f"„{quoted}“: {each.says.rstrip('.')}.", told.step, told.path)


def _without_english(told: list[_Told]) -> Iterator[Finding]:
    missing = [text for text in told if not text.by_language.get("en", "").strip()]
    if not missing:
        return
    steps = dict.fromkeys(text.step for text in missing)
    for step in steps:
        number = sum(text.step == step for text in missing)
        what = "1 Text hat" if number == 1 else f"{number} Texte haben"
        yield hint("english", f"{what} keine englische Fassung. Dort steht dann Deutsch.", step)
