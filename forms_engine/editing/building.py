"""Adding, moving, doubling and removing. Each edit gives the new definition and the address to look at next."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal

from forms_engine.editing.keys import key_from, keys_beside
from forms_engine.editing.kinds import KINDS, new_item, new_question
from forms_engine.editing.places import Address, Node, find, instance_around, level_of, name_of, position_of
from forms_engine.editing.references import tied, untied
from forms_engine.errors import DefinitionError
from forms_engine.loading import load
from forms_engine.structure import Path

Direction = Literal["up", "down", "in", "out"]
_WITHIN = ("items", "rules")  # what of a repeated group stands in its instances


@dataclass(frozen=True, slots=True)
class Edited:
    """A definition that can be loaded, and where its author goes on."""

    definition: Node
    at: Address


def new_form(key: str, title: str) -> Node:
    """A form of one step with one question."""
    step = {"key": "angaben", "title": {"de": "Angaben"}, "items": [new_question()]}
    return load({"format": 1, "key": key, "title": {"de": title}, "steps": [step]})


def add_step(definition: Mapping[str, Any], label: str, after: str = "") -> Edited:
    """A new step after this one, or at the end."""
    copy = untied(definition)
    key = key_from(_needed(label), {step["key"] for step in copy["steps"]})
    question = new_question(key_from("Neue Frage", keys_beside(copy, Address(key))))
    place = next((number + 1 for number, step in enumerate(copy["steps"]) if step["key"] == after), len(copy["steps"]))
    copy["steps"].insert(place, {"key": key, "title": {"de": label}, "items": [question]})
    return Edited(load(tied(copy)), Address(key))


def add_item(definition: Mapping[str, Any], kind: str, label: str, at: Address) -> Edited:
    """A new item after this field, or at the end of this step or group."""
    if kind not in KINDS:
        raise DefinitionError([f"Die Art „{kind}“ gibt es nicht. Wählen Sie eine aus der Liste."])
    copy = untied(definition)
    chosen = find(copy, at)
    around = at if "items" in chosen else at.parent or at
    level = find(copy, around)["items"]
    place = len(level) if "items" in chosen else position_of(copy, at) + 1
    key = key_from(_needed(label), keys_beside(copy, around))
    level.insert(place, new_item(kind, key, label))
    return Edited(load(tied(copy)), Address(around.step, (*around.path, key)))


def _needed(label: str) -> str:
    if not label.strip():
        raise DefinitionError(["Geben Sie dem Neuen einen Namen, zum Beispiel: Name des Hundes."])
    return label


# --- moving ----------------------------------------------------------------------------------------------------------


def move(definition: Mapping[str, Any], at: Address, direction: Direction) -> Edited:
    """One place up or down, into the group above it (at its end), or out of its group (behind it)."""
    copy = untied(definition)
    node, level, place = find(copy, at), level_of(copy, at), position_of(copy, at)
    if direction in ("up", "down"):
        other = place + (1 if direction == "down" else -1)
        if not 0 <= other < len(level):
            raise DefinitionError([f"„{name_of(node)}“ steht schon ganz {'unten' if direction == 'down' else 'oben'}."])
        level[place], level[other] = level[other], level[place]
        return Edited(load(tied(copy)), at)
    if direction == "in":
        above = level[place - 1] if place and at.path else {}
        if above.get("type") != "group":
            raise DefinitionError([f"Vor „{name_of(node)}“ steht keine Gruppe. Schieben Sie das Feld hinter eine."])
        return _placed(copy, at, Address(at.step, (*at.path[:-1], above["key"])), len(above["items"]))
    if len(at.path) < 2:
        raise DefinitionError([f"„{name_of(node)}“ steht in keiner Gruppe."])
    group = Address(at.step, at.path[:-1])
    return _placed(copy, at, Address(at.step, at.path[:-2]), position_of(copy, group) + 1)


def move_to_step(definition: Mapping[str, Any], at: Address, step: str) -> Edited:
    """To the end of another step."""
    copy = untied(definition)
    target = Address(step)
    items = find(copy, target)["items"]
    if not at.path or (at.step == step and len(at.path) == 1):
        raise DefinitionError(["Wählen Sie einen anderen Schritt aus."])
    return _placed(copy, at, target, len(items))


def _placed(copy: Node, at: Address, around: Address, place: int) -> Edited:
    """Takes the node from where it is and puts it there; a key that is taken there is made anew."""
    node, level = find(copy, at), level_of(copy, at)
    _refuse_emptying(copy, at)
    target = find(copy, around)["items"]
    del level[position_of(copy, at)]
    if node["key"] in keys_beside(copy, around):
        node["key"] = key_from(node["key"], keys_beside(copy, around))
    target.insert(place, node)
    return Edited(load(tied(copy)), Address(around.step, (*around.path, node["key"])))


def _refuse_emptying(copy: Node, at: Address) -> None:
    if len(level_of(copy, at)) > 1:
        return
    if at.parent is None:
        raise DefinitionError(["Ein Formular braucht mindestens einen Schritt. Fügen Sie zuerst einen anderen ein."])
    raise DefinitionError(
        [
            f"„{name_of(find(copy, at))}“ steht allein in „{name_of(find(copy, at.parent))}“. "
            "Fügen Sie dort zuerst etwas anderes ein."
        ]
    )


# --- doubling and removing -------------------------------------------------------------------------------------------


def duplicate(definition: Mapping[str, Any], at: Address) -> Edited:
    """The same once more behind it, with keys of its own; conditions inside of it name the new questions."""
    source = deepcopy(dict(definition))
    twin, place = deepcopy(find(source, at)), position_of(source, at) + 1
    renamed: dict[Path, Path] = {}
    if at.parent is None:
        twin["key"] = key_from(twin["key"], {step["key"] for step in source["steps"]})
        taken = keys_beside(source, at)
        for item in twin["items"]:
            old, item["key"] = item["key"], key_from(item["key"], taken)
            renamed[(old,)] = (item["key"],)
            taken.add(item["key"])
    else:
        twin["key"] = key_from(twin["key"], keys_beside(source, at.parent))
        renamed[at.path] = (*at.path[:-1], twin["key"])
    level_of(source, at).insert(place, _renamed(twin, renamed, instance_around(source, at)))
    return Edited(load(source), Address(twin["key"]) if at.parent is None else Address(at.step, renamed[at.path]))


def _renamed(part: Any, renamed: Mapping[Path, Path], inside: Path | None) -> Any:
    """Writes new names into the conditions of a copy. In a repeated group of the copy `./` means itself (None)."""
    if isinstance(part, list):
        return [_renamed(below, renamed, inside) for below in part]
    if not isinstance(part, dict):
        return part
    within = None if "repeat" in part else inside
    new = {key: _renamed(below, renamed, within if key in _WITHIN else inside) for key, below in part.items()}
    for name in ("answer", "count", "at"):
        if isinstance(part.get(name), str):
            new[name] = _new_name(part[name], renamed, inside)
    return new


def _new_name(name: str, renamed: Mapping[Path, Path], inside: Path | None) -> str:
    bound = name.startswith("./")
    if bound and inside is None:
        return name
    path = (*(inside or ()), *name.removeprefix("./").split(".")) if bound else tuple(name.split("."))
    for old, new in renamed.items():
        if path[: len(old)] == old:
            path = (*new, *path[len(old) :])
            return "./" + ".".join(path[len(inside or ()) :]) if bound else ".".join(path)
    return name


def remove(definition: Mapping[str, Any], at: Address) -> Edited:
    """Without it. Refuses while a condition or rule elsewhere names it, and says which."""
    copy = untied(definition)
    _refuse_emptying(copy, at)
    level, place = level_of(copy, at), position_of(copy, at)
    del level[place]
    beside = level[max(place - 1, 0)]["key"]
    around = at.parent
    return Edited(load(tied(copy)), Address(around.step, (*around.path, beside)) if around else Address(beside))
