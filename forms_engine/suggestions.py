"""The closest known word, for messages to authors."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def closest(word: str, known: Iterable[str]) -> str:
    """A sentence with the known word that is most like this one, or nothing; begins with a blank."""
    matches = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" Meinen Sie „{matches[0]}“?" if matches else ""
