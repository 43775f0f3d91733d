"""From XML to a schema, for XDatenfelder 2.0 and 3.0. What a form does not need is passed over."""

from __future__ import annotations

import re

from forms_engine.errors import DefinitionError
from forms_engine.xdatenfelder import precision
from forms_engine.xdatenfelder.elements import Element
from forms_engine.xdatenfelder.schema import DataField, FieldGroup, Limits, ListReference, Position, Rule, Schema, Value

_NAMESPACE = "urn:xoev-de:fim:standard:xdatenfelder_"
_KNOWN = (f"{_NAMESPACE}2", f"{_NAMESPACE}3.0.0")
_SCHEMA = "xdatenfelder.stammdatenschema.0102"
_COUNT = re.compile(r"(\d{1,6}):(\*|\d{1,6})")
_CHOICE_GROUP = "X"


def is_xdatenfelder(root: Element) -> bool:
    return root.name.startswith("xdatenfelder.")


def read_schema(root: Element) -> Schema:
    """The schema of a message 0102. Raises DefinitionError with German sentences."""
    if root.namespace not in _KNOWN:
        raise DefinitionError(
            [f"„{root.namespace}“ ist kein bekannter Namensraum. Lesbar sind XDatenfelder 2.0 und 3.0."]
        )
    if root.name != _SCHEMA:
        what = root.name.split(".")[1]
        raise DefinitionError([f"Die Datei enthält „{what}“ und kein Stammdatenschema. Daraus wird kein Formular."])
    element = root.one("stammdatenschema")
    if element is None:
        raise DefinitionError(["Das Stammdatenschema fehlt in der Datei."])
    schema_id, version = _identity(element)
    schema = Schema(
        id=schema_id,
        version=version,
        name=_words(element, "name"),
        label=_words(element, "bezeichnung", "bezeichnungEingabe", "name") or schema_id,
        help=_words(element, "hilfetext"),
        positions=_positions(element, schema_id),
        rules=_rules(element),
    )
    if not schema.positions:
        raise DefinitionError([f"Das Schema {schema_id} hat keine Felder. Daraus wird kein Formular."])
    return schema


def _identity(element: Element) -> tuple[str, str]:
    identity = element.one("identifikation")
    name = identity.said("id") if identity else ""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]{0,59}", name):
        raise DefinitionError([f"In „{element.name}“ fehlt die Kennung, oder „{name[:40]}“ ist keine."])
    return name, identity.said("version") if identity else ""


def _words(element: Element, *names: str) -> str:
    """The first of these texts that says something, in one line of blanks each."""
    for name in names:
        if text := element.said(name):
            return "\n".join(" ".join(line.split()) for line in text.splitlines()).strip()
    return ""


def _positions(element: Element, inside: str) -> tuple[Position, ...]:
    return tuple(_position(structure, inside) for structure in element.all("struktur") if structure.children)


def _position(structure: Element, inside: str) -> Position:
    told = structure.said("anzahl")
    count = _COUNT.fullmatch(told)
    contained = structure.one("enthaelt")
    if count is None or contained is None or len(contained.children) != 1:
        raise DefinitionError([f"{inside}: Eine Struktur ist unvollständig (Anzahl „{told[:20]}“)."])
    (child,) = contained.children
    least, most = int(count[1]), None if count[2] == "*" else int(count[2])
    if most is not None and (most < least or most == 0):
        raise DefinitionError([f"{inside}: Die Anzahl „{told}“ lässt nichts zu."])
    if child.name == "datenfeld":
        return Position(least, most, _field(child))
    if child.name == "datenfeldgruppe":
        return Position(least, most, _group(child))
    raise DefinitionError([f"{inside}: „{child.name}“ ist weder Feld noch Gruppe."])


def _group(element: Element) -> FieldGroup:
    group_id, version = _identity(element)
    return FieldGroup(
        id=group_id,
        version=version,
        name=_words(element, "name"),
        label=_words(element, "bezeichnungEingabe", "name") or group_id,
        help=_words(element, "hilfetextEingabe"),
        is_choice=element.code("art") == _CHOICE_GROUP,
        positions=_positions(element, group_id),
        rules=_rules(element),
    )


def _field(element: Element) -> DataField:
    field_id, version = _identity(element)
    return DataField(
        id=field_id,
        version=version,
        name=_words(element, "name"),
        label=_words(element, "bezeichnungEingabe", "name") or field_id,
        help=_words(element, "hilfetextEingabe"),
        kind=element.code("feldart"),
        data_type=element.code("datentyp"),
        limits=_limits(element),
        content=element.said("inhalt"),
        prefill=element.code("vorbefuellung") or "keine",
        values=_values(element),
        code_list=_code_list(element),
        max_size=int(size) if (size := element.said("maxSize")).isdecimal() else None,
        media_types=tuple(child.text.strip().lower() for child in element.all("mediaType")),
        rules=_rules(element),
    )


def _limits(element: Element) -> Limits:
    told = element.one("praezisierung")
    return precision.read(told.attributes, told.text) if told else Limits()


def _values(element: Element) -> tuple[Value, ...]:
    values = element.one("werte")
    return tuple(map(_value, values.all("wert"))) if values else ()


def _value(element: Element) -> Value:
    code = element.said("code")
    # Help of an answer is one line: the designer has a line for each.
    return Value(code, _words(element, "name") or code, " ".join(element.said("hilfe").split()))


def _code_list(element: Element) -> ListReference | None:
    reference = element.one("codelisteReferenz")
    if reference is None:
        return None
    told = reference.one("genericodeIdentification") or reference
    uri, version = told.said("canonicalIdentification"), told.said("version")
    whole = told.said("canonicalVersionUri")
    if not uri and whole:
        uri, _, version = whole.rpartition("_") if "_" in whole else (whole, "", version)
    return ListReference(
        " ".join(uri.split()), " ".join(version.split()), element.said("codeKey"), element.said("nameKey")
    )


def _rules(element: Element) -> tuple[Rule, ...]:
    return tuple(
        Rule(_identity(rule)[0], _words(rule, "name"), _words(rule, "freitextRegel", "definition", "beschreibung"))
        for rule in element.all("regel")
    )
