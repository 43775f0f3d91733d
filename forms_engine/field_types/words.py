"""Fields that hold text: lines, paragraphs, addresses for mail and telephone, IBAN."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from stdnum import iban
from stdnum.exceptions import ValidationError as NumberError

from forms_engine.characters import Charset, first_stranger, normalise
from forms_engine.field_types.base import FieldType, refused

if TYPE_CHECKING:
    from forms_engine.structure import Field

_BLANKS = re.compile(r"[\s\u2000-\u200a\u202f\u205f\u3000]+")
_POSTAL_CODE = re.compile(r"(?:0[1-9]|[1-9][0-9])[0-9]{3}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.\-]*")


def checked_line(text: str, charset: Charset, *parts: str) -> str:
    """One line in NFC, blanks made single; refused if it holds a character outside the set (DIN 91379)."""
    return checked_text(_BLANKS.sub(" ", text).strip(), charset, *parts)


def checked_text(text: str, charset: Charset, *parts: str) -> str:
    """A text in NFC; refused if it holds a character outside the set (DIN 91379)."""
    text = normalise(text, charset)
    stranger = first_stranger(text, charset)
    if stranger is None:
        return text
    if charset == "A" and stranger.character.isdigit():
        sentence = _("Ein Name hat keine Ziffern. Nehmen Sie „%(character)s“ an Stelle %(position)d heraus.")
    else:
        sentence = _(
            "Das Zeichen „%(character)s“ an Stelle %(position)d ist hier nicht zulässig. Nehmen Sie es heraus."
        )
    raise refused(sentence % {"character": stranger.name, "position": stranger.position}, *parts)


class Line(FieldType):
    name = "text"

    def parse(self, field: Field, raw: str, language: str) -> str:
        text = checked_line(raw, field.charset)
        _check_length(field, text)
        if field.pattern is not None and not field.pattern.fullmatch(text):
            if field.pattern_message is not None:
                raise refused(field.pattern_message(language))
            raise refused(_("Prüfen Sie die Schreibweise. Der Hinweis am Feld zeigt, was gemeint ist."))
        return text


class Paragraphs(FieldType):
    name = "multiline"
    control = "textarea"

    def parse(self, field: Field, raw: str, language: str) -> str:
        text = checked_text(raw.replace("\r\n", "\n").replace("\r", "\n").strip(), field.charset)
        _check_length(field, text)
        return text


def _check_length(field: Field, text: str) -> None:
    longest, shortest = field.limits["max_length"], field.limits.get("min_length", 0)
    if len(text) > longest:
        over = len(text) - longest
        raise refused(
            ngettext(
                "Kürzen Sie den Text um %(over)d Zeichen. Erlaubt sind %(longest)d.",
                "Kürzen Sie den Text um %(over)d Zeichen. Erlaubt sind %(longest)d.",
                over,
            )
            % {"over": over, "longest": longest}
        )
    if len(text) < shortest:
        raise refused(_("Geben Sie mindestens %(shortest)d Zeichen ein.") % {"shortest": shortest})


class Email(FieldType):
    name = "email"
    html_type = "email"

    def parse(self, field: Field, raw: str, language: str) -> str:
        text = raw.strip()
        try:
            validate_email(text)
        except ValidationError:
            raise refused(_("Geben Sie eine E-Mail-Adresse ein, zum Beispiel name@beispiel.de.")) from None
        if len(text) > 254 or not text.isascii():
            raise refused(_("Geben Sie eine E-Mail-Adresse ohne Umlaute ein, zum Beispiel name@beispiel.de."))
        return text

    def missing(self) -> str:
        return _("Geben Sie eine E-Mail-Adresse ein, zum Beispiel name@beispiel.de.")


class Phone(FieldType):
    name = "phone"
    html_type = "tel"
    inputmode = "tel"

    def parse(self, field: Field, raw: str, language: str) -> str:
        text = _BLANKS.sub(" ", normalise(raw)).strip()
        digits = sum(character.isdigit() for character in text)
        if not _PHONE.fullmatch(text) or not 5 <= digits <= 15:
            raise refused(self.missing())
        return text

    def missing(self) -> str:
        return _("Geben Sie eine Telefonnummer mit Vorwahl ein, zum Beispiel 0381 1234567.")


class PostalCode(FieldType):
    name = "postal_code"
    inputmode = "numeric"

    def parse(self, field: Field, raw: str, language: str) -> str:
        return checked_postal_code(raw)

    def missing(self) -> str:
        return _("Geben Sie eine Postleitzahl mit 5 Ziffern ein, zum Beispiel 18055.")


def checked_postal_code(raw: str, *parts: str) -> str:
    """A German postcode: five digits, 01001 or more."""
    text = raw.strip()
    if not _POSTAL_CODE.fullmatch(text):
        raise refused(_("Geben Sie eine Postleitzahl mit 5 Ziffern ein, zum Beispiel 18055."), *parts)
    return text


class Iban(FieldType):
    """ISO 13616: length and check digits by country."""

    name = "iban"
    capitals = True

    def parse(self, field: Field, raw: str, language: str) -> str:
        try:
            return str(iban.validate(raw))
        except NumberError:
            raise refused(
                _("Prüfen Sie die IBAN. Sie steht auf Ihrem Kontoauszug, zum Beispiel DE02 1203 0000 0000 2020 51.")
            ) from None

    def raw(self, answer: Any) -> str:
        if not isinstance(answer, str):
            return ""
        return str(iban.format(answer)) if iban.is_valid(answer) else answer

    def text(self, field: Field, answer: Any, language: str) -> str:
        return self.raw(answer)

    def missing(self) -> str:
        return _("Geben Sie die IBAN ein, zum Beispiel DE02 1203 0000 0000 2020 51.")
