"""The demo's three authorities with their departments, services and forms. Loading twice changes nothing."""

import json
from pathlib import Path
from typing import Any

from authorities.furnishing import put_authority
from catalogue import describing
from foundation import scope

DATA = Path(__file__).parent / "data"
FORMS = Path(__file__).parent / "forms"


def load_city() -> None:
    with scope.system("load the demo"):
        for entry in read_json(DATA / "authorities.json"):
            put_authority(entry)
        describing.load_situations(read_json(DATA / "situations.json"))
        for name in ("services", "portal_services"):
            describing.put_online(read_json(DATA / f"{name}.json"), FORMS)


def read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
