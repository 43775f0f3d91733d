"""Answers in the words of their form, for the check page, the receipt and the case page."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from forms_engine.field_types import Upload
from forms_engine.field_types.uploads import listed
from forms_engine.formulas import in_words, reckoned
from forms_engine.reading import Reading, instances
from forms_engine.structure import Answers, Calculated, CompiledForm, Field, Group, Item, Repeat, Static, Where


@dataclass(frozen=True, slots=True)
class Row:
    """One answer: the question, the answer in words, the instance or group it is in ("Hund 1"), the type of field,
    and whether anything was answered at all.
    """

    label: str
    value: str
    group: str | None
    kind: str
    is_given: bool = dataclasses.field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class Section:
    """The answers of one step."""

    step_key: str
    title: str
    rows: list[Row]


def summary(
    form: CompiledForm, answers: Answers, *, language: str, uploads: Mapping[str, Sequence[Upload]] | None = None
) -> list[Section]:
    """Every visible question with its answer; what is empty says so. `uploads` are the stored files by HTML name."""
    with translation.override(language):
        teller = _Teller(Reading(form, answers), language, uploads or {})
        return [
            Section(step.key, step.title(language), list(teller.rows(step.items, answers, (), "", None)))
            for step in form.steps
            if teller.reading.shows(step)
        ]


class _Teller:
    def __init__(self, reading: Reading, language: str, uploads: Mapping[str, Sequence[Upload]]) -> None:
        self.reading, self.language, self.uploads = reading, language, uploads

    def rows(
        self, items: tuple[Item, ...], stored: Answers, where: Where, prefix: str, place: str | None
    ) -> Iterator[Row]:
        for item in items:
            if not self.reading.shows(item, where):
                continue
            if isinstance(item, Calculated):
                number = reckoned(item, self.reading, where)
                words = _("Nicht angegeben") if number is None else in_words(item, number)
                yield Row(item.text(self.language), words, place, "calculated", is_given=number is not None)
            if isinstance(item, Static):
                continue
            name, value = f"{prefix}{item.key}", stored.get(item.key)
            if isinstance(item, Field):
                words = self._words(item, value, name)
                yield Row(
                    item.label(self.language),
                    words or _("Nicht angegeben"),
                    place,
                    item.type.name,
                    is_given=bool(words),
                )
            elif item.repeat:
                yield from self._repetition(item, item.repeat, instances(value), where, name, place)
            else:
                below = value if isinstance(value, dict) else {}
                title = _joined(place, item.title(self.language))
                rows = list(self.rows(item.items, below, where, f"{name}-", title))
                if item.optional and not any(row.is_given for row in rows):
                    rows = [Row(item.title(self.language), _("Nicht angegeben"), place, "group", is_given=False)]
                yield from rows

    def _repetition(
        self, group: Group, repeat: Repeat, entries: list[Answers], where: Where, name: str, place: str | None
    ) -> Iterator[Row]:
        if not entries:
            yield Row(group.title(self.language), _("Nicht angegeben"), place, "group", is_given=False)
        for number, entry in enumerate(entries, start=1):
            title = _joined(place, f"{repeat.instance(self.language)} {number}")
            inside = (*where, str(entry.get("_id", "")))
            yield from self.rows(group.items, entry, inside, f"{name}-{inside[-1]}-", title)

    def _words(self, field: Field, value: Any, name: str) -> str:
        if field.type.control == "file":
            return listed(self.uploads.get(name, ()))
        if value is None or field.type.is_blank(field.type.raw(value)):
            return ""
        return field.type.text(field, value, self.language)


def _joined(place: str | None, title: str) -> str:
    return f"{place}, {title}" if place else title


def _answered(form: CompiledForm, answers: Answers) -> Iterator[tuple[Field, Any]]:
    """Every visible question that has an answer, with the answer, in the order of the form."""
    reading = Reading(form, answers)

    def below(items: tuple[Item, ...], stored: Answers, where: Where) -> Iterator[tuple[Field, Any]]:
        for item in items:
            if isinstance(item, Static) or not reading.shows(item, where):
                continue
            value = stored.get(item.key)
            if isinstance(item, Field):
                if item.type.comparable(value) is not None:
                    yield item, value
            elif item.repeat:
                for entry in instances(value):
                    yield from below(item.items, entry, (*where, str(entry.get("_id", ""))))
            elif isinstance(value, dict):
                yield from below(item.items, value, where)

    for step in form.steps:
        if reading.shows(step):
            yield from below(step.items, answers, ())


def searchable(form: CompiledForm, answers: Answers) -> list[str]:
    """The answers that an author marked for the clerks' search, as texts."""
    return [field.type.text(field, value, "de") for field, value in _answered(form, answers) if field.search]


def _first_by_role(form: CompiledForm, answers: Answers) -> dict[str, str]:
    found: dict[str, str] = {}
    for field, value in _answered(form, answers):
        if field.role:
            found.setdefault(field.role, field.type.text(field, value, "de"))
    return found


def applicant_name(form: CompiledForm, answers: Answers) -> str:
    """Who applies: the organisation, else given and family name; empty if the form does not ask."""
    roles = _first_by_role(form, answers)
    person = " ".join(roles[role] for role in ("given_name", "family_name") if role in roles)
    return roles.get("organisation_name") or roles.get("person_name") or person


def asks_who(form: CompiledForm) -> bool:
    """Whether the form asks for a name or an address of its sender anywhere; else nobody can be answered."""
    return any(isinstance(node, Field) and node.role for node in form.nodes.values())


def contact_email(form: CompiledForm, answers: Answers) -> str:
    """The e-mail address for messages about this application; empty if none was given."""
    return _first_by_role(form, answers).get("email", "")
