"""The types of fields that a definition may use, by name."""

from .base import FieldType, Raw
from .choices import Consent, OneOf, SeveralOf, YesNo
from .dates import Day
from .numbers import Currency, Decimals, Whole
from .places import Address
from .uploads import Files, Upload
from .words import Email, Iban, Line, Paragraphs, Phone, PostalCode

FIELD_TYPES: dict[str, FieldType] = {
    field_type.name: field_type
    for field_type in (
        Line(),
        Paragraphs(),
        Whole(),
        Decimals(),
        Currency(),
        Day(),
        YesNo(),
        OneOf(),
        SeveralOf(),
        Email(),
        Phone(),
        PostalCode(),
        Address(),
        Iban(),
        Files(),
        Consent(),
    )
}

__all__ = ["FIELD_TYPES", "FieldType", "Raw", "Upload"]
