"""Answers as the programs of receivers know them: nested JSON, keyed by the ids of the federation's schema (FIM)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from forms_engine.reading import instances
from forms_engine.structure import Answers, CompiledForm, Field, Group, Item, Static


def by_fim_ids(form: CompiledForm, answers: Answers) -> dict[str, Any] | None:
    """What was submitted, under the ids of the schema that the form came from; None if it came from none.

    `{"schema": "S…", "version": "1.0.0", "answers": {"G…": {"F…": …}}}`. What repeats is a list. An id that stands
    several times in one group is a list as well, with null where nothing was answered. Questions that an author
    added keep their own key.
    """
    if form.fim is None:
        return None
    return {"schema": form.fim.id, "version": form.fim.version, "answers": _written(form.tree(), answers)}


def _written(items: tuple[Item, ...], stored: Answers) -> Answers:
    questions = [item for item in items if not isinstance(item, Static)]
    often = Counter(_name(item) for item in questions)
    written: Answers = {}
    for item in questions:
        name, value = _name(item), _value(item, stored.get(item.key))
        if often[name] > 1:
            written.setdefault(name, []).append(value)
        elif value is not None:
            written[name] = value
    return {name: value for name, value in written.items() if not _holds_nothing(value, often[name])}


def _name(item: Field | Group) -> str:
    """The id of an item; a block around one repeated field has none of its own and goes by that of the field."""
    single = _repeated_field(item)
    return (single.fim if single else item.fim) or item.key


def _repeated_field(item: Field | Group) -> Field | None:
    if isinstance(item, Group) and item.repeat and item.fim is None and len(item.items) == 1:
        (only,) = item.items
        return only if isinstance(only, Field) and only.fim else None
    return None


def _value(item: Field | Group, value: Any) -> Any:
    if isinstance(item, Field):
        return value["_files"] if isinstance(value, dict) and "_files" in value else value
    if single := _repeated_field(item):
        return [entry[single.key] for entry in instances(value) if entry.get(single.key) is not None] or None
    if item.repeat:
        return [_written(item.items, entry) for entry in instances(value)] or None
    return _written(item.items, value if isinstance(value, dict) else {}) or None


def _holds_nothing(value: Any, often: int) -> bool:
    return often > 1 and all(each is None for each in value)
