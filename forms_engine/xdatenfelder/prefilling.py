"""Which questions of a schema an account fills in: those about who applies, and never those about somebody else.

A schema asks for several people and companies in the same blocks. The first person that is named is the one who
applies; the company that most is asked of is the one that they act for. What stands in other groups is left alone.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from forms_engine.structure import Path
from forms_engine.xdatenfelder.fields import Item
from forms_engine.xdatenfelder.harmonised import is_of_organisation, prefill_of

_NAMES = ("family_name", "given_name")
_OF_BOTH = ("email", "phone")  # in the block of a company, too, the address of who writes


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question, the group around it that tells whose data it holds, and whether it repeats."""

    item: Item
    whose: str | None
    block: Path
    repeats: bool


def settle(asked: list[Asked]) -> None:
    """Leaves prefill and role at the questions that an account can answer, and takes them from all others."""
    for each in asked:
        if "prefill" in each.item:
            each.item["prefill"] = prefill_of(each.item["prefill"], each.whose)
    open_ones = [each for each in asked if "prefill" in each.item and not each.repeats]
    person, organisation = _person(open_ones), _organisation(open_ones)
    met: set[tuple[str, str, bool]] = set()
    for each in asked:
        item = each.item
        if "prefill" in item and (
            each.repeats or not _is_theirs(each, person, organisation) or _is_met_again("prefill", item, met)
        ):
            _leave_to_them(item)
        if "role" in item and (each.repeats or _is_met_again("role", item, met)):
            del item["role"]


def _is_met_again(key: str, item: Item, met: set[tuple[str, str, bool]]) -> bool:
    """A court is asked for as a choice and as a line: both are the first of their kind."""
    kind = (key, item[key], item["type"] == "choice")
    if kind in met:
        return True
    met.add(kind)
    return False


def _leave_to_them(item: Item) -> None:
    del item["prefill"]
    item.pop("locked", None)


def _person(asked: list[Asked]) -> Path | None:
    """The block of the first person with a name; without one, of whatever is asked of a person first."""
    of_people = [each for each in asked if not is_of_organisation(each.item["prefill"])]
    named = [each for each in of_people if each.item["prefill"] in _NAMES]
    return next((each.block for each in (*named, *of_people)), None)


def _organisation(asked: list[Asked]) -> Path | None:
    """The block in which most is asked of an organisation; of several the first."""
    blocks = Counter(each.block for each in asked if is_of_organisation(each.item["prefill"]))
    return blocks.most_common(1)[0][0] if blocks else None


def _is_theirs(each: Asked, person: Path | None, organisation: Path | None) -> bool:
    prefill = each.item["prefill"]
    if is_of_organisation(prefill):
        return _together(each.block, organisation)
    return _together(each.block, person) or (prefill in _OF_BOTH and _together(each.block, organisation))


def _together(one: Path, other: Path | None) -> bool:
    """Does one block lie in the other?"""
    return other is not None and (one[: len(other)] == other or other[: len(one)] == one)
