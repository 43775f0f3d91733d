"""Small definitions and posts for the tests of the engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import QueryDict

from forms_engine import api

DEMO = Path(settings.BASE_DIR) / "hro_portal" / "demo" / "forms"


def field(type: str, key: str, **more: Any) -> dict[str, Any]:
    texts = {"text": {"de": f"Hinweis {key}"}} if type == "static" else {"label": {"de": key.capitalize()}}
    return {"type": type, "key": key, **texts, **more}


def group(key: str, *items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "group", "key": key, "title": {"de": key.capitalize()}, "items": list(items), **more}


def repeat(least: int = 1, most: int = 3, name: str = "Hund") -> dict[str, Any]:
    return {"min": least, "max": most, "instance": {"de": name}, "add": {"de": f"Weiteren {name} hinzufügen"}}


def step(key: str, *items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"key": key, "title": {"de": f"Schritt {key}"}, "items": list(items), **more}


def definition(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"format": 1, "key": "probe", "title": {"de": "Probe"}, "steps": list(steps), **more}


def one_step(*items: dict[str, Any], **more: Any) -> api.CompiledForm:
    """A checked and compiled form of one step called `s`."""
    return api.compile_definition(api.load(definition(step("s", *items), **more)))


def problems(raw: Any) -> list[str]:
    try:
        api.load(raw)
    except api.DefinitionError as error:
        return error.problems
    return []


OPTIONS = [{"value": value, "label": {"de": value.upper()}} for value in ("a", "b", "c")]
#: As many that they are a list, some with help of their own.
LONG_OPTIONS = [{"value": f"v{number}", "label": {"de": f"Wahl {number}"}} for number in range(8)]
LONG_OPTIONS[3]["hint"] = {"de": "die dritte", "en": "the third one"}
HELPED = [OPTIONS[0], OPTIONS[1] | {"hint": {"de": "der zweite Buchstabe", "en": "the second letter"}}]
#: A question of each type there is.
ALL_TYPES = one_step(
    *(field(name, f"f_{name}") for name in ("text", "multiline", "number", "decimal", "currency", "date", "yes_no")),
    *(field(name, f"f_{name}") for name in ("email", "phone", "postal_code", "address", "iban", "file", "consent")),
    *(field(name, f"f_{name}") for name in ("partial_date", "time", "datetime", "person_name")),
    *(field(name, f"f_{name}") for name in ("nationality", "tax_id", "bic", "licence_plate", "register_entry")),
    field("address", "f_shelter", care_of=True, no_fixed_abode=True),
    field("choice", "f_choice", options=OPTIONS),
    field("choices", "f_choices", options=OPTIONS),
    field("choice", "f_helped_choice", options=HELPED),
    field("choices", "f_helped_choices", options=HELPED),
    field("choice", "f_long_choice", options=LONG_OPTIONS),
    field("text", "f_name", charset="A"),
)


def post(**values: Any) -> QueryDict:
    """Posted values; `__` stands for the `-` of HTML names."""
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    return data


def filled(form: api.CompiledForm, data: Any = None, answers: Any = None, **more: Any) -> api.StepForm:
    return api.step_form(form, form.steps[0].key, answers or {}, language="de", data=data, **more)


def demo(name: str) -> api.CompiledForm:
    return api.compile_definition(api.load((DEMO / f"{name}.json").read_bytes()))


def as_bytes(value: Any) -> bytes:
    return json.dumps(value).encode()
