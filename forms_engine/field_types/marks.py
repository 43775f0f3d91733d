"""Numbers and marks that an office gave out: Steuer-ID, BIC, Kennzeichen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from stdnum import bic
from stdnum.de import idnr
from stdnum.exceptions import ValidationError as NumberError

from forms_engine.characters import normalise
from forms_engine.field_types.base import FieldType, Raw, refused

if TYPE_CHECKING:
    from forms_engine.structure import Field

# § 8 FZV: district, letters, digits; H for historic, E for electric. Authorities have no letters before the digits.
_PLATE = re.compile(
    r"([A-Za-zÄÖÜäöü]{1,3})(?:[ -]+([A-Za-z]{1,2})[ -]*([1-9][0-9]{0,3}) ?([EHeh]?)|-([1-9][0-9]{0,5}))"
)
_LONGEST_PLATE = 8


class TaxId(FieldType):
    """§ 139b AO: eleven digits with a check digit."""

    name = "tax_id"
    inputmode = "numeric"

    def parse(self, field: Field, raw: str, language: str) -> str:
        try:
            return str(idnr.validate(raw))
        except NumberError:
            raise refused(
                _("Prüfen Sie die Steuer-ID. Sie hat 11 Ziffern und steht auf Ihrem Steuerbescheid.")
            ) from None

    def raw(self, answer: Any) -> Raw:
        return str(idnr.format(answer)) if isinstance(answer, str) and idnr.is_valid(answer) else super().raw(answer)

    def text(self, field: Field, answer: Any, language: str) -> str:
        return str(self.raw(answer))

    def missing(self) -> str:
        return _("Geben Sie die Steuer-ID mit 11 Ziffern ein. Sie steht auf Ihrem Steuerbescheid.")


class Bic(FieldType):
    """ISO 9362: the code of a bank."""

    name = "bic"
    capitals = True

    def parse(self, field: Field, raw: str, language: str) -> str:
        try:
            return str(bic.validate(raw))
        except NumberError:
            raise refused(_("Prüfen Sie den BIC. Er hat 8 oder 11 Zeichen und steht auf Ihrem Kontoauszug.")) from None

    def missing(self) -> str:
        return _("Geben Sie den BIC ein. Er hat 8 oder 11 Zeichen und steht auf Ihrem Kontoauszug.")


class LicencePlate(FieldType):
    """§ 8 FZV: the mark of a German vehicle, in one way of writing: HRO-AB 12E."""

    name = "licence_plate"
    capitals = True

    def parse(self, field: Field, raw: str, language: str) -> str:
        match = _PLATE.fullmatch(" ".join(normalise(raw).split()))
        if match is None:
            raise refused(_("Prüfen Sie das Kennzeichen. Schreiben Sie es mit Bindestrich, zum Beispiel HRO-AB 123."))
        district, letters, digits, kind, of_office = ((part or "").upper() for part in match.groups())
        if len(district + letters + digits + kind) > _LONGEST_PLATE:
            raise refused(_("Prüfen Sie das Kennzeichen. Es hat höchstens 8 Buchstaben und Ziffern."))
        return f"{district}-{letters} {digits}{kind}" if letters else f"{district}-{of_office}"

    def missing(self) -> str:
        return _("Geben Sie das Kennzeichen mit Bindestrich ein, zum Beispiel HRO-AB 123.")
