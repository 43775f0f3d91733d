"""Answers given to one version of a form, laid into another: what keeps its place, what moves, what has none.

By path and id: a question is the same where its path is the same, an instance where its id is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from forms_engine.reading import Reading, instances
from forms_engine.sheet import Uploads
from forms_engine.structure import Answers, CompiledForm, Field, Group, Item, Path, Static, Where

#: What takes the answers of the other type as they are.
_TAKES = {("text", "multiline"), ("postal_code", "text"), ("email", "text")}


@dataclass(frozen=True, slots=True)
class Homeless:
    """An answer that has no place in the other version, in the words in which it was given. `name`: its HTML name."""

    path: str
    label: str
    words: str
    name: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A question that was answered and stands in another step now."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Reworded:
    """A question that was answered and is asked in other words now."""

    before: str
    after: str
    step_key: str
    path: str


@dataclass(slots=True)
class Fit:
    """`answers` are those that have a place."""

    answers: Answers = field(default_factory=dict)
    homeless: list[Homeless] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    reworded: list[Reworded] = field(default_factory=list)


def fit(
    old: CompiledForm, new: CompiledForm, answers: Answers, *, uploads: Uploads | None = None, language: str = "de"
) -> Fit:
    """Answers of `old`, hidden and unfinished ones too, laid into `new`. Nothing is left out unsaid."""
    return _Fitter(old, new, uploads or {}, language).fit(answers)


class _Fitter:
    def __init__(self, old: CompiledForm, new: CompiledForm, uploads: Uploads, language: str) -> None:
        self._new, self._uploads, self._language = new, uploads, language
        self._old_steps, self._new_steps = _steps_of(old), _steps_of(new)
        self._titles_before = {step.key: step.title(language) for step in old.steps}
        self._titles_after = {step.key: step.title(language) for step in new.steps}
        self._items = tuple(item for step in old.steps for item in step.items)
        self._told: set[Path] = set()

    def fit(self, answers: Answers) -> Fit:
        found = Fit()
        found.answers = self._below(self._items, answers, "", (), found)
        return found

    def _below(
        self, items: tuple[Item, ...], stored: Answers, prefix: str, titles: tuple[str, ...], found: Fit
    ) -> Answers:
        kept: Answers = {}
        for item in items:
            if isinstance(item, Static) or item.key not in stored:
                continue
            value, new = stored[item.key], self._new.nodes.get(item.path)
            if isinstance(item, Field):
                if self._keeps(item, new, value):
                    kept[item.key] = value
                    if not is_blank(value):
                        self._notice(item, new, found)
                elif not is_blank(value):
                    found.homeless.append(self._homeless(item, value, f"{prefix}{item.key}", titles))
                continue
            same = isinstance(new, Group) and (new.repeat is None) == (item.repeat is None)
            if item.repeat is None:
                below = self._below(
                    item.items,
                    value if isinstance(value, dict) else {},
                    f"{prefix}{item.key}-",
                    titles,
                    found,
                )
                if same:
                    kept[item.key] = below
                continue
            most = new.repeat.max if same and isinstance(new, Group) and new.repeat else 0
            kept_entries = []
            for number, entry in enumerate(instances(value), start=1):
                title = f"{item.repeat.instance(self._language)} {number}"
                inside = f"{prefix}{item.key}-{entry.get('_id', '')}-"
                if number > most:
                    found.homeless += self._all_homeless(item.items, entry, inside, (*titles, title))
                else:
                    below = self._below(item.items, entry, inside, (*titles, title), found)
                    kept_entries.append({"_id": entry.get("_id"), **below})
            if same:
                kept[item.key] = kept_entries
        return kept

    def _keeps(self, old: Field, new: Any, value: Any) -> bool:
        if not isinstance(new, Field):
            return False
        if new.type.name != old.type.name and (old.type.name, new.type.name) not in _TAKES:
            return False
        if new.type.name not in ("choice", "choices") or is_blank(value):
            return True
        chosen = value if isinstance(value, list) else [value]
        return {str(each) for each in chosen} <= {option.value for option in new.options}

    def _all_homeless(
        self, items: tuple[Item, ...], stored: Answers, prefix: str, titles: tuple[str, ...]
    ) -> Iterator[Homeless]:
        for item in items:
            if isinstance(item, Static):
                continue
            value = stored.get(item.key)
            if isinstance(item, Field):
                if not is_blank(value):
                    yield self._homeless(item, value, f"{prefix}{item.key}", titles)
            elif item.repeat is None:
                below = value if isinstance(value, dict) else {}
                yield from self._all_homeless(item.items, below, f"{prefix}{item.key}-", titles)
            else:
                for number, entry in enumerate(instances(value), start=1):
                    title = f"{item.repeat.instance(self._language)} {number}"
                    inside = f"{prefix}{item.key}-{entry.get('_id', '')}-"
                    yield from self._all_homeless(item.items, entry, inside, (*titles, title))

    def _homeless(self, item: Field, value: Any, name: str, titles: tuple[str, ...]) -> Homeless:
        label = ", ".join((*titles, item.label(self._language)))
        return Homeless(".".join(item.path), label, self._words(item, value, name), name)

    def _words(self, item: Field, value: Any, name: str) -> str:
        if item.type.name == "file":
            return ", ".join(upload.name for upload in self._uploads.get(name, ())) or str(item.type.count(value))
        if item.type.comparable(value) is not None:
            return item.type.text(item, value, self._language)
        return " ".join(map(str, value.values())) if isinstance(value, dict) else str(value)

    def _notice(self, item: Field, new: Any, found: Fit) -> None:
        """Says once of each question that it stands elsewhere or is asked differently."""
        if item.path in self._told:
            return
        self._told.add(item.path)
        label = new.label(self._language)
        before, after = self._old_steps[item.path], self._new_steps[item.path]
        if before != after:
            found.moved.append(Moved(label, self._titles_before[before], self._titles_after[after]))
        if item.label(self._language) != label:
            found.reworded.append(Reworded(item.label(self._language), label, after, ".".join(item.path)))


def is_blank(value: Any) -> bool:
    """Is there nothing in it that a person gave? What a draft keeps unfinished is something."""
    if isinstance(value, Mapping):
        return all(is_blank(each) for each in value.values())
    if isinstance(value, list):
        return not value
    return value is None or value == ""


def shown(form: CompiledForm, answers: Answers) -> set[str]:
    """What these answers lead to, of the steps (by key, with a `/` before it), groups and questions (by path)."""
    reading = Reading(form, answers)
    found = {f"/{step.key}" for step in form.steps if reading.shows(step)}
    for step in form.steps:
        _shown_below(reading, step.items, answers, (), found)
    return found


def _shown_below(reading: Reading, items: tuple[Item, ...], stored: Answers, where: Where, found: set[str]) -> None:
    for item in items:
        if isinstance(item, Static) or not reading.shows(item, where):
            continue
        found.add(".".join(item.path))
        if isinstance(item, Field):
            continue
        value = stored.get(item.key)
        if item.repeat is None:
            _shown_below(reading, item.items, value if isinstance(value, dict) else {}, where, found)
        else:
            for entry in instances(value):
                _shown_below(reading, item.items, entry, (*where, str(entry.get("_id", ""))), found)


def _steps_of(form: CompiledForm) -> dict[Path, str]:
    return {field.path: step.key for step in form.steps for field in step.fields}
