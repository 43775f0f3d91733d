"""What keeps a definition from being published although it may be kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.dispatch import Signal

from authorities import clock
from forms_engine.compiling import followed, followed_in
from forms_engine.following import MOST_OPTIONS, holding, lengths, too_long

#: Sent before a version is published or planned, in that transaction, with `version`, `by`, `only_try` (nothing is
#: changed) and `said_anew` (the caller brings all that names its questions): whatever does follows, or raises
#: DefinitionError.
about_to_publish = Signal()


def blockers(definition: Mapping[str, Any]) -> list[str]:
    """German sentences; an empty list means that people can fill the form in."""
    missing: dict[str, int] = {}
    follows = set(followed_in(definition["steps"]))
    held = holding(follows, clock.today()) if follows else {}
    for step in definition["steps"]:
        for name in _missing_lists(step["items"]):
            missing[name] = missing.get(name, 0) + 1
    return [
        *(
            f"Von der Codeliste {uri} gilt heute keine Fassung. Übernehmen Sie zuerst eine Liste, die heute gilt."
            for uri in sorted(follows - held.keys())
        ),
        *(
            too_long(uri, count)
            for uri, count in sorted(lengths(held.values()).items() if held else ())
            if count > MOST_OPTIONS
        ),
        *(
            f"Die Codeliste {name} fehlt ({count} {'Frage' if count == 1 else 'Fragen'}). "
            "Übernehmen Sie zuerst die Liste, dann das Formular noch einmal."
            for name, count in missing.items()
        ),
    ]


def _missing_lists(items: list[Any]) -> Iterator[str]:
    for item in items:
        if item["type"] == "group":
            yield from _missing_lists(item["items"])
        elif "code_list" in item and not item.get("options") and not followed(item):
            told = item["code_list"]
            yield f"{told['uri']} ({told['version'] or 'ohne Version'})"
