"""What the buttons beside the properties do: each gives the new definition, where to go on, and a sentence for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from forms_engine.editing import api as editing
from forms_engine.editing.api import Address, Edited


@dataclass(frozen=True)
class Done:
    """`focus` names the control that gets the focus on the next page."""

    definition: dict[str, Any]
    at: Address
    sentence: str
    focus: str = ""


def _moved(direction: editing.Direction, sentence: Any) -> Callable[..., Done]:
    def deed(definition: Mapping[str, Any], at: Address, posted: Mapping[str, str]) -> Done:
        return _done(editing.move(definition, at, direction), sentence, direction)

    return deed


def _to_step(definition: Mapping[str, Any], at: Address, posted: Mapping[str, str]) -> Done:
    edited = editing.move_to_step(definition, at, posted.get("schritt", ""))
    return _done(edited, _("„%(name)s“ steht jetzt in einem anderen Schritt."), "to-step")


def _duplicate(definition: Mapping[str, Any], at: Address, posted: Mapping[str, str]) -> Done:
    return _done(editing.duplicate(definition, at), _("„%(name)s“ gibt es jetzt zweimal. Hier ist die Kopie."), "title")


def _remove(definition: Mapping[str, Any], at: Address, posted: Mapping[str, str]) -> Done:
    name = editing.name_of(editing.find(definition, at))
    edited = editing.remove(definition, at)
    return Done(edited.definition, edited.at, str(_("„%(name)s“ ist gelöscht.") % {"name": name}), "title")


def _inserted(kind: str = "") -> Callable[..., Done]:
    def deed(definition: Mapping[str, Any], at: Address, posted: Mapping[str, str]) -> Done:
        edited = editing.add_item(definition, kind or posted.get("art", ""), _label(posted), at)
        return _done(edited, _("„%(name)s“ ist eingefügt. Ergänzen Sie die Eigenschaften."), "title")

    return deed


def _insert_step(definition: Mapping[str, Any], at: Address, posted: Mapping[str, str]) -> Done:
    edited = editing.add_step(definition, _label(posted), at.step)
    return _done(edited, _("Der Schritt „%(name)s“ ist eingefügt."), "title")


def _label(posted: Mapping[str, str]) -> str:
    return posted.get("beschriftung", "").strip()[:400]


def _done(edited: Edited, sentence: Any, focus: str) -> Done:
    name = editing.name_of(editing.find(edited.definition, edited.at))
    return Done(edited.definition, edited.at, str(sentence % {"name": name}), focus)


#: By the name of the button. What an author typed is kept first, except where the thing itself goes.
DEEDS: dict[str, Callable[[Mapping[str, Any], Address, Mapping[str, str]], Done]] = {
    "up": _moved("up", "„%(name)s“ steht jetzt weiter oben."),
    "down": _moved("down", "„%(name)s“ steht jetzt weiter unten."),
    "in": _moved("in", "„%(name)s“ steht jetzt in der Gruppe."),
    "out": _moved("out", "„%(name)s“ steht jetzt außerhalb der Gruppe."),
    "to-step": _to_step,
    "duplicate": _duplicate,
    "remove": _remove,
    "insert": _inserted(),
    "insert-group": _inserted("group"),
    "insert-repeated": _inserted("repeated"),
    "insert-step": _insert_step,
}
