"""Which questions of a form stand elsewhere, or have another key, in its next version; and what names them outside.

A question is known by its path. Where a path is gone, it is the same question at a new path if that one is of the same
type and is told by its number in the federation, else by its key (it was moved), else by its label (it was renamed);
and only if there is exactly one. Pure functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from forms_engine.structure import CompiledForm, Field, Group, Path

Paths = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Moves:
    """`to` says where questions and groups stand now; `unclear` where several might be meant."""

    to: dict[str, str] = field(default_factory=dict)
    unclear: dict[str, list[str]] = field(default_factory=dict)


def moves(old: CompiledForm, new: CompiledForm) -> Moves:
    """What became of every path of the old form that the new one lacks; what is in neither part is gone."""
    found: dict[str, list[Path]] = {}
    for path in old.declared:  # groups come before what stands in them
        if path not in new.declared:
            found[".".join(path)] = _same(path, old, new, found)
    taken = [path for candidates in found.values() if len(candidates) == 1 for path in candidates]
    made = Moves()
    for name, candidates in found.items():
        if len(candidates) == 1 and taken.count(candidates[0]) == 1:
            made.to[name] = ".".join(candidates[0])
        elif candidates:
            made.unclear[name] = [".".join(path) for path in candidates]
    return made


def _same(path: Path, old: CompiledForm, new: CompiledForm, found: Mapping[str, list[Path]]) -> list[Path]:
    """The paths that might be this question: of the first way of telling that tells any."""
    free = [each for each in new.declared if each not in old.declared and _fits(path, each, old, new, found)]
    told: tuple[Callable[[Path, CompiledForm], Any], ...] = (
        lambda each, form: form.nodes[each].fim,
        lambda each, form: each[-1],
        lambda each, form: label_of(form, each),
    )
    for name in told:
        wanted = name(path, old)
        if wanted and (same := [each for each in free if name(each, new) == wanted]):
            return same
    return []


def _fits(path: Path, other: Path, old: CompiledForm, new: CompiledForm, found: Mapping[str, list[Path]]) -> bool:
    """Of one type, asked as often, and inside of the same repeated groups."""
    before, after = old.declared[path], new.declared[other]
    if before.type is not after.type or before.repeated[-1] != after.repeated[-1]:
        return False
    around = [found.get(".".join(each), [each]) for each in _repeated(path, before.repeated)]
    return around == [[each] for each in _repeated(other, after.repeated)]


def _repeated(path: Path, repeated: tuple[bool, ...]) -> list[Path]:
    return [path[: number + 1] for number, many in enumerate(repeated[:-1]) if many]


def label_of(form: CompiledForm, path: Path) -> str:
    """What a question or group is called, in German; its path if it has no name."""
    node = form.nodes.get(path)
    named = node.label if isinstance(node, Field) else node.title if isinstance(node, Group) else None
    return named("de") if named else ".".join(path)


# --- what names them -------------------------------------------------------------------------------------------------


def names_in(condition: Any) -> Iterator[str]:
    """The paths that a condition outside of the form names."""
    if isinstance(condition, Mapping):
        if condition.keys() in ({"answer"}, {"count"}):
            yield from condition.values()
            return
        condition = list(condition.values())
    if isinstance(condition, list):
        for part in condition:
            yield from names_in(part)


def with_paths(condition: Any, paths: Paths) -> Any:
    """The condition with other paths in place of these."""
    if isinstance(condition, Mapping):
        if condition.keys() in ({"answer"}, {"count"}):
            return {kind: paths.get(name, name) for kind, name in condition.items()}
        return {name: with_paths(part, paths) for name, part in condition.items()}
    return [with_paths(part, paths) for part in condition] if isinstance(condition, list) else condition


def earlier(known: Mapping[str, Paths], made: Paths, versions: list[str]) -> dict[str, dict[str, str]]:
    """By version: where what is named by today's paths stood then. `known` is the same before `made`."""
    after = {}
    for version in versions:
        before = known.get(version, {})
        stood = {made.get(now, now): then for now, then in before.items()}
        after[version] = stood | {now: old for old, now in made.items() if old not in before}
    return after
