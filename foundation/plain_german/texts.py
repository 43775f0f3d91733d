"""A text as the rules see it."""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    SENTENCE = "sentence"
    BUTTON = "button"
    LINK = "link"
    ERROR = "error"
    MAIL = "mail"
    WHOLE = "whole"


@dataclass(frozen=True)
class Text:
    """A text, what it is, and where it stands."""

    words: str
    place: str
    kind: Kind = Kind.SENTENCE
