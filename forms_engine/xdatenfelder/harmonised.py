"""What the harmonised building blocks (number range 60, "BOB") mean to this portal."""

from __future__ import annotations

import re
from typing import Any

# Every block that stands for something an account or an organisation knows. Of Registergericht (325) and Rechtsform
# (339) the account knows words, not codes: `forms_engine.matching_options` finds the code of the list at hand.
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
    319: {"type": "text", "prefill": "organisation_name", "role": "organisation_name"},
    325: {"type": "choice", "prefill": "register_court"},
    327: {"type": "text", "prefill": "register_court"},
    328: {"type": "text", "prefill": "register_number"},
    339: {"type": "choice", "prefill": "legal_form"},
}
_ID = re.compile(r"([A-Z])([0-9]{2})([0-9]{6}|[0-9]{9})")


def plain_id(fim_id: str) -> str:
    """An id without leading zeros of its number, so that ids of both versions compare: F60-227."""
    found = _ID.fullmatch(fim_id)
    return f"{found[1]}{found[2]}-{int(found[3])}" if found else fim_id


def meaning(fim_id: str) -> dict[str, Any]:
    """Type, prefill and role of a harmonised field; nothing for any other."""
    head, _, number = plain_id(fim_id).partition("-")
    return _FIELDS.get(int(number), {}) if head == "F60" and number.isdigit() else {}
