"""The demo's three authorities with their departments, services and forms. Loading twice changes nothing."""

import json
from pathlib import Path
from typing import Any

from authorities.furnishing import put_authority
from catalogue import describing
from catalogue.adopting import use_cases
from catalogue.adopting.part import part_of
from catalogue.models import Offering
from catalogue.queries import published_version
from forms_engine.models import Upstream
from forms_engine.sharing.adopting import note_origin, provenance_of
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
        _let_them_follow()


def _let_them_follow() -> None:
    """Everybody's services are Rostock's, with rates of their own: they were adopted, and are followed."""
    rostocks = Offering.objects.filter(authority__slug="rostock").select_related("service", "form__authority")
    for theirs in rostocks:
        version = published_version(theirs)
        for adopted in theirs.service.offerings.exclude(pk=theirs.pk).select_related("form", "service"):
            if version and not Upstream.objects.filter(form=adopted.form).exists():
                note_origin(adopted.form, provenance_of(version), version.definition, version=version)
                use_cases.note_origin(adopted, part_of(theirs), upstream_offering_id=theirs.pk)


def read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
