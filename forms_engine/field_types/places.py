"""Postal addresses in Germany: four boxes, one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from forms_engine.characters import readable
from forms_engine.field_types.base import FieldType, Raw, refused
from forms_engine.field_types.words import checked_line, checked_postal_code

if TYPE_CHECKING:
    from forms_engine.structure import Field

_LONGEST = {"street": 55, "house_number": 9, "postal_code": 5, "city": 50}  # FIM building block "Anschrift"


class Address(FieldType):
    name = "address"
    control = "address"
    parts = ("street", "house_number", "postal_code", "city")

    def read(self, data: MultiValueDict[str, Any], name: str) -> Raw:
        return {part: readable(str(data.get(f"{name}_{part}", ""))) for part in self.parts}

    def raw(self, answer: Any) -> Raw:
        kept = answer if isinstance(answer, dict) else {}
        return {part: str(kept.get(part) or "") for part in self.parts}

    def parse(self, field: Field, raw: Any, language: str) -> dict[str, str]:
        empty = tuple(part for part in self.parts if not raw[part].strip())
        if empty:
            raise refused(self.incomplete(empty), *empty)
        address = {part: checked_line(raw[part], "B", part) for part in self.parts}
        address["postal_code"] = checked_postal_code(raw["postal_code"], "postal_code")
        for part, longest in _LONGEST.items():
            if len(address[part]) > longest:
                raise refused(
                    _("Kürzen Sie diese Angabe auf höchstens %(longest)d Zeichen.") % {"longest": longest}, part
                )
        return address

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

    def comparable(self, answer: Any) -> str | None:
        return self._line(answer) or None

    def literal(self, value: Any) -> Any:
        return value if isinstance(value, str) else None

    def text(self, field: Field, answer: Any, language: str) -> str:
        return self._line(answer)

    def _line(self, answer: Any) -> str:
        boxes = self.raw(answer)
        street = f"{boxes['street']} {boxes['house_number']}".strip()  # type: ignore[call-overload, index]
        town = f"{boxes['postal_code']} {boxes['city']}".strip()  # type: ignore[call-overload, index]
        return ", ".join(line for line in (street, town) if line)

    def missing(self, label: str) -> str:
        return self.incomplete(self.parts)

    def missing_parts(self, raw: Raw) -> tuple[str, ...]:
        return self.parts
