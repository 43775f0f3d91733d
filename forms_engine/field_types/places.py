"""Postal addresses in Germany: four boxes, one answer.

Life as it is: people live with others (*bei …*), in a shelter, or nowhere for long. A form may ask for that too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from forms_engine.field_types.base import Boxes, Raw, refused
from forms_engine.field_types.words import checked_line, checked_postal_code

if TYPE_CHECKING:
    from forms_engine.structure import Field

_HOUSE = ("street", "house_number", "postal_code", "city")
# FIM building block "Anschrift"
_LONGEST = {"street": 55, "house_number": 11, "postal_code": 5, "city": 50, "care_of": 50}
_RANGE = re.compile(r"(?<=[0-9A-Za-z]) ?- ?(?=[0-9A-Za-z])")


class Address(Boxes):
    name = "address"
    parts = (*_HOUSE, "care_of", "no_fixed_abode")
    ticks = ("no_fixed_abode",)

    def parse(self, field: Field, raw: Any, language: str) -> dict[str, Any]:
        asks = field.limits.get
        homeless = bool(asks("no_fixed_abode")) and raw["no_fixed_abode"] == "true"
        empty = tuple(part for part in (("city",) if homeless else _HOUSE) if not raw[part].strip())
        if empty:
            raise refused(self.incomplete(empty), *empty)
        typed = (*_HOUSE, "care_of") if asks("care_of") else _HOUSE
        address: dict[str, Any] = {part: self._checked(part, raw[part]) for part in typed}
        return address | ({"no_fixed_abode": homeless} if asks("no_fixed_abode") else {})

    def _checked(self, part: str, typed: str) -> str:
        if part == "postal_code" and typed.strip():
            return checked_postal_code(typed, part)
        text = checked_line(typed, "B", part)
        if part == "house_number":
            text = _RANGE.sub("-", text)
        if len(text) > _LONGEST[part]:
            sentence = _("Kürzen Sie diese Angabe auf höchstens %(longest)d Zeichen.")
            raise refused(sentence % {"longest": _LONGEST[part]}, part)
        return text

    def needs(self, field: Field, part: str) -> bool:
        return part == "city" or (part in _HOUSE and not field.limits.get("no_fixed_abode"))

    def from_profile(self, profile: Mapping[str, Any], key: str) -> Any:
        return profile if key == "address" else profile.get(key)

    def incomplete(self, empty: tuple[str, ...]) -> str:
        if len(empty) > 1:
            return _(
                "Geben Sie Straße, Hausnummer, Postleitzahl und Ort ein, zum Beispiel Lange Straße 12, 18055 Rostock."
            )
        return {
            "street": _("Geben Sie auch die Straße ein, zum Beispiel Lange Straße."),
            "house_number": _("Geben Sie auch die Hausnummer ein, zum Beispiel 12a."),
            "postal_code": _("Geben Sie auch die Postleitzahl ein, zum Beispiel 18055."),
            "city": _("Geben Sie auch den Ort ein, zum Beispiel Rostock."),
        }[empty[0]]

    def line(self, answer: Any) -> str:
        boxes: Any = self.raw(answer)
        homeless = _("ohne festen Wohnsitz") if boxes["no_fixed_abode"] else ""
        beside = _("bei %(name)s") % {"name": boxes["care_of"]} if boxes["care_of"] else ""
        street = f"{boxes['street']} {boxes['house_number']}".strip()
        town = f"{boxes['postal_code']} {boxes['city']}".strip()
        return ", ".join(line for line in (beside, street, town, homeless) if line)

    def missing(self) -> str:
        return self.incomplete(_HOUSE)

    def missing_parts(self, raw: Raw) -> tuple[str, ...]:
        return _HOUSE
