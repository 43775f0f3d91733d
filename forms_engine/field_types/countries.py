"""Countries and nationalities: ISO 3166-1 codes, with names from CLDR in the language of the page."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from babel import Locale
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from forms_engine.field_types.base import refused
from forms_engine.field_types.choices import OneOf
from foundation.latin import search_form

if TYPE_CHECKING:
    from forms_engine.structure import Field

# What CLDR names besides the countries of ISO 3166-1 (and Kosovo, XK): parts of countries, unions, made-up ones.
_NO_COUNTRIES = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"])
_HOME = "DE"


@cache
def countries(language: str) -> dict[str, str]:
    """Names by code: Germany first, then in the order of the alphabet."""
    names = Locale.parse("en" if language == "en" else "de").territories
    found = {code: name for code, name in names.items() if len(code) == 2 and code.isalpha()}
    order = sorted(found.keys() - _NO_COUNTRIES, key=lambda code: (code != _HOME, search_form(found[code])))
    return {code: found[code] for code in order}


class Country(OneOf):
    """A country of today, stored as its code of two letters."""

    name = "country"
    control = "select"

    def names(self, language: str) -> dict[str, str]:
        """What can be chosen: names by code, in the order of the page."""
        return countries(language)

    def gone(self, field: Field, answer: Any) -> list[str]:
        return []

    def parse(self, field: Field, raw: str, language: str) -> str:
        if raw not in self.names(language):
            raise refused(self.missing())
        return raw

    def comparable(self, answer: Any) -> str | None:
        return answer if isinstance(answer, str) and answer in self.names(get_language() or "de") else None

    def text(self, field: Field, answer: Any, language: str) -> str:
        return self.names(language).get(answer, str(answer))

    def missing(self) -> str:
        return _("Wählen Sie einen Staat aus der Liste aus.")


class Nationality(Country):
    """The state whose citizen somebody is; some have none (XXA), of some it is not known (XXX): codes of ICAO 9303."""

    name = "nationality"

    def names(self, language: str) -> dict[str, str]:
        return countries(language) | {
            "XXA": pgettext("nationality", "staatenlos"),
            "XXX": pgettext("nationality", "ungeklärt"),
        }
