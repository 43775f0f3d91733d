"""Reading a definition from outside: strict JSON, then the schema, then its meaning."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forms_engine.errors import DefinitionError
from forms_engine.meaning import hints, problems
from forms_engine.suggestions import closest
from foundation import strict_json

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

_SCHEMA = Path(__file__).with_name("definition.schema.json")


def load(raw: bytes | dict[str, Any]) -> dict[str, Any]:
    """A definition that is safe to compile. Raises DefinitionError with German sentences, each with its place."""
    definition = _strict(raw if isinstance(raw, bytes) else _bytes(raw))
    found = [_sentence(error) for error in _validator().iter_errors(definition)] or problems(definition)
    if found:
        raise DefinitionError(list(dict.fromkeys(found)))
    return definition


def warnings(definition: dict[str, Any]) -> list[str]:
    """What an author should look at although the definition is accepted."""
    return hints(definition)


# --- strict JSON -----------------------------------------------------------------------------------------------------


def _bytes(definition: dict[str, Any]) -> bytes:
    try:
        return json.dumps(definition, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError):
        raise DefinitionError(["Die Definition enthält Werte, die es in JSON nicht gibt."]) from None


def _strict(raw: bytes) -> dict[str, Any]:
    try:
        definition = strict_json.parse(raw)
    except strict_json.NotStrict as error:
        raise DefinitionError([error.sentence]) from None
    if not isinstance(definition, dict):
        raise DefinitionError(["Eine Definition ist ein JSON-Objekt, also von { } umschlossen."])
    _refuse_numbers(definition, "$")
    return definition


def _refuse_numbers(value: Any, place: str) -> None:
    """A definition counts in whole numbers; decimals are texts, so that no reader rounds them."""
    if isinstance(value, Decimal):
        raise DefinitionError([f'{place}: Schreiben Sie Kommazahlen als Text, zum Beispiel "{value}".'])
    if isinstance(value, int) and abs(value) >= 10**16:
        raise DefinitionError([f"{place}: Die Zahl {str(value)[:10]}… ist zu lang. Erlaubt sind 16 Ziffern."])
    if isinstance(value, dict):
        for key, below in value.items():
            _refuse_numbers(below, f"{place}.{key}")
    elif isinstance(value, list):
        for number, below in enumerate(value):
            _refuse_numbers(below, f"{place}[{number}]")


# --- schema ----------------------------------------------------------------------------------------------------------


@cache
def _validator() -> Draft202012Validator:
    # Its import takes a second and 27 MB where all its formats are installed; few processes read definitions.
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(_SCHEMA.read_text(encoding="utf-8")))


_TYPE_NAMES = {
    "object": "ein Objekt",
    "array": "eine Liste",
    "string": "ein Text",
    "integer": "eine ganze Zahl",
    "boolean": "true oder false",
}


def _sentence(error: ValidationError) -> str:
    return f"{error.json_path}: {_what(error)}"


def _what(error: ValidationError) -> str:
    instance, wanted = error.instance, error.validator_value
    match error.validator:
        case "additionalProperties":
            known = error.schema.get("properties", {})
            unknown = [key for key in instance if key not in known]
            return " ".join(f"Den Schlüssel „{key}“ gibt es hier nicht.{closest(key, known)}" for key in unknown)
        case "required":
            return " ".join(f"Der Schlüssel „{key}“ fehlt." for key in wanted if key not in instance)
        case "type":
            names = [wanted] if isinstance(wanted, str) else wanted
            return f"Hier steht {' oder '.join(_TYPE_NAMES.get(name, name) for name in names)}."
        case "enum":
            allowed = ", ".join(str(value) for value in wanted)
            like = closest(str(instance), map(str, wanted))
            return f"„{_short(instance)}“ gibt es hier nicht. Erlaubt: {allowed}.{like}"
        case "const":
            return f"Hier steht {json.dumps(wanted)}."
        case "pattern":
            return f"„{_short(instance)}“ passt nicht. {error.schema.get('description', f'Das Muster ist {wanted}.')}"
        case "minItems" | "minLength" | "minProperties":
            return "Hier fehlt etwas: Der Wert ist leer oder zu kurz."
        case "maxItems" | "maxLength" | "maxProperties":
            return f"Hier steht zu viel. Erlaubt sind {wanted}."
        case "minimum":
            return f"Die Zahl {instance} ist zu klein. Erlaubt sind mindestens {wanted}."
        case "maximum":
            return f"Die Zahl {instance} ist zu groß. Erlaubt sind höchstens {wanted}."
        case "not":
            return str(wanted["description"])
        case _:
            return f"„{_short(instance)}“ passt hier nicht."


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else text[:39] + "…"
