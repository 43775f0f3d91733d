"""Answers: nested by path, instances of repeated groups with stable ids."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from forms_engine.conditions import Surroundings, compile_condition
from forms_engine.formulas import reckoned
from forms_engine.reading import Reading, instances
from forms_engine.structure import Answers, Calculated, CompiledForm, Field, Group, Item, Path, Static, Step, Where

INSTANCE_ID = re.compile(r"[a-z0-9]{1,12}")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def merge(answers: Answers, step_answers: Answers) -> Answers:
    """Answers with those of a step laid over them; what the step does not mention stays."""
    merged = dict(answers)
    for key, value in step_answers.items():
        before = merged.get(key)
        if isinstance(value, dict) and isinstance(before, dict) and "_files" not in value:
            merged[key] = merge(before, value)
        elif isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
            merged[key] = _merged_instances(instances(before), value)
        else:
            merged[key] = value
    return merged


def _merged_instances(before: list[Answers], now: list[Answers]) -> list[Answers]:
    known = {entry.get("_id"): entry for entry in before}
    mentioned = {entry.get("_id") for entry in now}
    return [merge(known.get(entry.get("_id"), {}), entry) for entry in now] + [
        entry for entry in before if entry.get("_id") not in mentioned
    ]


def lookup(answers: Answers, path: str) -> Any:
    """The answer at a path ("halter.name"); a list of answers if the path leads through a repeated group."""
    found: Any = answers
    for key in path.split("."):
        if isinstance(found, list):
            found = [entry.get(key) for entry in instances(found)]
        else:
            found = found.get(key) if isinstance(found, Mapping) else None
    return found


def instance_ids(stored: Any, least: int) -> list[str]:
    """The ids of the instances of a repeated group, filled up to the least number with `i1`, `i2`, …"""
    ids = [str(entry["_id"]) for entry in instances(stored) if INSTANCE_ID.fullmatch(str(entry.get("_id", "")))]
    spare = (f"i{number}" for number in range(1, 1000))
    while len(ids) < least:
        fresh = next(spare)
        if fresh not in ids:
            ids.append(fresh)
    return ids


def add_instance(form: CompiledForm, answers: Answers, group_path: str) -> tuple[Answers, str | None]:
    """Answers with one more instance of the group that HTML calls `group_path` (`hunde`, `hunde-k3f9x2-welpen`).

    The id is None, and nothing changes, if there is no such group or it is full.
    """
    steps = _steps(form, group_path)
    group = steps and form.nodes[tuple(key for key, _ in steps)]
    if not isinstance(group, Group) or group.repeat is None:
        return answers, None
    least, most = group.repeat.min, group.repeat.max
    fresh = "".join(secrets.choice(_LETTERS) for _ in range(6))
    added = False

    def one_more(stored: Any) -> list[Answers]:
        nonlocal added
        ids = instance_ids(stored, least)
        added = len(ids) < most
        return _merged_instances(instances(stored), [{"_id": known} for known in (*ids, *([fresh] if added else []))])

    changed = _changed(answers, steps, one_more)
    return (changed, fresh) if added else (answers, None)


def remove_instance(form: CompiledForm, answers: Answers, name: str) -> Answers:
    """Answers without the instance that HTML calls `name` (`hunde-k3f9x2`); unchanged if there is none."""
    group_path, _, instance = name.rpartition("-")
    return _changed(
        answers,
        _steps(form, group_path),
        lambda stored: [entry for entry in instances(stored) if entry.get("_id") != instance],
    )


_Steps: TypeAlias = list[tuple[str, str | None]]  # keys of a path, each with the instance to go into


def _steps(form: CompiledForm, name: str) -> _Steps:
    """The way to a repeated group that is written in an HTML name; empty if there is no such group."""
    steps: _Steps = []
    path: Path = ()
    segments = iter(name.split("-"))
    for key in segments:
        path = (*path, key)
        if path not in form.declared:
            return []
        steps.append((key, next(segments, None) if form.declared[path].repeated[-1] else None))
    return steps if form.declared[path].repeated[-1] and steps[-1][1] is None else []


def _changed(answers: Answers, steps: _Steps, change: Callable[[Any], Any]) -> Answers:
    if not steps:
        return answers
    (key, instance), *rest = steps
    below = answers.get(key)
    if not rest:
        return answers | {key: change(below)}
    if instance is None:
        return answers | {key: _changed(below if isinstance(below, dict) else {}, rest, change)}
    return answers | {
        key: [_changed(entry, rest, change) if entry.get("_id") == instance else entry for entry in instances(below)]
    }


def effective(form: CompiledForm, answers: Answers) -> Answers:
    """What is submitted: the answers that are visible under the rules and not empty."""
    reading = Reading(form, answers)
    submitted: Answers = {}
    for step in form.steps:
        if reading.shows(step):
            submitted = merge(submitted, _effective(reading, step.items, answers, ()))
    return submitted


def _effective(reading: Reading, items: tuple[Item, ...], stored: Answers, where: Where) -> Answers:
    submitted: Answers = {}
    for item in items:
        if not reading.shows(item, where):
            continue
        if isinstance(item, Calculated) and (number := reckoned(item, reading, where)) is not None:
            submitted[item.path[-1]] = f"{number:f}"
        if isinstance(item, Static):
            continue
        value = stored.get(item.key)
        if isinstance(item, Field):
            if item.type.comparable(value) is not None:
                submitted[item.key] = value
        elif item.repeat:
            entries = [
                {"_id": entry["_id"], **_effective(reading, item.items, entry, (*where, entry["_id"]))}
                for entry in instances(value)
            ]
            if entries:
                submitted[item.key] = entries
        elif (not item.optional or reading.is_answered(item, where)) and (
            below := _effective(reading, item.items, value if isinstance(value, dict) else {}, where)
        ):
            submitted[item.key] = below
    return submitted


def visible_steps(form: CompiledForm, answers: Answers) -> list[Step]:
    """The steps that these answers lead through."""
    reading = Reading(form, answers)
    return [step for step in form.steps if reading.shows(step)]


def evaluate(
    condition: Mapping[str, Any] | None, answers: Answers, form: CompiledForm, around: Surroundings | None = None
) -> bool | None:
    """Whether a condition (of a routing rule, of a fee) holds: True, False, None for unknown. No condition holds.

    `around` holds the areas and the facts of the case that a routing rule may name. Raises ConditionError where the
    condition names what there is not.
    """
    if condition is None:
        return True
    return Reading(form, answers).holds(compile_condition(condition, form.declared, (), around or Surroundings()))
