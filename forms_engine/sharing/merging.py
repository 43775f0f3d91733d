"""Three-way merge of definitions and other plain data: what both sides made of what they began with.

A definition is merged by path and id: a question is the same question wherever it stands, steps are known by their
key, options by their value, rules by what they require. What only one side touched is taken; where both touched the
same place in different ways there is a conflict, and somebody chooses. Pure functions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from forms_engine.errors import DefinitionError
from forms_engine.loading import load

Side = Literal["ours", "theirs"]
Choices = Mapping[str, str]


class Missing:
    """Stands where a side has nothing."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing()
#: Means something as a whole only: a half of each side would be a condition that nobody wrote.
_WHOLE = frozenset(
    {
        *("when", "require", "value", "code_list", "pattern", "repeat", "areas", "accept"),
        *("by", "free", "special", "times"),  # of a tariff
    }
)
_CHILDREN = frozenset({"steps", "items"})
#: The definition's name within its authority is never merged.
_OWN = ("format", "key")


@dataclass(frozen=True, slots=True)
class Change:
    """One place that is not the same; `before` or `after` is MISSING where something was added or removed."""

    place: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place that both sides changed in different ways; `chosen` is the side that the merge took."""

    place: str
    base: Any
    ours: Any
    theirs: Any
    chosen: Side


@dataclass(frozen=True, slots=True)
class Merged:
    """`problems` are German sentences: the result cannot be used as it is, and why. Empty means that it loads."""

    result: Any
    conflicts: list[Conflict]
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Node:
    """A form, step, group or question without what stands inside of it."""

    own: Any
    parent: str
    children: tuple[str, ...] | None


_Nodes = dict[str, _Node]
_ROOT = "form"
_NOWHERE = _Node(MISSING, "", None)


def merge_definitions(
    base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any], choices: Choices | None = None
) -> Merged:
    """Our definition with what they changed since `base`; it keeps our key.

    `choices` says which side a conflict takes, by its place; without a word it is ours.
    """
    named = {name: ours[name] for name in _OWN}
    merge = _Merge(choices or {})
    merged = merge.nodes(_flat(base | named), _flat(ours | named), _flat(theirs | named))
    definition = _built(merged, _ROOT)
    try:
        definition = load(definition)
    except DefinitionError as error:
        return Merged(definition, merge.conflicts, error.problems)
    return Merged(definition, merge.conflicts)


def merge_values(base: Any, ours: Any, theirs: Any, choices: Choices | None = None) -> Merged:
    """The same for plain data such as the texts and the tariff of a service."""
    merge = _Merge(choices or {})
    return Merged(merge.value("", base, ours, theirs), merge.conflicts)


def changes_of_definition(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """What is different in the new one, each place once, in its order; the form's own key is none of it."""
    before, after = _flat(old), _flat(new | {name: old[name] for name in _OWN})
    return [change for name in _union(after, before) for change in _changes_of_node(name, before, after)]


def changes_of_values(old: Any, new: Any, place: str = "") -> list[Change]:
    """The same for plain data."""
    if old == new:
        return []
    if _parts(place, old, new):
        parts_old, parts_new = _as_parts(old), _as_parts(new)
        names = _union(parts_new, parts_old)
        inside = [
            change
            for name in names
            for change in changes_of_values(
                parts_old.get(name, MISSING), parts_new.get(name, MISSING), _below(place, name)
            )
        ]
        return inside or [Change(_below(place, "order"), list(parts_old), list(parts_new))]
    return [Change(place, old, new)]


def _changes_of_node(name: str, before: _Nodes, after: _Nodes) -> Iterator[Change]:
    old, new = before.get(name, _NOWHERE), after.get(name, _NOWHERE)
    if old.own is MISSING or new.own is MISSING:
        yield Change(name, old.own, new.own)
        return
    yield from changes_of_values(old.own, new.own, name)
    if old.parent != new.parent:
        yield Change(f"{name}/step", old.parent, new.parent)
    stayed = set(old.children or ()) & set(new.children or ())
    orders = [[child for child in each.children or () if child in stayed] for each in (old, new)]
    if orders[0] != orders[1]:
        yield Change(f"{name}/order", *orders)


# --- a definition as a table of nodes --------------------------------------------------------------------------------


def _flat(definition: Mapping[str, Any]) -> _Nodes:
    steps = definition["steps"]
    nodes = {_ROOT: _Node(_without_children(definition), "", tuple(f"step:{step['key']}" for step in steps))}
    for step in steps:
        name = f"step:{step['key']}"
        nodes[name] = _Node(_without_children(step), _ROOT, _names(step["items"], ""))
        nodes |= _flat_items(step["items"], "", name)
    return nodes


def _flat_items(items: Iterable[Mapping[str, Any]], above: str, parent: str) -> _Nodes:
    nodes: _Nodes = {}
    for item in items:
        path = _path(above, item)
        inside = item.get("items")
        children = _names(inside, path) if inside is not None else None
        nodes[f"item:{path}"] = _Node(_without_children(item), parent, children)
        if inside is not None:
            nodes |= _flat_items(inside, path, f"item:{path}")
    return nodes


def _names(items: Iterable[Mapping[str, Any]], above: str) -> tuple[str, ...]:
    return tuple(f"item:{_path(above, item)}" for item in items)


def _path(above: str, item: Mapping[str, Any]) -> str:
    return f"{above}.{item['key']}" if above else item["key"]


def _without_children(node: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in node.items() if name not in _CHILDREN}


def _built(nodes: _Nodes, name: str) -> dict[str, Any]:
    node = nodes[name]
    if node.children is None:
        return dict(node.own)
    inside = [_built(nodes, child) for child in node.children]
    return dict(node.own) | {"steps" if name == _ROOT else "items": inside}


# --- merging ---------------------------------------------------------------------------------------------------------


class _Merge:
    """One merge: collects its conflicts, and takes the side that was chosen for each."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self.conflicts: list[Conflict] = []

    def nodes(self, base: _Nodes, ours: _Nodes, theirs: _Nodes) -> _Nodes:
        kept = {
            name: node
            for name in _union(ours, theirs)
            if (node := self._node(name, base.get(name), ours.get(name), theirs.get(name))) is not None
        }
        for name in list(kept):
            self._keep_above(kept, name, ours, theirs)
        merged = {}
        for name, node in kept.items():
            children = self._children(name, kept, base, ours, theirs)
            # A question in which something stands is no definition, and is told as such: nothing is dropped unseen.
            merged[name] = replace(node, children=children if children or node.children is not None else None)
        return merged

    def _node(self, name: str, base: _Node | None, ours: _Node | None, theirs: _Node | None) -> _Node | None:
        if ours is None or theirs is None:
            here = ours or theirs
            if here is None:
                return None
            if base is None:
                return here
            if _same(here, base):
                return None
            sides = [MISSING if each is None else each.own for each in (ours, theirs)]
            chosen = self._conflict(name, base.own, *sides)
            return ours if chosen == "ours" else theirs
        began = base or _NOWHERE
        own = self.value(name, began.own, ours.own, theirs.own)
        parent = self.value(f"{name}/step", began.parent, ours.parent, theirs.parent)
        children = ours.children if own.get("type") == ours.own.get("type") else theirs.children
        return _Node(own, parent, children)

    def _keep_above(self, kept: _Nodes, name: str, ours: _Nodes, theirs: _Nodes) -> None:
        """What is kept keeps what it stands in, though a side removed that."""
        parent = kept[name].parent
        while parent and parent not in kept:
            found = ours.get(parent) or theirs[parent]
            kept[parent] = found
            parent = found.parent

    def _children(self, name: str, kept: _Nodes, base: _Nodes, ours: _Nodes, theirs: _Nodes) -> tuple[str, ...]:
        inside = [child for child in kept if kept[child].parent == name]
        orders = [list((nodes.get(name) or _NOWHERE).children or ()) for nodes in (base, ours, theirs)]
        return tuple(self._order(name, inside, *orders))

    def value(self, place: str, base: Any, ours: Any, theirs: Any) -> Any:
        if ours == theirs and _alike(ours, theirs):
            return ours
        if base is not MISSING and ours == base and _alike(ours, base):
            return theirs
        if base is not MISSING and theirs == base and _alike(theirs, base):
            return ours
        if _parts(place, ours, theirs):
            began = base if _parts(place, ours, base) else type(ours)()
            return self._inside(place, began, ours, theirs)
        if base is MISSING and MISSING in (ours, theirs):
            return theirs if ours is MISSING else ours
        return ours if self._conflict(place, base, ours, theirs) == "ours" else theirs

    def _inside(self, place: str, base: Any, ours: Any, theirs: Any) -> Any:
        parts = [_as_parts(each) for each in (base, ours, theirs)]
        merged = {
            name: value
            for name in _union(parts[1], parts[2], parts[0])
            if (value := self.value(_below(place, name), *(each.get(name, MISSING) for each in parts))) is not MISSING
        }
        if isinstance(ours, dict):
            return merged
        order = self._order(place, list(merged), *(list(each) for each in parts))
        return [merged[name] for name in order]

    def _order(self, place: str, inside: list[str], base: list[str], ours: list[str], theirs: list[str]) -> list[str]:
        """The order of one side, and what only the other has after the same neighbour as there."""
        common = set(base) & set(ours) & set(theirs)
        began, here, there = ([name for name in each if name in common] for each in (base, ours, theirs))
        first: Side = "ours"
        if here == began and (there != began or ours == base):
            first = "theirs"
        elif there != began and here != there:
            first = self._conflict(f"{place}/order", began, here, there)
        leading, following = (ours, theirs) if first == "ours" else (theirs, ours)
        found = [name for name in leading if name in inside]
        for number, name in enumerate(following):
            if name in inside and name not in found:
                before = next((each for each in reversed(following[:number]) if each in found), None)
                found.insert(found.index(before) + 1 if before else 0, name)
        return found + [name for name in inside if name not in found]

    def _conflict(self, place: str, base: Any, ours: Any, theirs: Any) -> Side:
        chosen: Side = "theirs" if self.choices.get(place) == "theirs" else "ours"
        self.conflicts.append(Conflict(place, base, ours, theirs, chosen))
        return chosen


def _same(one: _Node, other: _Node) -> bool:
    return one.own == other.own and one.parent == other.parent


def _alike(one: Any, other: Any) -> bool:
    """Python holds 1 and true for equal; JSON does not."""
    return type(one) is type(other) and json.dumps(_told(one), sort_keys=True) == json.dumps(
        _told(other), sort_keys=True
    )


def _told(value: Any) -> Any:
    return "\0" if value is MISSING else value


def _parts(place: str, *values: Any) -> bool:
    """Whether all of these can be looked into, part by part."""
    if place.rpartition("/")[2] in _WHOLE:
        return False
    if all(isinstance(value, dict) for value in values):
        return True
    if not all(isinstance(value, list) for value in values):
        return False
    names = [[_id(part, number) for number, part in enumerate(value)] for value in values]
    by_place = any(name.isdigit() for each in names for name in each)
    # Without ids only a list that kept its length can be told part by part.
    return len({len(each) for each in names}) == 1 if by_place else all(len(set(each)) == len(each) for each in names)


def _as_parts(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    return {_id(part, number): part for number, part in enumerate(value)}


def _id(part: Any, number: int) -> str:
    if isinstance(part, dict) and isinstance(part.get("value"), str):
        return f"={part['value']}"
    if isinstance(part, dict) and "require" in part:
        return f"{part.get('at', '')} {json.dumps(part['require'], sort_keys=True)}"
    return str(number)


def _below(place: str, name: str) -> str:
    return f"{place}/{name}" if place else name


def _union(*keyed: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(name for each in keyed for name in each))
