"""Names: of a person, who may have one only, and of an organisation in a register."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from stdnum.de import handelsregisternummer
from stdnum.exceptions import ValidationError as NumberError

from forms_engine.field_types.base import Boxes, Raw, refused
from forms_engine.field_types.words import checked_line

if TYPE_CHECKING:
    from forms_engine.structure import Field

_NAMES = ("given_name", "family_name")
_LONGEST = {"given_name": 80, "family_name": 120}  # FIM building blocks "Vornamen" and "Familienname"


class PersonName(Boxes):
    """Given and family name; or one name, in the box where the person has it. None is made up for the other."""

    name = "person_name"
    parts = (*_NAMES, "one_name")
    ticks = ("one_name",)

    def parse(self, field: Field, raw: Any, language: str) -> dict[str, Any]:
        only = raw["one_name"] == "true"
        empty = tuple(part for part in _NAMES if not raw[part].strip())
        if len(empty) == 2:
            raise refused(self.missing(), *_NAMES)
        if only and not empty:
            raise refused(
                _("Sie haben zwei Namen eingegeben und „nur einen Namen“ angekreuzt. Ändern Sie eines davon."),
                "one_name",
            )
        if empty and not only:
            raise refused(self._incomplete(empty[0]), *empty)
        return {part: self._checked(part, raw[part]) for part in _NAMES} | {"one_name": only}

    def _checked(self, part: str, typed: str) -> str:
        name = checked_line(typed, "A", part)
        if len(name) > _LONGEST[part]:
            sentence = _("Kürzen Sie diese Angabe auf höchstens %(longest)d Zeichen.")
            raise refused(sentence % {"longest": _LONGEST[part]}, part)
        return name

    def _incomplete(self, part: str) -> str:
        return {
            "given_name": _("Geben Sie auch den Vornamen ein, oder kreuzen Sie an, dass es nur einen Namen gibt."),
            "family_name": _("Geben Sie auch den Nachnamen ein, oder kreuzen Sie an, dass es nur einen Namen gibt."),
        }[part]

    def needs(self, field: Field, part: str) -> bool:
        return False

    def from_profile(self, profile: Mapping[str, Any], key: str) -> Any:
        return {part: profile.get(part) for part in _NAMES}

    def line(self, answer: Any) -> str:
        boxes: Any = self.raw(answer)
        return " ".join(boxes[part] for part in _NAMES if boxes[part])

    def missing(self) -> str:
        return _("Geben Sie Vornamen und Nachnamen ein, zum Beispiel Lena Hansen.")

    def missing_parts(self, raw: Raw) -> tuple[str, ...]:
        return _NAMES


_ENTRY = re.compile(r"(HRA|HRB|GnR|GsR|PR|VR) ?([1-9][0-9]{0,5})(?: ?([A-ZÖ]{1,3}))?", re.IGNORECASE | re.ASCII)
_LONGEST_COURT = 60
_SECTIONS = {section.upper(): section for section in ("HRA", "HRB", "GnR", "GsR", "PR", "VR")}


class RegisterEntry(Boxes):
    """Court and number of an entry in the registers of commerce, partnerships, cooperatives and associations."""

    name = "register_entry"
    parts = ("court", "number")

    def parse(self, field: Field, raw: Any, language: str) -> dict[str, str]:
        empty = tuple(part for part in self.parts if not raw[part].strip())
        if empty:
            raise refused(self._incomplete(empty), *empty)
        return {"court": self._court(raw["court"]), "number": self._number(raw["number"])}

    def _court(self, typed: str) -> str:
        court = checked_line(typed, "B", "court").removeprefix("Amtsgericht ").removeprefix("AG ")
        try:
            # The library reads court and number together; cut, for it need not try long texts.
            return str(handelsregisternummer.validate(f"{court[:_LONGEST_COURT]} HRB 1")).removesuffix(" HRB 1")
        except NumberError:
            raise refused(
                _("Dieses Registergericht gibt es nicht. Geben Sie den Ort des Gerichts ein, zum Beispiel Rostock."),
                "court",
            ) from None

    def _number(self, typed: str) -> str:
        match = _ENTRY.fullmatch(checked_line(typed, "B", "number"))
        if match is None:
            raise refused(
                _("Geben Sie Art und Nummer des Registers ein, zum Beispiel HRB 12345."),
                "number",
            )
        section, digits, addition = match.groups()
        return " ".join(part for part in (_SECTIONS[section.upper()], digits, (addition or "").upper()) if part)

    def _incomplete(self, empty: tuple[str, ...]) -> str:
        if len(empty) > 1:
            return self.missing()
        return {
            "court": _("Geben Sie auch das Registergericht ein, zum Beispiel Rostock."),
            "number": _("Geben Sie auch die Nummer ein, zum Beispiel HRB 12345."),
        }[empty[0]]

    def from_profile(self, profile: Mapping[str, Any], key: str) -> Any:
        return {"court": profile.get("register_court"), "number": profile.get("register_number")}

    def line(self, answer: Any) -> str:
        boxes: Any = self.raw(answer)
        return f"{boxes['court']} {boxes['number']}".strip()

    def missing(self) -> str:
        return _("Geben Sie Registergericht und Nummer ein, zum Beispiel Rostock, HRB 12345.")

    def missing_parts(self, raw: Raw) -> tuple[str, ...]:
        return self.parts
