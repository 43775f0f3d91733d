"""What keeps a definition from being published although it may be kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from django.dispatch import Signal

from authorities import clock
from forms_engine.compiling import followed, followed_in
from forms_engine.following import LENGTH, MOST_OPTIONS, holding, lengths, too_long
from forms_engine.models import CodeList

#: Sent before a version is published or planned, in that transaction, with `version`, `by`, `only_try` (nothing is
#: changed) and `said_anew` (the caller brings all that names its questions): whatever does follows, or raises
#: DefinitionError.
about_to_publish = Signal()
#: Sent once a version is published, in that transaction, with `version`.
was_published = Signal()


def blockers(definition: Mapping[str, Any]) -> list[str]:
    """German sentences; an empty list means that people can fill the form in."""
    missing: Counter[tuple[str, str]] = Counter()
    follows = set(followed_in(definition["steps"]))
    held = holding(follows, clock.today()) if follows else {}
    for step in definition["steps"]:
        missing.update(_missing_lists(step["items"]))
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
        *_about_missing(missing),
    ]


def _about_missing(missing: Mapping[tuple[str, str], int]) -> Iterator[str]:
    """A sentence for each list that questions lack; some have come since, or are too long to be chosen from."""
    if not missing:
        return
    kept = CodeList.objects.filter(uri__in={uri for uri, _ in missing}).annotate(length=LENGTH)
    there: dict[str, dict[str, int]] = {}
    for uri, version, length in kept.order_by("version").values_list("uri", "version", "length"):
        there.setdefault(uri, {})[version] = length
    for (uri, version), count in missing.items():
        kept_here = there.get(uri, {})
        fitting = [length for kept_version, length in kept_here.items() if version in ("", kept_version)]
        length = max(fitting, default=0)
        name = f"{uri} ({version or 'ohne Version'})"
        if length > MOST_OPTIONS:
            yield too_long(uri, length)
        elif fitting:
            yield f"Die Codeliste {name} ist inzwischen da. Übernehmen Sie das Formular noch einmal."
        else:
            others = ", ".join(kept_here)
            yield (
                f"Die Codeliste {name} fehlt ({count} {'Frage' if count == 1 else 'Fragen'})"
                f"{f'; hier gibt es sie in Version {others}' if others else ''}. Laden Sie sie aus dem XRepository, "
                "übernehmen Sie zuerst die Liste, dann das Formular noch einmal."
            )


def _missing_lists(items: list[Any]) -> Iterator[tuple[str, str]]:
    for item in items:
        if item["type"] == "group":
            yield from _missing_lists(item["items"])
        elif "code_list" in item and not item.get("options") and not followed(item):
            told = item["code_list"]
            yield told["uri"], told["version"]
