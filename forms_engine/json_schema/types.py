"""One question as JSON Schema: what its type keeps, within the limits that JSON Schema can say.

Least and greatest day, amounts and check digits cannot be said: those answers are texts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from forms_engine.characters import pattern_of
from forms_engine.field_types.countries import Country
from forms_engine.json_schema.patterns import portable
from forms_engine.structure import Calculated, Field

Schema: TypeAlias = dict[str, Any]

_MONTH, _DAY = "(0[1-9]|1[0-2])", "(0[1-9]|[12][0-9]|3[01])"
_DATE = f"[0-9]{{4}}-{_MONTH}-{_DAY}"
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]"
_POSTAL_CODE = "(0[1-9]|[1-9][0-9])[0-9]{3}"
_PATTERNS = {
    "partial_date": f"[0-9]{{4}}(-{_MONTH}(-{_DAY})?)?",
    "time": _TIME,
    "datetime": f"{_DATE}T{_TIME}",
    "phone": "[+]?[0-9][0-9 ()/.-]*",
    "postal_code": _POSTAL_CODE,
    "iban": "[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}",
    "bic": "[A-Z0-9]{8}([A-Z0-9]{3})?",
    "tax_id": "[0-9]{11}",
    "licence_plate": "[A-ZÄÖÜ]{1,3}-([A-Z]{1,2} [1-9][0-9]{0,3}[EH]?|[1-9][0-9]{0,5})",
}


def answer_schema(field: Field) -> Schema:
    """What a valid answer to this question looks like."""
    schema = _SHAPES.get(field.type.name, _text_shape)(field)
    schema["title"] = field.label("de")
    if field.hint:
        schema["description"] = field.hint("de")
    return schema


def shared_schemas(fields: Iterable[Field]) -> dict[str, Schema]:
    """What several questions have in common, by the names under which their schemas refer to it (`$defs`)."""
    shared: dict[str, Schema] = {}
    for field in fields:
        if isinstance(field.type, Country):
            shared[field.type.name] = {"enum": sorted(field.type.names("de"))}
        elif field.type.name in ("text", "multiline"):
            shared[_letters(field)] = {"pattern": pattern_of(field.charset)}
    return shared


def _letters(field: Field) -> str:
    return f"letters_{field.charset}"


def result_schema(item: Calculated) -> Schema:
    """A number that the form reckons: a text with a point, as amounts are."""
    return _matching(_number(item.decimals)) | {"title": item.text("de")}


def _matching(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^({pattern})$"}


def _number(decimals: int) -> str:
    return "-?[0-9]+" + (rf"[.][0-9]{{{decimals}}}" if decimals else "")


def _text_shape(field: Field) -> Schema:
    return _matching(_PATTERNS[field.type.name])


def _words(field: Field) -> Schema:
    schema: Schema = {
        "type": "string",
        "minLength": max(field.limits.get("min_length", 1), 1),
        "maxLength": field.limits["max_length"],
        "$ref": f"#/$defs/{_letters(field)}",
    }
    if field.pattern is not None and (own := portable(field.pattern.pattern)):
        schema["pattern"] = own
    return schema


def _whole(field: Field) -> Schema:
    bounds = (("minimum", "min"), ("maximum", "max"))
    return {"type": "integer"} | {name: field.limits[key] for name, key in bounds if key in field.limits}


def _decimal(field: Field) -> Schema:
    return _matching(_number(field.type.decimals(field)))  # type: ignore[attr-defined]  # both of these types have it


def _state(field: Field) -> Schema:
    return {"$ref": f"#/$defs/{field.type.name}"}


def _one_of(field: Field) -> Schema:
    # A list that is followed changes without a new version of the form.
    listed = field.options and not field.follows
    return {"enum": [option.value for option in field.options]} if listed else {"type": "string"}


def _several_of(field: Field) -> Schema:
    least = max(field.limits.get("min", 1), 1)
    most = {"maxItems": field.limits["max"]} if "max" in field.limits else {}
    return {"type": "array", "items": _one_of(field), "uniqueItems": True, "minItems": least} | most


def _files(field: Field) -> Schema:
    ids = {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": field.limits["max_files"]}
    return _closed({"_files": ids})


def _closed(properties: dict[str, Schema]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _filled(*parts: str) -> Schema:
    return {"properties": {part: {"minLength": 1} for part in parts}}


def _person_name(field: Field) -> Schema:
    name = {"type": "string", "maxLength": 120}
    schema = _closed({"given_name": {**name, "maxLength": 80}, "family_name": name, "one_name": {"type": "boolean"}})
    one, other = _filled("given_name"), _filled("family_name")
    only = {"properties": {"one_name": {"const": True}}}
    return schema | {"if": only, "then": {"oneOf": [one, other]}, "else": {"allOf": [one, other]}}


def _register_entry(field: Field) -> Schema:
    return _closed({part: {"type": "string", "minLength": 1} for part in ("court", "number")})


def _address(field: Field) -> Schema:
    lengths = {"street": 55, "house_number": 11, "city": 50} | ({"care_of": 50} if field.limits.get("care_of") else {})
    parts: dict[str, Schema] = {part: {"type": "string", "maxLength": most} for part, most in lengths.items()}
    parts["city"]["minLength"] = 1
    parts["postal_code"] = {"type": "string", "pattern": f"^({_POSTAL_CODE})?$"}
    housed = _filled("street", "house_number", "postal_code")
    if not field.limits.get("no_fixed_abode"):
        return _closed(parts) | {"allOf": [housed]}
    homeless = {"properties": {"no_fixed_abode": {"const": True}}}
    return _closed(parts | {"no_fixed_abode": {"type": "boolean"}}) | {"if": homeless, "else": housed}


_SHAPES = {
    "text": _words,
    "multiline": _words,
    "number": _whole,
    "decimal": _decimal,
    "currency": _decimal,
    "date": lambda field: _matching(_DATE) | {"format": "date"},
    "yes_no": lambda field: {"type": "boolean"},
    "consent": lambda field: {"const": True},
    "choice": _one_of,
    "choices": _several_of,
    "country": _state,
    "nationality": _state,
    "email": lambda field: {"type": "string", "format": "email", "pattern": "^.+@[^@]+$", "maxLength": 254},
    "file": _files,
    "person_name": _person_name,
    "register_entry": _register_entry,
    "address": _address,
}
