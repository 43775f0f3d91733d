"""What conditions, rules and formulas name follows the named question when it is renamed or moved.

`untied` replaces each path in a copy by the question itself, `tied` writes the paths of where the questions stand then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from forms_engine.editing.places import Node, name_of, walk
from forms_engine.errors import DefinitionError
from forms_engine.structure import Path


@dataclass(frozen=True, slots=True, eq=False)
class _Reference:
    """A question that is named; `bound`: the one of the same instance; `many`: any one of several instances."""

    node: Node
    bound: bool
    many: bool


_Change = Callable[[Any, Path, Mapping[str, Any]], Any]


def untied(definition: Mapping[str, Any]) -> Node:
    """A copy to work on, in which conditions hold the questions that they name."""
    copy = deepcopy(dict(definition))
    nodes = {at.path: node for at, node in walk(copy) if at.path}

    def change(name: str, inside: Path, owner: Mapping[str, Any]) -> _Reference:
        bound = name.startswith("./")
        path = (*(inside if bound else ()), *name.removeprefix("./").split("."))
        return _Reference(nodes[path], bound, not bound and _is_repeated(path, nodes))

    _each_path(copy, change)
    return copy


def tied(copy: Node) -> Node:
    """Writes the paths anew. DefinitionError if something names what is gone or can no longer be told apart."""
    paths = {id(node): at.path for at, node in walk(copy) if at.path}
    nodes = {at.path: node for at, node in walk(copy) if at.path}

    def change(reference: _Reference, inside: Path, owner: Mapping[str, Any]) -> str:
        path = paths.get(id(reference.node))
        if path is None:
            raise DefinitionError([f"{_called(owner)} braucht „{name_of(reference.node)}“. Ändern Sie das zuerst."])
        if reference.many or (not reference.bound and not _is_repeated(path, nodes)):
            return ".".join(path)
        if inside and path[: len(inside)] == inside and len(path) > len(inside):
            return "./" + ".".join(path[len(inside) :])
        if _is_repeated(path, nodes):
            raise DefinitionError(
                [
                    f"{_called(owner)} braucht „{name_of(reference.node)}“ aus derselben Wiederholung. "
                    "Ändern Sie zuerst die Bedingung."
                ]
            )
        return ".".join(path)

    _each_path(copy, change)
    return copy


def _called(owner: Mapping[str, Any]) -> str:
    if "require" in owner:
        return "Eine Regel"
    return f"„{name_of(owner)}“" if owner.keys() & {"title", "label", "text"} else "Das Formular"


def _is_repeated(path: Path, nodes: Mapping[Path, Node]) -> bool:
    """Is there a repeated group around this path?"""
    return any("repeat" in nodes[path[:length]] for length in range(1, len(path)))


def _each_path(copy: Node, change: _Change) -> None:
    for node, inside, inside_of_rules in _bearers(copy):
        for holder in (node, *node.get("options", ())):
            if "when" in holder:
                holder["when"] = _changed(holder["when"], change, inside, node)
        for rule in node.get("rules", ()):
            rule["require"] = _changed(rule["require"], change, inside_of_rules, rule)
            rule["at"] = change(rule["at"], inside_of_rules, rule)
        if node.get("type") == "calculated":
            node["value"] = _changed(node["value"], change, inside, node)


def _bearers(copy: Node) -> Iterator[tuple[Node, Path, Path]]:
    """Each node with the instance that its conditions stand in, and the one that its rules stand in."""
    yield copy, (), ()
    around: dict[Path, Path] = {(): ()}
    for at, node in list(walk(copy)):
        inside = around[at.path[:-1]] if at.path else ()
        within = at.path if "repeat" in node else inside
        if at.path:
            around[at.path] = within
        yield node, inside, within


def _changed(part: Any, change: _Change, inside: Path, owner: Mapping[str, Any]) -> Any:
    if isinstance(part, dict):
        if part.keys() in ({"answer"}, {"count"}):
            ((kind, name),) = part.items()
            return {kind: change(name, inside, owner)}
        return {key: _changed(below, change, inside, owner) for key, below in part.items()}
    return [_changed(below, change, inside, owner) for below in part] if isinstance(part, list) else part
