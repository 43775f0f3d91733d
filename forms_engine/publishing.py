"""What keeps a definition from being published although it may be kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def blockers(definition: Mapping[str, Any]) -> list[str]:
    """German sentences; an empty list means that people can fill the form in."""
    missing: dict[str, int] = {}
    for step in definition["steps"]:
        for name in _missing_lists(step["items"]):
            missing[name] = missing.get(name, 0) + 1
    return [
        f"Die Codeliste {name} fehlt ({count} {'Frage' if count == 1 else 'Fragen'}). "
        "Übernehmen Sie zuerst die Liste, dann das Formular noch einmal."
        for name, count in missing.items()
    ]


def _missing_lists(items: list[Any]) -> Iterator[str]:
    for item in items:
        if item["type"] == "group":
            yield from _missing_lists(item["items"])
        elif "code_list" in item and not item.get("options"):
            told = item["code_list"]
            yield f"{told['uri']} ({told['version'] or 'ohne Version'})"
