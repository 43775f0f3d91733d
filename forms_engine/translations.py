"""The texts of a definition in German and English beside each other, and whether a translation is older than its
source.

Pure functions. How old a translation is follows from the chain of versions: the German text of a path changed in a
later version than the English one. Within one version nobody can tell; there, and wherever somebody has looked at a
translation, the looks decide: pairs of a source and the translation that was found right for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SOURCE, TRANSLATION = "de", "en"
#: The step of the texts that belong to the form as a whole; no step can be called so.
WHOLE_FORM = "_formular"

#: The order in which people read; PostgreSQL keeps the keys of an object in an order of its own.
_ORDER = (
    "title",
    "intro",
    "label",
    "text",
    "hint",
    "repeat",
    "instance",
    "add",
    "options",
    "pattern",
    "error",
    "items",
)
_NAMED_BY = ("label", "title", "text")


class Age(StrEnum):
    MISSING = "missing"
    OLDER = "older"
    CURRENT = "current"


@dataclass(frozen=True, slots=True)
class Wording:
    """One text: where it stands (a path of keys, without steps for questions), in which step, of what, and its words.

    `owner` is the German name of the question, answer or group that it belongs to; `role` the key in the definition.
    """

    path: str
    step: str
    owner: str
    role: str
    source: str
    translation: str

    @property
    def pair(self) -> Look:
        return Look(self.path, digest(self.source), digest(self.translation))


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody found this translation right for this source, both as SHA-256."""

    path: str
    source_sha256: str
    translation_sha256: str


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def wordings(definition: Mapping[str, Any]) -> list[Wording]:
    """Every text of a definition, in the order in which people read it; those of the whole form come first."""
    return [
        Wording(path, step, owner, role, text[SOURCE], text.get(TRANSLATION, ""))
        for path, step, owner, role, text in _texts(definition)
    ]


def with_wordings(definition: Mapping[str, Any], changed: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """The same definition with other words at these paths: German and English; an empty English text is left out."""
    copy: dict[str, Any] = deepcopy(dict(definition))
    for path, _step, _owner, _role, text in _texts(copy):
        if path in changed:
            text[SOURCE], translation = changed[path]
            text.pop(TRANSLATION, None)
            if translation:
                text[TRANSLATION] = translation
    return copy


def ages(chain: Sequence[Mapping[str, Any]], looks: Collection[Look] = ()) -> dict[str, Age]:
    """How each translation of the newest definition stands to its source, by path. `chain` is in order, newest last."""
    if not chain:
        return {}
    history = [{each.path: each for each in wordings(definition)} for definition in chain]
    seen, looked_at = set(looks), {(look.path, look.translation_sha256) for look in looks}
    return {path: _age(path, history, seen, looked_at) for path in history[-1]}


def _age(path: str, history: Sequence[Mapping[str, Wording]], looks: set[Look], looked_at: set[tuple[str, str]]) -> Age:
    newest = history[-1][path]
    if not newest.translation:
        return Age.MISSING
    if newest.pair in looks:
        return Age.CURRENT
    if (path, newest.pair.translation_sha256) in looked_at:
        return Age.OLDER
    source = _changed_in([before[path].source if path in before else None for before in history])
    translation = _changed_in([before[path].translation if path in before else None for before in history])
    return Age.OLDER if source > translation else Age.CURRENT


def _changed_in(texts: Sequence[str | None]) -> int:
    """The number of the version in which the last of these texts came to be what it is."""
    newest = len(texts) - 1
    while newest > 0 and texts[newest - 1] == texts[-1]:
        newest -= 1
    return newest


_Found = tuple[str, str, str, str, dict[str, str]]


def _texts(definition: Mapping[str, Any]) -> Iterator[_Found]:
    whole = {key: value for key, value in definition.items() if key != "steps"}
    yield from _below(whole, (), WHOLE_FORM, "")
    for step in definition["steps"]:
        own = {key: value for key, value in step.items() if key != "items"}
        yield from _below(own, ("steps", step["key"]), step["key"], "")
        # Questions keep their path when they move to another step.
        yield from _below(step["items"], ("items",), step["key"], "")


def _below(value: Any, path: tuple[str, ...], step: str, owner: str) -> Iterator[_Found]:
    if isinstance(value, dict):
        if _is_text(value):
            yield "/".join(path), step, owner, path[-1], value
            return
        name = next((value[key][SOURCE] for key in _NAMED_BY if _is_text(value.get(key))), owner)
        for key in sorted(value, key=lambda key: (_ORDER.index(key) if key in _ORDER else len(_ORDER), key)):
            yield from _below(value[key], (*path, key), step, name)
    elif isinstance(value, list):
        counted: dict[str, int] = {}
        for each in value:
            name = _name_in_list(each)
            counted[name] = counted.get(name, 0) + 1
            here = name if counted[name] == 1 else f"{name}#{counted[name]}"
            yield from _below(each, (*path, here), step, owner)


def _is_text(value: Any) -> bool:
    return isinstance(value, dict) and SOURCE in value and all(isinstance(text, str) for text in value.values())


def _name_in_list(each: Any) -> str:
    """What an entry is called in the path: its own name, so that it is found again after others came before it."""
    if not isinstance(each, dict):
        return ""
    return str(next((each[key] for key in ("key", "value", "at") if key in each), "")).replace("/", "~")
