"""The parts of a definition with their places, in the order of the pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """A step, group or question. `path` is empty for a step; `conditional` says whether a condition may hide it."""

    raw: Mapping[str, Any]
    step: str
    path: str
    conditional: bool

    @property
    def kind(self) -> str:
        return str(self.raw.get("type", "step"))

    @property
    def name(self) -> str:
        """What an author calls it: its label or title, else its key."""
        texts = self.raw.get("label") or self.raw.get("title") or {}
        return str(texts.get("de", "")).strip() or str(self.raw["key"])


def parts(definition: Mapping[str, Any]) -> Iterator[Part]:
    """Steps, groups and questions, each before what is in it."""
    for step in definition["steps"]:
        conditional = "when" in step
        yield Part(step, step["key"], "", conditional)
        yield from _below(step["items"], step["key"], "", conditional)


def _below(items: list[Any], step: str, above: str, conditional: bool) -> Iterator[Part]:
    for item in items:
        path = f"{above}.{item['key']}" if above else item["key"]
        hidden = conditional or "when" in item
        yield Part(item, step, path, hidden)
        if item["type"] == "group":
            yield from _below(item["items"], step, path, hidden)
