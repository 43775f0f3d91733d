"""Services as a city describes them: one file with texts, terms and routes for each (docs/services.md)."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from authorities.models import Authority, Department
from catalogue import tariffs
from catalogue.models import Offering, Service, Situation
from catalogue.use_cases import Route, Terms, offer
from forms_engine import api as engine
from forms_engine.use_cases import add_version, publish
from foundation import strict_json

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

_SCHEMA = Path(__file__).with_name("services.schema.json")
_TERMS = ("level", "fee", "deadline_weeks", "retention_months", "privacy")


class DescriptionError(Exception):
    """The description cannot be used; `problems` are German sentences, each with its place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def read(path: Path) -> Any:
    """What a JSON file holds; DescriptionError if it is none."""
    try:
        return strict_json.parse(path.read_bytes())
    except OSError:
        raise DescriptionError([f"{path.name}: Die Datei ist nicht lesbar. Prüfen Sie Pfad und Rechte."]) from None
    except strict_json.NotStrict as error:
        raise DescriptionError([f"{path.name}: {error.sentence}"]) from None


def check(entries: Any) -> None:
    """Raises DescriptionError with all that is wrong with the shape of a description."""
    if problems := [_sentence(entries, error) for error in _validator().iter_errors(entries)]:
        raise DescriptionError(problems)


def put_online(entries: list[dict[str, Any]], forms: Path) -> list[Offering]:
    """Offers all services of a description, with their forms from this folder; to be called in a system scope.

    Doing it a second time changes what has changed. Raises DescriptionError; then the scope takes all back.
    """
    check(entries)
    return [offering for entry in entries for offering in _put_one_online(entry, forms)]


def load_situations(entries: list[dict[str, Any]]) -> None:
    """The situations, in the order of the list."""
    for position, entry in enumerate(entries):
        texts = {"title": entry["title"], "keywords": entry.get("keywords", {})}
        fields = {"audience": entry["audience"], "icon": entry["icon"], "texts": texts}
        Situation.objects.update_or_create(slug=entry["slug"], defaults=fields | {"position": position})


def _put_one_online(entry: dict[str, Any], forms: Path) -> list[Offering]:
    service, _ = Service.objects.update_or_create(
        slug=entry["slug"],
        defaults={
            "key": entry["key"],
            "texts": entry["texts"],
            "short": entry.get("short"),
            "audience": entry.get("audience", [Situation.Audience.CITIZENS]),
        },
    )
    service.situations.clear()
    for slug in entry.get("situations", []):  # one after the other: the first one is the main one
        service.situations.add(_found(entry, "Lebenslage", slug, Situation.objects.filter(slug=slug).first()))
    try:
        definition = engine.load((forms / f"{entry['form']}.json").read_bytes())
    except OSError:
        raise DescriptionError([f"{entry['slug']}: Das Formular „{entry['form']}.json“ ist nicht lesbar."]) from None
    except engine.DefinitionError as error:
        raise DescriptionError([f"{entry['form']}: {problem}" for problem in error.problems]) from None
    return [_offer(entry, service, definition, terms) for terms in entry["offerings"]]


def _offer(entry: dict[str, Any], service: Service, definition: dict[str, Any], terms: dict[str, Any]) -> Offering:
    authority = _found(entry, "Behörde", terms["authority"], Authority.objects.filter(slug=terms["authority"]).first())
    departments = {department.slug: department for department in authority.departments.all()}

    def department(slug: str) -> Department:
        return _found(entry, "Amt", slug, departments.get(slug))

    deciding = terms.get("deciding_date")
    before = Offering.objects.filter(authority=authority, service=service).first()
    form = engine.compile_definition(definition)
    if problems := tariffs.problems_of_terms(before, terms["fee"], deciding or "", form):
        raise DescriptionError([f"{entry['slug']}: {problem}" for problem in problems])
    # Routes and fee are said anew below: nothing of before follows the questions.
    version = publish(add_version(authority, definition), is_followed=False)
    routes = [Route(department(route["department"]), route.get("condition")) for route in terms["routes"]]
    try:
        return offer(
            authority,
            service,
            version.form,
            terms=Terms(
                **{name: terms[name] for name in _TERMS},
                deciding_date=deciding,
                deadline_working_days=terms.get("deadline_working_days"),
                is_answered=terms.get("is_answered", False),
                appointment_url=terms.get("appointment_url") or entry.get("appointment_url", ""),
                owner=department(terms["owner"]) if "owner" in terms else None,
                reviewed_on=_day(entry, terms.get("reviewed_on")),
                next_review_on=_day(entry, terms.get("next_review_on")),
            ),
            routes=routes,
        )
    except ValueError:
        sentence = "Genau die letzte Route braucht keine Bedingung. Sie nimmt alles, was übrig bleibt."
        raise DescriptionError([f"{entry['slug']}: {sentence}"]) from None


def _found(entry: dict[str, Any], kind: str, slug: str, found: Any) -> Any:
    if found is None:
        raise DescriptionError([f"{entry['slug']}: „{slug}“ ({kind}) gibt es nicht. Prüfen Sie die Schreibweise."])
    return found


def _day(entry: dict[str, Any], text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise DescriptionError([f"{entry['slug']}: Den Tag {text} gibt es nicht. Prüfen Sie das Datum."]) from None


@cache
def _validator() -> Draft202012Validator:
    # Its import takes a second and 27 MB where all its formats are installed; few processes read definitions.
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(_SCHEMA.read_text(encoding="utf-8")))


def _sentence(entries: Any, error: ValidationError) -> str:
    place = list(error.absolute_path)
    entry = entries[place.pop(0)] if place and isinstance(entries, list) else None
    name = entry.get("slug", "ohne slug") if isinstance(entry, dict) else "Datei"
    return f"{name}: {'.'.join(map(str, place)) or 'Eintrag'}: {_fault(error)}"


def _fault(error: ValidationError) -> str:
    match error.validator:
        case "required":
            missing = [name for name in error.validator_value if name not in error.instance]
            return f"Es fehlt: {', '.join(missing)}."
        case "additionalProperties" if isinstance(error.validator_value, bool):
            unknown = sorted(set(error.instance) - set(error.schema["properties"]))
            return f"Das gibt es hier nicht: {', '.join(unknown)}."
        case "enum":
            return f"Erlaubt ist: {', '.join(error.validator_value)}."
    return "Der Wert hat nicht die Form, die in docs/services.md steht."
