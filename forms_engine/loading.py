"""Reading a definition from outside: strict JSON, then the schema, then its meaning."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forms_engine.errors import DefinitionError
from forms_engine.meaning import hints, problems
from forms_engine.suggestions import closest


if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError
LARGEST = 2_000_000
DEEPEST = 32
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
    if len(raw) > LARGEST:
        raise DefinitionError([f"Die Datei ist zu groß. Erlaubt sind {LARGEST // 1_000_000} MB."])
    if _depth(raw) > DEEPEST:
        raise DefinitionError([f"Die Definition ist zu tief verschachtelt. Erlaubt sind {DEEPEST} Ebenen."])
    try:
        definition = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_int=_short_int,
            parse_float=_refuse_float,
        )
    except UnicodeDecodeError:
        raise DefinitionError(["Die Datei ist nicht in UTF-8 geschrieben. Speichern Sie sie als UTF-8."]) from None
    except json.JSONDecodeError as error:
        raise DefinitionError(
            [f"Zeile {error.lineno}, Spalte {error.colno}: Das ist kein JSON. Prüfen Sie Kommas und Klammern."]
        ) from None
    if not isinstance(definition, dict):
        raise DefinitionError(["Eine Definition ist ein JSON-Objekt, also von { } umschlossen."])
    _refuse_unstorable(definition, "$")
    return definition


def _depth(raw: bytes) -> int:
    """How deep the brackets go, without parsing: a parser may give up before it can tell."""
    depth = deepest = 0
    in_string = escaped = False
    # Its import takes a second and 27 MB where all its formats are installed; few processes read definitions.
    from jsonschema import Draft202012Validator

    for byte in raw:
        if in_string:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                in_string = False
        elif byte == 0x22:
            in_string = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise DefinitionError([f"Der Schlüssel „{key}“ steht zweimal im selben Objekt. Löschen Sie einen davon."])
        result[key] = value
    return result


def _refuse_constant(name: str) -> Any:
    raise DefinitionError([f"„{name}“ gibt es in JSON nicht. Schreiben Sie eine Zahl oder null."])


def _short_int(digits: str) -> int:
    if len(digits) > 16:
        raise DefinitionError([f"Die Zahl {digits[:10]}… ist zu lang. Erlaubt sind 16 Ziffern."])
    return int(digits)


def _refuse_float(digits: str) -> Any:
    raise DefinitionError([f'Schreiben Sie Kommazahlen als Text, zum Beispiel "{digits[:20]}".'])


def _refuse_unstorable(value: Any, place: str) -> None:
    if isinstance(value, str):
        if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value):
            raise DefinitionError(
                [f"{place}: Der Text enthält ein Zeichen, das sich nicht speichern lässt. Löschen Sie es."]
            )
    elif isinstance(value, dict):
        for key, below in value.items():
            _refuse_unstorable(key, place)
            _refuse_unstorable(below, f"{place}.{key}")
    elif isinstance(value, list):
        for number, below in enumerate(value):
            _refuse_unstorable(below, f"{place}[{number}]")


# --- schema ----------------------------------------------------------------------------------------------------------


@cache
def _validator() -> Draft202012Validator:
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
        case "minimum" | "maximum":
            return f"Die Zahl {instance} liegt außerhalb des Erlaubten ({wanted})."
        case "not":
            return str(wanted["description"])
        case _:
            return f"„{_short(instance)}“ passt hier nicht."


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else text[:39] + "…"
