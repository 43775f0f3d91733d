"""What a condition finds in an answer: letters a name begins with, an area an address lies in.

Compared in search form (DIN 91379): Ärzte lies between A and J, `Lange Str.` is `Lange Straße`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from foundation.latin import search_form

#: `{"street": "Lange Straße", "parity": "even", "from": 2, "to": 40, "postal_code": "18055"}`, each part
#: of which may be left out.
Area: TypeAlias = Sequence[Mapping[str, Any]]

_NUMBERS = re.compile(r"([0-9]{1,5}) ?[A-Za-z]?(?:-([0-9]{1,5}))?")  # 12, 12a, 12-14
_SHORT_STREET = re.compile(r"STR(\.|$)")
_NO_LETTER = re.compile(r"[^A-Z]")
_NO_SIGN = re.compile(r"[^0-9A-Z]")


def letters_of(text: str) -> str:
    """Only its letters, in search form."""
    return _NO_LETTER.sub("", search_form(text))


def _letter_between(value: Any, bounds: tuple[str, str]) -> bool | None:
    letters, (first, last) = letters_of(str(value)), bounds
    return first <= letters and letters[: len(last)] <= last if letters else None


def _lies_in(address: Any, area: Area) -> bool | None:
    """Whether an address lies in an area; None without an address, or where its number says nothing."""
    if not isinstance(address, Mapping):
        return None
    answers = [_lies_on(address, stretch) for stretch in area]
    if True in answers:
        return True
    return None if None in answers else False


def _lies_on(address: Mapping[str, Any], stretch: Mapping[str, Any]) -> bool | None:
    if "postal_code" in stretch and address.get("postal_code") != stretch["postal_code"]:
        return False
    if "street" not in stretch:
        return True
    if street_key(str(address.get("street", ""))) != street_key(stretch["street"]):
        return False
    if not {"parity", "from", "to"} & set(stretch):
        return True
    numbers = _NUMBERS.match(str(address.get("house_number", "")).strip())
    ends = {_has(stretch, int(number)) for number in numbers.groups() if number} if numbers else set()
    return ends.pop() if len(ends) == 1 else None  # a building may have one end here and one there


def _has(stretch: Mapping[str, Any], number: int) -> bool:
    parity = stretch.get("parity", "all")
    return stretch.get("from", 0) <= number <= stretch.get("to", 99_999) and (
        parity == "all" or (parity == "even") == (number % 2 == 0)
    )


def street_key(street: str) -> str:
    """`Lange Str.` and `Lange Straße` are the same street."""
    return _NO_SIGN.sub("", _SHORT_STREET.sub("STRASSE", search_form(street.strip())))


#: By operator: does the answer fit what the condition tells? None where nothing can be said.
TESTS: dict[str, Callable[[Any, Any], bool | None]] = {
    "letter_between": _letter_between,
    "starts_with": lambda value, start: search_form(str(value)).startswith(start),
    "in_area": _lies_in,
}

EXAMPLES = {
    "letter_between": '{"letter_between": [{"answer": "familienname"}, "A", "J"]}',
    "starts_with": '{"starts_with": [{"answer": "plz"}, "180"]}',
    "in_area": '{"in_area": [{"answer": "anschrift"}, "Nord"]}',
}
