"""An authority with its departments as data: one JSON file says all that the portal needs to know of it."""

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from authorities.models import Authority, Department

Row = TypeVar("Row", bound=models.Model)
#: What the portal makes itself, or what operators set elsewhere.
_NOT_GIVEN = {"id", "authority", "endpoint", "hours_in"}


class FurnishingError(Exception):
    """The data cannot be used; `problems` are German sentences, each with its place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def put_authority(entry: dict[str, Any]) -> Authority:
    """Makes the authority and its departments, or changes those that are there by their slug. In a system scope."""
    given = {name: value for name, value in entry.items() if name != "departments"}
    departments = entry.get("departments")
    if not isinstance(departments, list) or not departments:
        raise FurnishingError(["departments: Hier steht eine Liste mit mindestens einem Amt."])
    authority = _put(Authority, "", given, slug=given.get("slug"))
    for number, each in enumerate(departments):
        place = f"departments[{number}]."
        if not isinstance(each, dict):
            raise FurnishingError([f"{place.rstrip('.')}: Hier steht ein Objekt."])
        _put(Department, place, each, slug=each.get("slug"), authority=authority)
    return authority


def _hours(given: Any, place: str) -> dict[str, Any]:
    """The hours as they are kept; given as a text, or as a text for each language."""
    if given is None:
        return {}
    if isinstance(given, str):
        return {"hours": given, "hours_in": {"de": given} if given else {}}
    if not isinstance(given, dict) or "de" not in given or not all(isinstance(text, str) for text in given.values()):
        raise FurnishingError([f"{place}hours: Hier steht ein Text oder je Sprache ein Text, auch auf Deutsch (de)."])
    return {"hours": given["de"], "hours_in": given}


def _put(kind: type[Row], place: str, given: dict[str, Any], **key: Any) -> Row:
    known = {field.name for field in kind._meta.concrete_fields} - _NOT_GIVEN
    if unknown := sorted(given.keys() - known):
        raise FurnishingError([f"{place}{name}: Diesen Schlüssel gibt es nicht." for name in unknown])
    row = kind._default_manager.filter(**key).first() or kind(**key)
    for name, value in (given | _hours(given.get("hours"), place)).items():
        setattr(row, name, value)
    try:
        # Django takes an empty object for an empty box.
        row.full_clean(exclude=[field.name for field in kind._meta.concrete_fields if getattr(row, field.name) == {}])
    except ValidationError as error:
        raise FurnishingError(
            [f"{place}{name}: {' '.join(sentences)}" for name, sentences in error.message_dict.items()]
        ) from None
    row.save()
    return row
