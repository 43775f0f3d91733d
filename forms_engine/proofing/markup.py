"""Markup of our own templates as a list of elements: enough to ask what stands where."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"input", "br", "img", "hr", "meta", "link", "wbr", "source"})


@dataclass(eq=False)
class Element:
    """An element with its attributes, the one around it, and all words in it."""

    tag: str
    attributes: dict[str, str]
    above: Element | None
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its words, with one space between them."""
        return " ".join(" ".join(self.words).split())

    def is_in(self, tag: str) -> bool:
        """Does it stand in such an element, at whatever depth?"""
        above = self.above
        while above is not None and above.tag != tag:
            above = above.above
        return above is not None


def read(markup: str) -> list[Element]:
    """The elements in the order of the markup."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader.elements


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._open: Element | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self._open)
        self.elements.append(element)
        if tag not in _VOID:
            self._open = element

    def handle_endtag(self, tag: str) -> None:
        element = self._open
        while element is not None and element.tag != tag:
            element = element.above
        if element is not None:
            self._open = element.above

    def handle_data(self, data: str) -> None:
        element = self._open
        while element is not None:
            element.words.append(data)
            element = element.above
