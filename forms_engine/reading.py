"""Answers read under the rules of their form: what is shown, what a condition says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forms_engine.conditions import Condition, Truth
from forms_engine.structure import Answers, CompiledForm, Declared, Field, Group, Item, Path, Static, Step, Where


class Reading:
    """One look at one set of answers. Each condition is evaluated at most once per place.

    A hidden question counts as not answered, so what is shown follows from the answers alone;
    definitions with cycles are refused before, so this ends.
    """

    def __init__(self, form: CompiledForm, answers: Answers) -> None:
        self.form = form
        self.answers = answers
        self._known: dict[tuple[Condition, Where], Truth] = {}

    def holds(self, condition: Condition, where: Where = ()) -> Truth:
        """True, False or None (unknown) for a condition at a place."""
        key = (condition, where[: condition.depth])
        if key not in self._known:
            self._known[key] = condition.holds(self, key[1])
        return self._known[key]

    def shows(self, item: Field | Group | Static | Step, where: Where = ()) -> bool:
        """Is this question, group, text or step visible? A step in which nothing is, is not."""
        shown = all(self.holds(condition, where) is True for condition in item.conditions)
        return shown and (not isinstance(item, Step) or self._has_something(item.items))

    def _has_something(self, items: tuple[Item, ...]) -> bool:
        """Is there a question, a text, or a group to add to? Instances need not be looked into."""
        return any(
            self.shows(item) and (not isinstance(item, Group) or bool(item.repeat) or self._has_something(item.items))
            for item in items
        )

    def is_answered(self, group: Group, where: Where = ()) -> bool:
        """Is a visible question of this group answered, in whatever step? One that was left alone holds at most empty
        instances.
        """
        repeated = self.form.declared[group.path].repeated
        return any(
            self._holds_answer(part.items, value, place)
            for part in self.form.parts_of(group)
            for value, place in places(self.answers, group.path, repeated, where)
        )

    def _holds_answer(self, items: tuple[Item, ...], stored: Any, where: Where) -> bool:
        for item in items:
            if not isinstance(stored, dict) or isinstance(item, Static) or not self.shows(item, where):
                continue
            value = stored.get(item.key)
            if isinstance(item, Field):
                if item.type.comparable(value) is not None:
                    return True
            elif item.repeat:
                inside = ((entry, (*where, str(entry.get("_id", "")))) for entry in instances(value))
                if any(self._holds_answer(item.items, entry, place) for entry, place in inside):
                    return True
            elif self._holds_answer(item.items, value, where):
                return True
        return False

    def answered(self, declared: Declared, bound: Where) -> Iterator[Any]:
        node = self.form.nodes[declared.path]
        for value, where in places(self.answers, declared.path, declared.repeated, bound):
            yield value if self.shows(node, where) else None

    def values(self, declared: Declared, bound: Where) -> Iterator[Any]:
        for value in self.answered(declared, bound):
            yield declared.type.comparable(value) if declared.type else None

    def count(self, declared: Declared, bound: Where) -> int | None:
        node = self.form.nodes[declared.path]
        total: int | None = None
        for value, where in places(self.answers, declared.path, (*declared.repeated[:-1], False), bound):
            if self.shows(node, where):
                counted = declared.type.count(value) if declared.type else len(instances(value))
                total = (total or 0) + counted
        return total


def instances(value: Any) -> list[Answers]:
    """The instances of a repeated group, whatever stands there."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def places(answers: Answers, path: Path, repeated: tuple[bool, ...], bound: Where) -> Iterator[tuple[Any, Where]]:
    """Every value at a path with the instances that it lies in; `bound` fixes the outermost of them."""
    found: list[tuple[Any, Where]] = [(answers, ())]
    for key, many in zip(path, repeated, strict=True):
        below = [(value.get(key) if isinstance(value, dict) else None, where) for value, where in found]
        if many:
            below = [
                (entry, (*where, str(entry.get("_id", ""))))
                for value, where in below
                for entry in instances(value)
                if len(where) >= len(bound) or entry.get("_id") == bound[len(where)]
            ]
        found = below
    yield from found
