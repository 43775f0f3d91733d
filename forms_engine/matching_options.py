"""What an account says in its own words, as the code of the list that a question offers; only where there is no doubt.

Lists of legal forms and of courts are many, each with codes of its own (`urn:de:fim:codeliste:rechtsformen-gaengig`,
`urn:xoev-de:xunternehmen:codeliste:rechtsformen`, `…:registergerichte`). What they have in common are the words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from forms_engine.structure import Option

#: What labels call the legal forms of accounts, in letters only. A label counts if all of its names are among these.
_LEGAL_FORMS = {
    "ek": (
        *("ek", "ekfm", "ekfr", "eingetragenes einzelunternehmen", "eingetragener kaufmann", "eingetragene kauffrau"),
        *("einzelkaufmann", "einzelkauffrau", "eingetragenes gewerbliches einzelunternehmen"),
    ),
    "gbr": ("gbr", "gesellschaft bürgerlichen rechts", "gesellschaft des bürgerlichen rechts", "bgb gesellschaft"),
    "egbr": (
        *("egbr", "eingetragene gbr", "eingetragene gesellschaft bürgerlichen rechts"),
        "eingetragene gesellschaft des bürgerlichen rechts",
    ),
    "ohg": ("ohg", "offene handelsgesellschaft"),
    "kg": ("kg", "kommanditgesellschaft"),
    "gmbh_kg": ("gmbh co kg", "gmbh und co kg", "gesellschaft mit beschränkter haftung co kommanditgesellschaft"),
    "partg": ("partg", "partnerschaft", "partnerschaftsgesellschaft"),
    "gmbh": ("gmbh", "gesellschaft mit beschränkter haftung"),
    "ug": (
        *("ug", "unternehmergesellschaft", "ug haftungsbeschränkt", "unternehmergesellschaft haftungsbeschränkt"),
        "haftungsbeschränkt",
    ),
    "ag": ("ag", "aktiengesellschaft", "aktiengesellschaften"),
    "eg": ("eg", "genossenschaft", "eingetragene genossenschaft"),
    "ev": ("ev", "verein", "eingetragener verein", "eingetragener nicht wirtschaftlicher verein"),
}
#: Of lists in which a wider entry (221000 "GmbH; auch UG") stands beside the narrow one: the narrow one.
_CODES = {"gmbh": "221110", "kg": "112100", "ohg": "113100", "ag": "222110"}
_GERMANY = ("deutschland", "indeutschland", "inland", "iminland", "bundesrepublikdeutschland")
_BETWEEN = re.compile(r"[;,/()]")
_LEADING = re.compile(r"^(auch|oder|und)\s+", re.IGNORECASE)
_COURT = re.compile(r"(?i)^(amtsgericht|registergericht|ag)\s+|\s*[-–,(]*\s*registergericht\W*$")


def code_of(key: str, known: object, options: Iterable[Option]) -> str | None:
    """The option that means what the account knows; None where none does, or several might.

    `key` is what a question is filled with (`legal_form`, `register_court`, `address_country`); what others know is an
    option or nothing.
    """
    offered = {option.value: option.label("de") for option in options}
    if not isinstance(known, str) or known in offered:
        return known if isinstance(known, str) else None
    if key == "legal_form":
        return _legal_form(known, offered)
    if key == "register_court" and (wanted := _town(known)):
        return _only(code for code, label in offered.items() if _town(label) == wanted)
    if key in ("address_country", "organisation_country") and known == "DE":
        return _only(code for code, label in offered.items() if _letters(label) in _GERMANY)
    return None


def _legal_form(known: str, offered: dict[str, str]) -> str | None:
    names = {_letters(name) for name in _LEGAL_FORMS.get(known, ())}
    whole = [code for code, label in offered.items() if _says(label, names, all)]
    touched = [code for code, label in offered.items() if _says(label, names, any)]
    if (narrow := _CODES.get(known)) in touched:
        return narrow
    # Where a label says more than the form ("GmbH, Sitz im Ausland"), the account does not know which one it is.
    return _only(touched) if whole == touched else None


def _says(label: str, names: set[str], how: Callable[[Iterable[bool]], bool]) -> bool:
    if not names:
        return False
    parts = [_letters(_LEADING.sub("", part.strip())) for part in _BETWEEN.split(label)]
    return _letters(label) in names or how(part in names for part in parts if part)


def _only(codes: Iterable[str]) -> str | None:
    found = list(codes)
    return found[0] if len(found) == 1 else None


def _town(court: str) -> str:
    return _letters(_COURT.sub("", court.strip()))


def _letters(text: str) -> str:
    """`e. K.` and `eK` are one: letters only, small."""
    return "".join(letter for letter in text.casefold() if letter.isalpha())
