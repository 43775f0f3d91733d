"""The types of fields that a definition may use, by name."""

from forms_engine.field_types.base import FieldType, Raw
from forms_engine.field_types.choices import Consent, OneOf, SeveralOf, YesNo
from forms_engine.field_types.countries import Country, Nationality
from forms_engine.field_types.dates import Day
from forms_engine.field_types.marks import Bic, LicencePlate, TaxId
from forms_engine.field_types.numbers import Currency, Decimals, Whole
from forms_engine.field_types.partial_dates import PartialDate
from forms_engine.field_types.people import PersonName, RegisterEntry
from forms_engine.field_types.places import Address
from forms_engine.field_types.times import Clock, Moment
from forms_engine.field_types.uploads import Files, Upload
from forms_engine.field_types.words import Email, Iban, Line, Paragraphs, Phone, PostalCode

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
        PartialDate(),
        Clock(),
        Moment(),
        PersonName(),
        Country(),
        Nationality(),
        TaxId(),
        Bic(),
        LicencePlate(),
        RegisterEntry(),
    )
}

__all__ = ["FIELD_TYPES", "FieldType", "Raw", "Upload"]
