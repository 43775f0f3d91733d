"""Where findings belong, in the titles that people see: Schritt „Kontakt“, Frage „Wie erreichen wir Sie?“."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from forms_engine.editing import api as editing
from forms_engine.errors import DefinitionError
from forms_engine.proofing.findings import Finding, fault
from forms_engine.proofing.parts import Part, parts

_WHAT = {"step": "Schritt", "group": "Gruppe", "static": "Text"}
_LONGEST = 60


def named(definition: Mapping[str, Any], findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings with the words of their places. What has no title is called by its key."""
    known = {(part.step, part.path): part for part in parts(definition)}
    in_any_step = {part.path: part for part in known.values() if part.path}
    for finding in findings:
        words = [_words(known[finding.step, ""])] if (finding.step, "") in known else []
        above = ""
        for key in filter(None, finding.path.removeprefix("./").split(".")):
            above = f"{above}.{key}" if above else key
            part = known.get((finding.step, above)) or in_any_step.get(above)
            words.append(_words(part) if part else key)
        yield replace(finding, place=", ".join(words))


def of_definition(definition: Mapping[str, Any], error: DefinitionError) -> Iterator[Finding]:
    """What the engine refuses, at its step and question as far as it says so."""
    try:
        for found in editing.faults(error, definition):
            step, path = (found.at.step, ".".join(found.at.path)) if found.at else ("", "")
            yield fault("definition", found.sentence, step, path)
    except (KeyError, TypeError, AttributeError):  # no form at all: only its JSON can be named
        yield from (fault("definition", sentence) for sentence in error.problems)


def _words(part: Part) -> str:
    what = _WHAT.get(part.kind, "Frage")
    return f"{what} „{_title(part)}“"


def _title(part: Part) -> str:
    text = part.name if part.kind != "static" else " ".join(part.raw["text"]["de"].split()) or str(part.raw["key"])
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
