"""The demo's three authorities with their departments, services and forms. Loading twice changes nothing."""

import json
from pathlib import Path
from typing import Any

from authorities.models import Authority, Department
from catalogue.models import Service
from catalogue.use_cases import Route, Terms, offer
from forms_engine.use_cases import add_version, publish
from foundation import scope

DATA = Path(__file__).parent / "data"
FORMS = Path(__file__).parent / "forms"


def load_city() -> None:
    with scope.system("load the demo"):
        for entry in read_json(DATA / "authorities.json"):
            _load_authority(entry)
        for entry in read_json(DATA / "services.json"):
            _load_service(entry)


def _load_authority(entry: dict[str, Any]) -> None:
    fields = {name: value for name, value in entry.items() if name not in ("slug", "departments")}
    authority, _ = Authority.objects.update_or_create(slug=entry["slug"], defaults=fields)
    for department in entry["departments"]:
        fields = {name: value for name, value in department.items() if name != "slug"}
        Department.objects.update_or_create(authority=authority, slug=department["slug"], defaults=fields)


def _load_service(entry: dict[str, Any]) -> None:
    service, _ = Service.objects.update_or_create(
        slug=entry["slug"], defaults={"key": entry["key"], "texts": entry["texts"]}
    )
    definition = read_json(FORMS / f"{entry['form']}.json")
    for terms in entry["offerings"]:
        authority = Authority.objects.get(slug=terms["authority"])
        version = publish(add_version(authority, definition))
        departments = {department.slug: department for department in authority.departments.all()}
        offer(
            authority,
            service,
            version.form,
            terms=Terms(
                **{name: terms[name] for name in ("level", "fee", "deadline_weeks", "retention_months", "privacy")}
            ),
            routes=[Route(departments[route["department"]], route.get("condition")) for route in terms["routes"]],
        )


def read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
