"""Life as it is. Schemas of the federation want two names and a house of everybody; not everybody has them.

What is added has keys of its own and no id: receivers get it under those, and nothing under the ids of what there is
not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from forms_engine.xdatenfelder.fields import Item
from forms_engine.xdatenfelder.harmonised import plain_id

ONE_NAME, NO_ABODE, CARE_OF = "nur_ein_name", "ohne_wohnsitz", "bei"
_FAMILY_NAME, _GIVEN_NAME = "F60-227", "F60-228"
_STREET, _HOUSE_NUMBER, _POSTAL_CODE, _TOWN, _MORE = "F60-243", "F60-244", "F60-246", "F60-247", "F60-248"

_Named = Callable[[str], str]  # a key of these items as conditions name it


def with_one_name(items: list[Item], named: _Named) -> list[Item]:
    """The questions of a group; where both names are wanted, with one more: which of them there is not."""
    found = _by_id(items)
    if not {_FAMILY_NAME, _GIVEN_NAME} <= found.keys() or not all(
        found[name].get("required", True) for name in (_FAMILY_NAME, _GIVEN_NAME)
    ):
        return items
    given, family = found[_GIVEN_NAME], found[_FAMILY_NAME]
    given["when"] = _unless(named(ONE_NAME), "kein_vorname")
    family["when"] = _unless(named(ONE_NAME), "kein_familienname")
    asked = {
        "type": "choices",
        "key": ONE_NAME,
        "label": {"de": "Nur ein Name", "en": "One name only"},
        "hint": {"de": "Kreuzen Sie nur an, was es nicht gibt.", "en": "Tick only what does not exist."},
        "required": False,
        "max": 1,
        "options": [
            {"value": "kein_vorname", "label": {"de": "Es gibt keinen Vornamen", "en": "There is no given name"}},
            {
                "value": "kein_familienname",
                "label": {"de": "Es gibt keinen Familiennamen", "en": "There is no family name"},
            },
        ],
    }
    return _behind(items, (given, family), asked)


def with_any_abode(items: list[Item], named: _Named) -> list[Item]:
    """The questions of a group; where they are the address of a person, with what a shelter or the street needs."""
    found = _by_id(items)
    if not {_STREET, _POSTAL_CODE, _TOWN} <= found.keys():
        return items
    for fim_id in (_STREET, _HOUSE_NUMBER, _POSTAL_CODE):
        if fim_id in found:
            found[fim_id]["when"] = _unless(named(NO_ABODE), "ja")
    asked = {
        "type": "choices",
        "key": NO_ABODE,
        "label": {"de": "Ohne festen Wohnsitz", "en": "No fixed abode"},
        "required": False,
        "options": [
            {
                "value": "ja",
                "label": {
                    "de": "Es gibt keinen festen Wohnsitz. Dann genügt der Ort.",
                    "en": "There is no fixed abode. The town is enough then.",
                },
            }
        ],
    }
    whole = _behind(items, tuple(found[each] for each in (_STREET, _POSTAL_CODE, _TOWN)), asked)
    if _MORE in found:
        _tell_care_of(found[_MORE])
        return whole
    return _behind(whole, (asked,), _care_of())


def _tell_care_of(more: Item) -> None:
    hint = more.get("hint", {}).get("de", "").rstrip()
    ending = "" if not hint or hint[-1] in ".!?" else "."
    told = "Wohnen Sie bei jemandem oder in einer Unterkunft, schreiben Sie es hierher, zum Beispiel: bei Hansen."
    more["hint"] = {"de": f"{hint}{ending} {told}".strip()}
    if not hint:
        more["hint"]["en"] = "If you live with someone or in a shelter, write it here, for example: c/o Hansen."


def _care_of() -> Item:
    return {
        "type": "text",
        "key": CARE_OF,
        "label": {"de": "Wohnt bei oder in (Name, Einrichtung)", "en": "Lives with or in (name, institution)"},
        "hint": {"de": "Zum Beispiel: bei Hansen", "en": "For example: c/o Hansen"},
        "required": False,
        "charset": "B",
        "max_length": 50,
    }


def _by_id(items: list[Item]) -> dict[str, Item]:
    """The questions among these items by their harmonised id; the first of each."""
    found: dict[str, Item] = {}
    for item in items:
        if item["type"] != "group":
            found.setdefault(plain_id(str(item.get("fim", ""))), item)
    return found


def _behind(items: list[Item], those: tuple[Item, ...], more: Item) -> list[Item]:
    last = max(number for number, item in enumerate(items) if any(item is each for each in those))
    return [*items[: last + 1], more, *items[last + 1 :]]


def _unless(answer: str, value: str) -> dict[str, Any]:
    """Shown as long as nobody ticked it; without the first part it would be unknown, and unknown shows nothing."""
    ticked = {"in": [value, {"answer": answer}]}
    return {"or": [{"is_empty": {"answer": answer}}, {"not": ticked}]}
