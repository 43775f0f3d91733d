"""What a definition lacks: options, labels and words of its author, help, limits, somebody to write to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forms_engine.editing.kinds import NEW_ANSWERS, NEW_FORMULA, NEW_QUESTION
from forms_engine.field_types.uploads import DEFAULT_ACCEPT, DEFAULT_FILES, DEFAULT_SIZE_MB
from forms_engine.proofing.findings import Finding, fault, hint
from forms_engine.proofing.parts import Part, parts
from forms_engine.publishing import blockers

_WANTS_HELP = {"file": "was die Datei zeigen soll", "multiline": "was in den Text gehört"}
_LIMITS = {"accept": "Dateiarten", "max_size_mb": "Größe", "max_files": "Anzahl"}


def findings(definition: Mapping[str, Any]) -> Iterator[Finding]:
    yield from (fault("code_list", sentence) for sentence in blockers(definition))
    told = list(parts(definition))
    for part in told:
        yield from _without_label(part)
        yield from _as_inserted(part)
        yield from _same_answers(part)
        if part.kind not in ("step", "group", "static", "calculated"):
            yield from _of_question(part)
    if not any(part.raw.get("role") == "email" for part in told):
        yield hint(
            "email_role",
            "Keine Frage hat als „Bedeutung für das Portal“ die E-Mail-Adresse. "
            "Ohne Konto bekommt die Person dann keine Nachrichten.",
        )


def _without_label(part: Part) -> Iterator[Finding]:
    key = "text" if part.kind == "static" else "title" if part.kind in ("step", "group") else "label"
    if not part.raw[key]["de"].strip():
        what = {"text": "Der Text", "title": "Die Überschrift", "label": "Die Bezeichnung"}[key]
        yield fault("label", f"{what} von „{part.raw['key']}“ ist leer. Schreiben Sie, worum es geht.", *_at(part))
    for option in part.raw.get("options", ()):
        if not option["label"]["de"].strip():
            yield fault("label", f"Die Antwort „{option['value']}“ bei „{part.name}“ hat keinen Text.", *_at(part))


def _as_inserted(part: Part) -> Iterator[Finding]:
    """What the designer put in and nobody changed."""
    if _folded(part.name) == _folded(NEW_QUESTION):
        yield fault("placeholder", f"„{NEW_QUESTION}“ steht noch so da. Schreiben Sie, was Sie fragen.", *_at(part))
    left = next((label for label in _labels(part) if _folded(label) in map(_folded, NEW_ANSWERS)), None)
    if left:
        sentence = f"Bei „{part.name}“ steht noch „{left}“. Schreiben Sie die Antworten, die es gibt."
        yield fault("placeholder", sentence, *_at(part))
    if part.kind == "calculated" and part.raw["value"] == NEW_FORMULA:
        yield fault("placeholder", f"„{part.name}“ ist noch immer 0. Schreiben Sie, was zu rechnen ist.", *_at(part))


def _same_answers(part: Part) -> Iterator[Finding]:
    """Two answers that nobody can tell apart. Those that only conditions show may never meet."""
    alike: dict[str, list[Mapping[str, Any]]] = {}
    for option in part.raw.get("options", ()):
        alike.setdefault(_folded(option["label"]["de"]), []).append(option)
    make = hint if "code_list" in part.raw else fault  # the words of a list are not its author's
    for options in alike.values():
        if len(options) > 1 and any("when" not in option for option in options):
            label = options[0]["label"]["de"]
            yield make(
                "same_answer", f"„{part.name}“ hat die Antwort „{label}“ mehrmals. Löschen Sie eine.", *_at(part)
            )


def _labels(part: Part) -> list[str]:
    return [option["label"]["de"] for option in part.raw.get("options", ())]


def _folded(words: str) -> str:
    return " ".join(words.split()).casefold()


def _of_question(part: Part) -> Iterator[Finding]:
    if part.kind in _WANTS_HELP and not part.raw.get("hint", {}).get("de", "").strip():
        yield hint("help", f"„{part.name}“ hat keine Hilfe. Sagen Sie, {_WANTS_HELP[part.kind]}.", *_at(part))
    missing = [words for key, words in _LIMITS.items() if key not in part.raw]
    if part.kind == "file" and missing:
        defaults = f"{', '.join(DEFAULT_ACCEPT)}, {DEFAULT_SIZE_MB} MB, {DEFAULT_FILES} Dateien"
        yield hint(
            "file_limits",
            f"„{part.name}“ nennt nicht: {', '.join(missing)}. Dafür gilt die Vorgabe ({defaults}).",
            *_at(part),
        )
    if part.conditional and part.raw.get("required", True):
        yield hint(
            "required_behind_condition",
            f"„{part.name}“ ist nötig, aber nicht immer zu sehen. Ohne die Frage geht der Antrag ohne Antwort ab.",
            *_at(part),
        )


def _at(part: Part) -> tuple[str, str]:
    return part.step, part.path
