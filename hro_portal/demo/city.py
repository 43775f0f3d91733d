"""The demo's three authorities with their departments, services and forms. Loading twice changes nothing."""

import json
from pathlib import Path
from typing import Any

from authorities.models import Authority, Department
from catalogue import describing
from foundation import scope

DATA = Path(__file__).parent / "data"
FORMS = Path(__file__).parent / "forms"


def load_city() -> None:
    with scope.system("load the demo"):
        for entry in read_json(DATA / "authorities.json"):
            _load_authority(entry)
        describing.load_situations(read_json(DATA / "situations.json"))
        for name in ("services", "portal_services"):
            describing.put_online(read_json(DATA / f"{name}.json"), FORMS)


def _load_authority(entry: dict[str, Any]) -> None:
    fields = {name: value for name, value in entry.items() if name not in ("slug", "departments")}
    authority, _ = Authority.objects.update_or_create(slug=entry["slug"], defaults=fields)
    for department in entry["departments"]:
        fields = {name: value for name, value in department.items() if name != "slug"}
        Department.objects.update_or_create(authority=authority, slug=department["slug"], defaults=fields)


def read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
