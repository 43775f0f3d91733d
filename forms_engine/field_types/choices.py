"""Fields that are answered by choosing: options, yes or no, consent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from forms_engine.characters import readable
from forms_engine.field_types.base import FieldType, Raw, refused

if TYPE_CHECKING:
    from forms_engine.structure import Field

FEW = 5  # so many options are radio buttons, more are a select
MANY = 25  # of more than these one is found by typing


_CODE = re.compile("[A-Za-z0-9_.-]{1,60}")  # as the schema of definitions says of an option's value


def _gone(field: Field, answers: Iterable[Any]) -> list[str]:
    known = {option.value for option in field.options}
    return [each for each in answers if isinstance(each, str) and each not in known and _CODE.fullmatch(each)]


class OneOf(FieldType):
    name = "choice"
    control = "choice"

    def parse(self, field: Field, raw: str, language: str) -> str:
        if raw not in {option.value for option in field.options}:
            raise refused(_("Wählen Sie eine der Antworten aus, die hier stehen."))
        return raw

    def keep(self, field: Field, raw: Raw) -> Any:
        return None

    def gone(self, field: Field, answer: Any) -> list[str]:
        return _gone(field, [answer])

    def keep_gone(self, kept: Any, codes: list[str]) -> Any:
        return codes[0]

    def text(self, field: Field, answer: Any, language: str) -> str:
        return next((option.label(language) for option in field.options if option.value == answer), str(answer))

    def missing(self) -> str:
        return _("Wählen Sie eine Antwort aus.")


class SeveralOf(FieldType):
    name = "choices"
    control = "checkboxes"
    counted = True

    def read(self, data: MultiValueDict[str, Any], name: str) -> Raw:
        return [readable(str(value)) for value in data.getlist(name)]

    def parse(self, field: Field, raw: list[str], language: str) -> list[str]:
        known = {option.value for option in field.options}
        if not known.issuperset(raw):
            raise refused(_("Wählen Sie aus den Antworten aus, die hier stehen."))
        chosen = [option.value for option in field.options if option.value in raw]
        if len(chosen) < field.limits.get("min", 0):
            raise refused(_("Wählen Sie mindestens %(least)d Antworten aus.") % {"least": field.limits["min"]})
        if len(chosen) > field.limits.get("max", len(known)):
            raise refused(_("Wählen Sie höchstens %(most)d Antworten aus.") % {"most": field.limits["max"]})
        return chosen

    def keep(self, field: Field, raw: Raw) -> Any:
        return [option.value for option in field.options if option.value in raw]

    def gone(self, field: Field, answer: Any) -> list[str]:
        return _gone(field, self.raw(answer))

    def keep_gone(self, kept: Any, codes: list[str]) -> Any:
        return [*kept, *codes]

    def raw(self, answer: Any) -> Raw:
        return [value for value in answer if isinstance(value, str)] if isinstance(answer, list) else []

    def comparable(self, answer: Any) -> tuple[str, ...] | None:
        return tuple(self.raw(answer)) or None

    def literal(self, value: Any) -> Any:
        return value if isinstance(value, str) else None

    def text(self, field: Field, answer: Any, language: str) -> str:
        labels = {option.value: option.label(language) for option in field.options}
        chosen = self.raw(answer)
        known, gone = [value for value in labels if value in chosen], [value for value in chosen if value not in labels]
        return ", ".join([*(labels[value] for value in known), *gone])

    def missing(self) -> str:
        return _("Wählen Sie mindestens eine Antwort aus.")


class YesNo(FieldType):
    name = "yes_no"
    control = "choice"

    def parse(self, field: Field, raw: str, language: str) -> bool:
        if raw not in ("true", "false"):
            raise refused(_("Wählen Sie Ja oder Nein."))
        return raw == "true"

    def keep(self, field: Field, raw: Raw) -> Any:
        return None

    def raw(self, answer: Any) -> Raw:
        return {True: "true", False: "false"}[answer] if isinstance(answer, bool) else ""

    def comparable(self, answer: Any) -> bool | None:
        return answer if isinstance(answer, bool) else None

    def text(self, field: Field, answer: Any, language: str) -> str:
        return _("Ja") if answer else _("Nein")

    def missing(self) -> str:
        return _("Wählen Sie Ja oder Nein.")


class Consent(YesNo):
    """A statement to tick. Not ticked is no answer: nobody consents by leaving a box alone."""

    name = "consent"
    control = "consent"

    def parse(self, field: Field, raw: str, language: str) -> bool:
        return True

    def raw(self, answer: Any) -> Raw:
        return "true" if answer is True else ""

    def comparable(self, answer: Any) -> bool | None:
        return True if answer is True else None

    def missing(self) -> str:
        return _("Setzen Sie hier ein Häkchen. Ohne Ihre Erklärung können wir den Antrag nicht annehmen.")
