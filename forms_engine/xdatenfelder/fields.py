"""One data field as a question of the definition format."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, TypeAlias

from forms_engine.field_types.choices import MANY
from forms_engine.xdatenfelder.code_lists import CodeList
from forms_engine.xdatenfelder.harmonised import meaning, meaning_of_line, meaning_of_list
from forms_engine.xdatenfelder.schema import DataField, ListReference, Value

Item: TypeAlias = dict[str, Any]
Lists: TypeAlias = Callable[[ListReference], CodeList | None]
Warn: TypeAlias = Callable[[str], None]

LONGEST_TEXT = 4000
MOST = 50  # what "*" means to a page
_MOST_FILES = 20
_MOST_OPTIONS = 1000
_LONGEST = {"text": 5000, "multiline": 20000}
_PLAIN = {
    "bool": "yes_no",
    "num_int": "number",
    "num": "decimal",
    "num_currency": "currency",
    "date": "date",
    "time": "time",
    "datetime": "datetime",
    "file": "file",
    "obj": "file",
}
_BORN = re.compile(r"Geburtsdatum|Geburtstag|Geboren am", re.IGNORECASE)
_MEDIA = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/jpg": "jpg", "image/png": "png"}
_LOCKABLE = ("text", "email", "phone", "postal_code", "number")
TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")


def text(german: str) -> dict[str, str]:
    return {"de": german if len(german) <= LONGEST_TEXT else german[: LONGEST_TEXT - 1] + "…"}


def question(field: DataField, lists: Lists, warn: Warn) -> Item | None:
    """The question (or static text) for a field, without key and count; None if nobody is asked."""
    content = TAG.sub("", field.content).strip()
    if field.kind == "hidden":
        fixed = f"Der feste Wert „{content[:120]}“ geht nicht mit: Braucht Ihr Fachverfahren ihn, setzen Sie ihn dort."
        todo = fixed if content else "Sie müssen nichts tun."
        warn(f"Das Schema sieht es nur für Programme vor. Niemand wird danach gefragt. {todo}")
        return None
    if field.kind == "label":
        return {"type": "static", "text": text(content or field.help or field.label)}
    item: Item = {"type": "text", "label": text(field.label)}
    if field.help:
        item["hint"] = text(field.help)
    if field.data_type == "bool":
        item["type"] = "yes_no"
    elif field.kind == "select":
        item |= {"type": "choice"} | _offered(field, lists, warn) | _known_choice(field)
    else:
        _asked(field, item, warn)
    if field.kind == "locked":
        _lock(item, warn)
    if field.prefill == "verpflichtend" and "prefill" not in item:
        warn("Die Antwort soll aus dem Konto kommen, das sie nicht kennt. Sagen Sie in der Hilfe, wo man sie findet.")
    if content:
        warn(
            f"Das Schema gibt die Antwort „{content[:120]}“ vor. Das Portal trägt nur ein, was die Person selbst "
            "gesagt hat. Ist es ein Beispiel, schreiben Sie es in die Hilfe."
        )
    if field.limits.note:
        warn(
            f"Das Schema beschreibt die Antwort in Worten: „{field.limits.note[:120]}“. Das prüft niemand. "
            "Schreiben Sie es in die Hilfe, oder setzen Sie am Feld eine Grenze."
        )
    return item


def _known_choice(field: DataField) -> Item:
    known = meaning(field.id)
    if known.get("type") == "choice":
        return {"prefill": known["prefill"]}
    key = meaning_of_list(field.code_list.uri if field.code_list else field.label)
    return {"prefill": key} if key else {}


def _lock(item: Item, warn: Warn) -> None:
    if "prefill" in item and item["type"] in _LOCKABLE:
        item["locked"] = True
    else:
        warn(
            "Das Schema lässt die Antwort nicht ändern, und das Konto kennt sie nicht. Die Person füllt sie hier aus; "
            "sagen Sie in der Hilfe, wo man sie findet."
        )


def _asked(field: DataField, item: Item, warn: Warn) -> None:
    item["type"] = _PLAIN.get(field.data_type, "text")
    known = meaning_of_line(field.id, field.label)
    if known.get("type") == "choice":
        known = {}  # typed here: the words of the account need not be those that the schema wants
    if field.data_type in ("text", "text_latin") or item["type"] == known.get("type"):
        item["type"] = known.get("type", item["type"])
        item |= {key: known[key] for key in ("prefill", "role") if key in known}
    if field.data_type not in (*_PLAIN, "text", "text_latin"):
        warn(f"Die Art „{field.data_type}“ gibt es nicht. Gefragt wird nach Text; passt das nicht, wählen Sie anders.")
    match item["type"]:
        case "text":
            _line(field, item, warn)
        case "number":
            item |= _range(
                field, lambda value, up: int(Decimal(value).to_integral_value(ROUND_CEILING if up else ROUND_FLOOR))
            )
        case "decimal" | "currency":
            item |= _range(field, lambda value, up: value)
        case "date":
            if _BORN.fullmatch(field.label.strip(" .:*")):
                item |= {"type": "partial_date", "prefill": "birth_date"}  # not everybody knows the day
            item |= {
                key: value
                for key, value in (("min", field.limits.min_value), ("max", field.limits.max_value))
                if value and len(value.split("-")) == 3
            }
        case "file":
            _upload(field, item, warn)


def _line(field: DataField, item: Item, warn: Warn) -> None:
    limits, known = field.limits, meaning_of_line(field.id, field.label)
    if (limits.max_length or 0) > 255 and limits.pattern is None and not known:
        item["type"] = "multiline"
    item["charset"] = known.get("charset", "C")
    longest = _LONGEST[item["type"]]
    if limits.max_length:
        item["max_length"] = min(limits.max_length, longest)
        if limits.max_length > longest:
            warn(
                f"Statt {limits.max_length} sind hier höchstens {longest} Zeichen möglich. Reicht Ihnen das nicht, "
                "lassen Sie eine Datei anhängen."
            )
    if limits.min_length:
        item["min_length"] = min(limits.min_length, item.get("max_length", longest))
    if limits.pattern:
        message = f"Prüfen Sie die Schreibweise: {field.label.rstrip('.?:*')}."
        item["pattern"] = {"re": limits.pattern, "message": text(message)}


def _range(field: DataField, fitted: Callable[[str, bool], Any]) -> Item:
    told = (("min", field.limits.min_value, True), ("max", field.limits.max_value, False))
    return {key: fitted(value, up) for key, value, up in told if value and "-" not in value[1:]}


def _upload(field: DataField, item: Item, warn: Warn) -> None:
    accepted = list(dict.fromkeys(_MEDIA[kind] for kind in field.media_types if kind in _MEDIA))
    item["accept"] = accepted or ["pdf", "jpg", "png"]
    strange = [kind for kind in field.media_types if kind not in _MEDIA]
    if strange:
        warn(
            f"Dateien der Art {', '.join(strange)} nimmt das Portal nicht an, nur {', '.join(item['accept'])}. "
            "Sagen Sie in der Hilfe, wie man sie umwandelt."
        )
    item["max_size_mb"] = min(max((field.max_size or 10_000_000) // 1_000_000, 1), 50)
    item["max_files"] = 1
    if field.data_type == "obj":
        warn("Das Schema sagt nicht, wie die Antwort aussieht. Gefragt wird nach einer Datei; sagen Sie dort, welcher.")


def _offered(field: DataField, lists: Lists, warn: Warn) -> Item:
    if field.values:
        return {"options": as_options(field.values, warn)}
    reference = field.code_list
    if reference is None or not reference.uri:
        warn("Das Schema nennt keine Antworten und keine Codeliste. Ergänzen Sie die Antworten.")
        return {"code_list": {"uri": f"fehlt:{field.id}", "version": ""}}
    found = lists(reference)
    if found is None or not 0 < len(found.rows) <= _MOST_OPTIONS:
        return {"code_list": {"uri": reference.uri, "version": reference.version}}
    if reference.version not in ("", found.version):
        warn(
            f"Die Codeliste {reference.uri} liegt in Version {found.version} vor, das Schema nennt "
            f"{reference.version}. Prüfen Sie, ob die Antworten noch stimmen."
        )
    return {
        "code_list": {"uri": found.uri, "version": found.version},
        "options": as_options(found.options(reference), warn),
    }


def as_options(values: Iterable[Value], warn: Warn) -> list[Item]:
    options: dict[str, Item] = {}
    for offered in values:
        value = re.sub(r"[^A-Za-z0-9_.-]", "_", offered.code)[:60]
        if value != offered.code or value in options:
            warn(
                f"Der Schlüssel „{offered.code[:60]}“ einer Antwort ist doppelt oder enthält andere Zeichen als "
                "Buchstaben, Ziffern, Punkt und Striche. Er wurde geändert oder weggelassen: Sehen Sie die Antworten "
                "durch."
            )
        if value:
            hint = {"hint": text(offered.help)} if offered.help else {}
            options.setdefault(value, {"value": value, "label": text(offered.name)} | hint)
    return list(options.values())


def counted(item: Item, least: int, most: int | None) -> Item:
    """The question so many times: several files and choices are one question, others a repeated block."""
    kind, many = item["type"], most is None or most > 1
    if kind == "static":
        return item
    if least == 0:
        item["required"] = False
    if not many:
        return item
    if kind == "file":
        return item | {"max_files": min(most or _MOST_FILES, _MOST_FILES)}
    if kind == "choice" and len(item.get("options", ())) <= MANY:
        bounds = {"min": least} if least > 1 else {}
        several = {name: value for name, value in item.items() if name != "prefill"}
        return several | {"type": "choices"} | bounds | ({"max": most} if most else {})
    single = {key: value for key, value in item.items() if key not in ("prefill", "role", "required", "locked")}
    return {
        "type": "group",
        "title": item["label"],
        "repeat": repeat(least, most, item["label"]),
        "items": [single | {"key": item["key"]}],
    } | {"key": item["key"]}


def repeat(least: int, most: int | None, title: dict[str, str]) -> Item:
    return {
        "min": min(least, MOST),
        "max": min(most or MOST, MOST),
        "instance": title,
        "add": {"de": "Weitere Angabe hinzufügen", "en": "Add another"},
    }
