"""The demo's three authorities with their departments, services and forms. Loading twice changes nothing."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from authorities.models import Authority, Department
from catalogue.models import Service, Situation
from catalogue.use_cases import Route, Terms, offer
from forms_engine.use_cases import add_version, publish
from foundation import scope

DATA = Path(__file__).parent / "data"
FORMS = Path(__file__).parent / "forms"


def load_city() -> None:
    with scope.system("load the demo"):
        for entry in read_json(DATA / "authorities.json"):
            _load_authority(entry)
        for position, entry in enumerate(read_json(DATA / "situations.json")):
            _load_situation(position, entry)
        for entry in read_json(DATA / "services.json"):
            _load_service(entry)


def _load_authority(entry: dict[str, Any]) -> None:
    fields = {name: value for name, value in entry.items() if name not in ("slug", "departments")}
    authority, _ = Authority.objects.update_or_create(slug=entry["slug"], defaults=fields)
    for department in entry["departments"]:
        fields = {name: value for name, value in department.items() if name != "slug"}
        Department.objects.update_or_create(authority=authority, slug=department["slug"], defaults=fields)


def _load_situation(position: int, entry: dict[str, Any]) -> None:
    fields = {"audience": entry["audience"], "icon": entry["icon"], "texts": {"title": entry["title"]}}
    Situation.objects.update_or_create(slug=entry["slug"], defaults=fields | {"position": position})


def _load_service(entry: dict[str, Any]) -> None:
    service, _ = Service.objects.update_or_create(
        slug=entry["slug"],
        defaults={
            "key": entry["key"],
            "texts": entry["texts"],
            "short": entry.get("short"),
            "audience": entry.get("audience", ["citizens"]),
        },
    )
    service.situations.clear()
    for slug in entry.get("situations", []):  # one after the other: the first one is the main one
        service.situations.add(slug)
    definition = read_json(FORMS / f"{entry['form']}.json")
    for terms in entry["offerings"]:
        _load_offering(service, definition, {"appointment_url": entry.get("appointment_url", "")} | terms)


def _load_offering(service: Service, definition: dict[str, Any], terms: dict[str, Any]) -> None:
    authority = Authority.objects.get(slug=terms["authority"])
    version = publish(add_version(authority, definition))
    departments = {department.slug: department for department in authority.departments.all()}
    offer(
        authority,
        service,
        version.form,
        terms=Terms(
            **{name: terms[name] for name in ("level", "fee", "deadline_weeks", "retention_months", "privacy")},
            appointment_url=terms["appointment_url"],
            owner=departments.get(terms.get("owner", "")),
            reviewed_on=_day(terms.get("reviewed_on")),
            next_review_on=_day(terms.get("next_review_on")),
            is_answered=terms.get("is_answered", False),
        ),
        routes=[Route(departments[route["department"]], route.get("condition")) for route in terms["routes"]],
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
