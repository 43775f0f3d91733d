"""A first layout: each group at the top is a step, single questions beside each other share one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from forms_engine.xdatenfelder.fields import Item, text

LONG = 25  # so many questions on one page are too many: the author is told


def steps(items: list[Item], title: str) -> list[dict[str, Any]]:
    """The steps for the items at the top of a form."""
    made = []
    for is_group, together in groupby(items, key=lambda item: item["type"] == "group"):
        if is_group:
            made += [{"key": group["key"], "title": group["title"], "items": [group]} for group in together]
        else:
            questions = list(together)
            made.append({"key": questions[0]["key"], "title": text(title), "items": questions})
    return made


def long_steps(definition: dict[str, Any]) -> Iterator[str]:
    """A sentence for each step that is too long for one page."""
    for step in definition["steps"]:
        count = sum(1 for _ in _questions(step["items"]))
        if count > LONG:
            yield f"Der Schritt „{step['title']['de']}“ hat {count} Fragen. Teilen Sie ihn."


def _questions(items: list[Item]) -> Iterator[Item]:
    for item in items:
        if item["type"] == "group":
            yield from _questions(item["items"])
        elif item["type"] != "static":
            yield item
