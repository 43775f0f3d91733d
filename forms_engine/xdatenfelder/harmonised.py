"""What the harmonised building blocks (number range 60, "BOB") mean to this portal."""

from __future__ import annotations

import re
from typing import Any

# Every block that stands for something an account or an organisation knows. Of Registergericht (325), Rechtsform (339)
# and "Wo befindet sich die Anschrift?" (263) the account knows words, not codes: `forms_engine.matching_options` finds
# the code of the list at hand.
# By number within the range: the same in both versions, with 8 or 11 digits.
_FIELDS: dict[int, dict[str, Any]] = {
    227: {"type": "text", "charset": "A", "prefill": "family_name", "role": "family_name"},
    228: {"type": "text", "charset": "A", "prefill": "given_name", "role": "given_name"},
    231: {"type": "number", "prefill": "birth_day"},
    232: {"type": "number", "prefill": "birth_month"},
    233: {"type": "number", "prefill": "birth_year"},
    240: {"type": "phone", "prefill": "phone"},
    242: {"type": "email", "prefill": "email", "role": "email"},
    243: {"type": "text", "prefill": "street"},
    244: {"type": "text", "prefill": "house_number"},
    246: {"type": "postal_code", "prefill": "postal_code"},
    247: {"type": "text", "prefill": "city"},
    263: {"type": "choice", "prefill": "address_country"},
    319: {"type": "text", "prefill": "organisation_name", "role": "organisation_name"},
    325: {"type": "choice", "prefill": "register_court"},
    327: {"type": "text", "prefill": "register_court"},
    328: {"type": "text", "prefill": "register_number"},
    339: {"type": "choice", "prefill": "legal_form"},
    380: {"type": "text", "prefill": "register_court"},
}
#: Blocks that tell whose data the group around them holds.
_OF_PERSON = (227, 228)
_OF_ORGANISATION = (319, 320, 325, 327, 328, 339, 347, 380)
#: What an account fills in for a person, and what it fills in where the same block belongs to an organisation.
_ITS_OWN = {
    "street": "organisation_street",
    "house_number": "organisation_house_number",
    "postal_code": "organisation_postal_code",
    "city": "organisation_city",
    "address_country": "organisation_country",
}
_ORGANISATIONAL = {*_ITS_OWN.values(), *(_FIELDS[no]["prefill"] for no in _OF_ORGANISATION if no in _FIELDS)}
#: Code lists that say what a choice asks for, whatever the number of its field: by how the last part of the URI begins;
#: and where the answers stand in the schema itself, by how the label begins.
_LISTS = {"rechtsform": "legal_form", "registergericht": "register_court"}
_ID = re.compile(r"([A-Z])([0-9]{2})([0-9]{6}|[0-9]{9})")


def plain_id(fim_id: str) -> str:
    """An id without leading zeros of its number, so that ids of both versions compare: F60-227."""
    found = _ID.fullmatch(fim_id)
    return f"{found[1]}{found[2]}-{int(found[3])}" if found else fim_id


def meaning(fim_id: str) -> dict[str, Any]:
    """Type, prefill and role of a harmonised field; nothing for any other."""
    return _FIELDS.get(_number(fim_id), {})


def meaning_of_line(fim_id: str, label: str) -> dict[str, Any]:
    """What is typed into one line: by the block, or by the label where a state has a field of its own for it."""
    known = meaning(fim_id)
    return known or (_FIELDS[319] if label.lower().startswith("eingetragener name") else {})


def meaning_of_list(name: str) -> str | None:
    """What the account fills in where somebody chooses from this code list (URI or label); None for most."""
    name = name.rpartition(":")[2].lower()
    return next((key for beginning, key in _LISTS.items() if name.startswith(beginning)), None)


def owner(fim_id: str) -> str | None:
    """Whose data stand beside this field: `person`, `organisation`, or nobody knows."""
    number = _number(fim_id)
    return "person" if number in _OF_PERSON else "organisation" if number in _OF_ORGANISATION else None


def is_of_organisation(prefill: str) -> bool:
    """Is this known of an organisation, and of nobody else?"""
    return prefill in _ORGANISATIONAL


def prefill_of(prefill: str, whose: str | None) -> str:
    """The prefill key of a question in a group that belongs to a person or an organisation."""
    return _ITS_OWN.get(prefill, prefill) if whose == "organisation" else prefill


def _number(fim_id: str) -> int:
    """The number of a harmonised field within its range; 0 for any other."""
    head, _, number = plain_id(fim_id).partition("-")
    return int(number) if head == "F60" and number.isdigit() else 0
