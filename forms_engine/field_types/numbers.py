"""Fields that hold numbers. One rule for separators: comma for decimals, dots only between groups of three."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from forms_engine.field_types.base import FieldType, Raw, refused

if TYPE_CHECKING:
    from forms_engine.structure import Field

_GERMAN = re.compile(r"([+-]?)([0-9]{1,15}|[0-9]{1,3}(?:\.[0-9]{3}){1,4})(?:,([0-9]{1,12}))?")
_PARTS = ("birth_year", "birth_month", "birth_day")  # in the order of ISO 8601
_STORED = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,12})?")


def german(number: Decimal | int, *, grouped: bool = False) -> str:
    """A number as it is written in German: 1.234,50."""
    text = f"{number:,f}" if grouped and isinstance(number, Decimal) else f"{number:,}" if grouped else f"{number:f}"
    return text.translate(str.maketrans(",.", ".,"))


def from_german(text: str) -> Decimal | None:
    """A number that somebody typed in German, with as many places as were typed; None where it is no such number.

    Comma for decimals, dots only between groups of three: 1080,50 and 1.080,50, but neither 1080.50 nor 1e3.
    """
    match = _GERMAN.fullmatch(text.replace(" ", "").replace("\u00a0", "").replace("\u2212", "-"))
    if match is None:
        return None
    sign, whole, fraction = match.groups()
    return Decimal(f"{sign}{whole.replace('.', '')}" + (f".{fraction}" if fraction else ""))


class Decimals(FieldType):
    name = "decimal"
    inputmode = "decimal"
    example = "2,50"
    unit: str | None = None

    def parse(self, field: Field, raw: str, language: str) -> Any:
        number = from_german(raw)
        if number is None:
            raise refused(self.not_a_number())
        if -int(number.as_tuple().exponent) > self.decimals(field):
            raise refused(self.too_precise(field))
        self._check_range(field, number)
        return self.answer(field, number)

    def decimals(self, field: Field) -> int:
        return field.limits.get("decimals", 2)

    def answer(self, field: Field, number: Decimal) -> Any:
        return f"{number:.{self.decimals(field)}f}"

    def _check_range(self, field: Field, number: Decimal) -> None:
        least, most = field.limits.get("min"), field.limits.get("max")
        if least is not None and number < Decimal(least):
            raise refused(_("Geben Sie mindestens %(least)s ein.") % {"least": self.shown(field, Decimal(least))})
        if most is not None and number > Decimal(most):
            raise refused(_("Geben Sie höchstens %(most)s ein.") % {"most": self.shown(field, Decimal(most))})

    def raw(self, answer: Any) -> Raw:
        number = self.comparable(answer)
        return german(number) if number is not None else super().raw(answer)

    def comparable(self, answer: Any) -> Decimal | None:
        return Decimal(answer) if isinstance(answer, str) and _STORED.fullmatch(answer) else None

    def literal(self, value: Any) -> Decimal | None:
        return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else self.comparable(value)

    def shown(self, field: Field, number: Decimal) -> str:
        unit = field.limits.get("unit") or self.unit
        return german(number, grouped=True) + (f" {unit}" if unit else "")

    def text(self, field: Field, answer: Any, language: str) -> str:
        number = self.comparable(answer)
        return str(answer) if number is None else self.shown(field, number)

    def not_a_number(self) -> str:
        return _("Geben Sie eine Zahl ein, zum Beispiel %(example)s.") % {"example": self.example}

    def too_precise(self, field: Field) -> str:
        return _("Geben Sie höchstens %(decimals)d Stellen nach dem Komma ein, zum Beispiel %(example)s.") % {
            "decimals": self.decimals(field),
            "example": self.example,
        }

    def missing(self) -> str:
        return self.not_a_number()


class Currency(Decimals):
    name = "currency"
    unit = "€"
    example = "441,25"

    def decimals(self, field: Field) -> int:
        return 2

    def not_a_number(self) -> str:
        return _("Geben Sie einen Betrag in Euro ein, zum Beispiel %(example)s.") % {"example": self.example}


class Whole(Decimals):
    name = "number"
    inputmode = "numeric"
    example = "3"

    def decimals(self, field: Field) -> int:
        return 0

    def answer(self, field: Field, number: Decimal) -> int:
        return int(number)

    def raw(self, answer: Any) -> Raw:
        return str(answer) if self.comparable(answer) is not None else FieldType.raw(self, answer)

    def comparable(self, answer: Any) -> Decimal | None:
        return Decimal(answer) if isinstance(answer, int) and not isinstance(answer, bool) else None

    def from_profile(self, profile: Mapping[str, Any], key: str) -> Any:
        """Day, month or year of the birth date, as far as it is known."""
        parts = str(profile.get("birth_date") or "").split("-")
        number = _PARTS.index(key) if key in _PARTS else len(parts)
        return int(parts[number]) if number < len(parts) and parts[number].isdecimal() else None

    def too_precise(self, field: Field) -> str:
        return self.not_a_number()

    def not_a_number(self) -> str:
        return _("Geben Sie eine ganze Zahl ein, zum Beispiel %(example)s.") % {"example": self.example}
