"""Keys made from words, free where they are to stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from itertools import count
from typing import Any

from forms_engine.editing.places import Address, find
from forms_engine.field_types import FIELD_TYPES
from forms_engine.meaning import RESERVED

_LONGEST = 40
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_BOXES = {box for field_type in FIELD_TYPES.values() for box in field_type.parts}


def key_from(words: str, taken: Collection[str], joint: str = "_", longest: int = _LONGEST) -> str:
    """A valid key like these words that is not taken and does not clash with the boxes of a field beside it."""
    plain = unicodedata.normalize("NFKD", words.lower().translate(_GERMAN)).encode("ascii", "ignore").decode()
    stem = re.sub("[^a-z0-9]+", joint, plain).strip(joint)
    if not stem or not stem[0].isalpha():
        stem = f"feld{joint}{stem}".strip(joint)
    return next(key for key in _candidates(stem, joint, longest) if _is_free(key, taken))


def option_value(label: str, taken: Collection[str]) -> str:
    """A value for an option with this label."""
    return key_from(label, taken)


def keys_beside(definition: Mapping[str, Any], around: Address) -> set[str]:
    """The keys that are taken in this group or, as steps are no part of a path, in all steps."""
    if around.path:
        return {item["key"] for item in find(definition, around)["items"]}
    return {item["key"] for step in definition["steps"] for item in step["items"]}


def _candidates(stem: str, joint: str, longest: int) -> Iterator[str]:
    yield stem[:longest].rstrip(joint)
    for number in count(2):
        ending = f"{joint}{number}"
        yield stem[: longest - len(ending)].rstrip(joint) + ending


def _is_free(key: str, taken: Collection[str]) -> bool:
    if key in taken or key in RESERVED:
        return False
    boxes_of_another = any(key.endswith(f"_{box}") and key.removesuffix(f"_{box}") in taken for box in _BOXES)
    return not boxes_of_another and not any(f"{key}_{box}" in taken for box in _BOXES)
