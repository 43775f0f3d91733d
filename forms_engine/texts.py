"""Texts as language maps: German always, other languages where an author wrote them."""

from __future__ import annotations

from collections.abc import Mapping

DEFAULT_LANGUAGE = "de"


class Text:
    """A text in several languages; called with a language, it answers in it or in German."""

    __slots__ = ("_by_language",)

    def __init__(self, by_language: Mapping[str, str]) -> None:
        self._by_language = dict(by_language)

    def __call__(self, language: str) -> str:
        return self._by_language.get(language) or self._by_language[DEFAULT_LANGUAGE]

    def __repr__(self) -> str:
        return f"Text({self._by_language[DEFAULT_LANGUAGE]!r})"
