"""From a compiled form to the JSON Schema of its answers. What is submitted (`effective`) is valid under it.

Not everything that a form checks can be said: what cannot is left out, so the schema is never stricter than the form.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forms_engine.conditions import Condition
from forms_engine.json_schema.conditions import NotSaid, Schema, anchor, conjuncts, when_false, when_true
from forms_engine.json_schema.types import answer_schema, result_schema, shared_schemas
from forms_engine.structure import Calculated, CompiledForm, Field, Group, Item, Path, Rule, Static

__all__ = ["MEDIA_TYPE", "schema_of_answers"]

MEDIA_TYPE = "application/schema+json"
_INSTANCE: Schema = {"type": "string", "pattern": "^[a-z0-9]{1,12}$"}


def schema_of_answers(form: CompiledForm, address: str) -> Schema:
    """The JSON Schema of what this form submits; `address` is where it is published."""
    writer = _Writer(form)
    items = form.tree()
    schema: Schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "title": form.title("de"),
        **writer.content(items, ()),
    }
    writer.require_under_conditions(items)
    writer.check_rules(items)
    if writer.clauses:
        schema["allOf"] = writer.clauses
    if shared := shared_schemas(field for step in form.steps for field in step.fields):
        schema["$defs"] = shared
    return schema


class _Writer:
    def __init__(self, form: CompiledForm) -> None:
        self.form = form
        self.clauses: list[Schema] = []  # of the whole form; those of an instance are reached through its way

    # what stands where ----------------------------------------------------------------------------------------------

    def content(self, items: tuple[Item, ...], above: tuple[Condition, ...]) -> Schema:
        """An object with an answer per item; required is what is asked in any case."""
        properties: dict[str, Schema] = {}
        required: list[str] = []
        for item in items:
            key = item.path[-1]
            if isinstance(item, Calculated):
                properties[key] = result_schema(item)
            elif isinstance(item, Field):
                properties[key] = answer_schema(item)
            elif isinstance(item, Group):
                properties[key] = self._group(item)
            if not _own(item, above) and self._is_always_there(item):
                required.append(key)
        return {
            "type": "object",
            "properties": properties,
            **({"required": required} if required else {}),
            "additionalProperties": False,
        }

    def _group(self, group: Group) -> Schema:
        inside = self.content(group.items, group.conditions)
        if group.repeat is None:
            return inside | {"title": group.title("de")}
        inside["properties"] = {"_id": _INSTANCE} | inside["properties"]
        needed = bool(inside.get("required"))
        inside["required"] = ["_id", *inside.get("required", ())]
        least = {"minItems": group.repeat.min} if needed and group.repeat.min > 1 else {}
        return {"type": "array", "title": group.title("de"), "items": inside, **least, "maxItems": group.repeat.max}

    def _is_always_there(self, item: Item) -> bool:
        """Is something of this item submitted whenever what is around it is shown and filled in?"""
        if isinstance(item, Field):
            return item.required
        if isinstance(item, Static) or item.optional or (item.repeat is not None and item.repeat.min == 0):
            return False
        return any(not _own(below, item.conditions) and self._is_always_there(below) for below in item.items)

    # what depends on other answers ----------------------------------------------------------------------------------

    def require_under_conditions(self, items: tuple[Item, ...], above: tuple[Condition, ...] = ()) -> None:
        """A clause for each item that is shown under conditions of its own: there if they hold, absent if not."""
        for item in items:
            if _own(item, above) and not (isinstance(item, Static) and not isinstance(item, Calculated)):
                there = self._is_always_there(item)
                clause = self._under(
                    item.conditions,
                    item.path,
                    self._present(item.path) if there else None,
                    self._absent(item.path),
                )
                self._add(clause)
            if isinstance(item, Group):
                self.require_under_conditions(item.items, item.conditions)

    def check_rules(self, items: tuple[Item, ...]) -> None:
        """The checks across questions."""
        for rule, inside in [*((rule, ()) for rule in self.form.rules), *self._rules(items)]:
            if self._around(rule.at) != inside:
                continue  # it is told at one of several places, or never
            try:
                broken = when_false(self.form, rule.require)
                is_said = anchor(rule.require) == len(inside)
            except NotSaid:
                continue
            if is_said:
                conditions = self.form.nodes[rule.at].conditions
                self._add(self._under(conditions, rule.at, {len(inside): {"not": broken}}, None))

    def _rules(self, items: tuple[Item, ...]) -> Iterator[tuple[Rule, tuple[Path, ...]]]:
        """Each rule of a group with the repeated groups around it, outermost first."""
        for item in items:
            if isinstance(item, Group):
                around = self._around(item.path)
                yield from ((rule, around) for rule in item.rules if rule.at[: len(item.path)] == item.path)
                yield from self._rules(item.items)

    def _is_repeated(self, path: Path) -> bool:
        node = self.form.nodes.get(path)
        return isinstance(node, Group) and node.repeat is not None

    def _around(self, path: Path) -> tuple[Path, ...]:
        """The repeated groups on a path, its own end too, outermost first."""
        parts = (path[: number + 1] for number in range(len(path)))
        return tuple(part for part in parts if self._is_repeated(part))

    def _add(self, clause: Schema | None) -> None:
        if clause is not None:
            self.clauses.append(clause)

    def _under(
        self,
        conditions: tuple[Condition, ...],
        path: Path,
        then: dict[int, Schema] | None,
        otherwise: dict[int, Schema] | None,
    ) -> Schema | None:
        """If the conditions hold then …, else …; both by how many instances around them they are said of.

        None if JSON Schema cannot say the conditions.
        """
        by_depth: dict[int, list[Schema]] = {}
        try:
            for condition in (part for whole in conditions for part in conjuncts(whole)):
                by_depth.setdefault(anchor(condition), []).append(when_true(self.form, condition))
        except NotSaid:
            return None
        around = self._around(path)
        if max(by_depth, default=0) > len(around):
            return None
        return self._nested(by_depth, around, 0, then, otherwise)

    def _nested(
        self,
        by_depth: dict[int, list[Schema]],
        around: tuple[Path, ...],
        depth: int,
        then: dict[int, Schema] | None,
        otherwise: dict[int, Schema] | None,
    ) -> Schema | None:
        parts = []
        if then is not None and depth in then and depth >= max(by_depth, default=0):
            parts.append(then[depth])
        elif depth < len(around):
            below = self._nested(by_depth, around, depth + 1, then, otherwise)
            if below is not None:
                parts.append(self._way(((), *around)[depth], around[depth], {"items": below}))
        inner = {"allOf": parts} if len(parts) > 1 else parts[0] if parts else None
        if depth not in by_depth:
            return inner
        clause: Schema = {"if": {"allOf": by_depth[depth]}}
        if inner is not None:
            clause["then"] = inner
        if otherwise is not None:
            clause["else"] = otherwise[depth]
        return clause if len(clause) > 1 else None

    def _present(self, path: Path) -> dict[int, Schema]:
        """By the number of instances around: that the answer is there, with the groups that have to be there then."""
        around = ((), *self._around(path[:-1]))
        start = around[-1]
        nodes = [self.form.nodes[path[: number + 1]] for number in range(len(start), len(path))]
        voluntary = max(
            (n for n, node in enumerate(nodes[:-1]) if isinstance(node, Group) and node.optional), default=-1
        )
        schema: Schema = {}
        for number, node in reversed(list(enumerate(nodes))):
            key = node.path[-1]
            schema = {"properties": {key: schema}} if schema else {}
            if number > voluntary:
                schema["required"] = [key]
        return {len(around) - 1: schema}

    def _absent(self, path: Path) -> dict[int, Schema]:
        """By the number of instances around: that there is no answer."""
        around = self._around(path[:-1])
        return {depth: self._way(start, path, False) for depth, start in enumerate(((), *around))}

    def _way(self, start: Path, end: Path, schema: Any) -> Schema:
        """The schema at the end of a path that begins in an instance at `start`, wherever the path exists."""
        for number in reversed(range(len(start), len(end))):
            if number < len(end) - 1 and self._is_repeated(end[: number + 1]):
                schema = {"items": schema}
            schema = {"properties": {end[number]: schema}}
        return schema


def _own(item: Item, above: tuple[Condition, ...]) -> bool:
    """Has the item a condition of its own, besides those of what is around it?"""
    return len(item.conditions) > len(above)
