"""The one gate for JSON from outside: what it lets through can be stored, and means one thing only.

Python's reader accepts NaN, lone surrogates and keys that stand twice, of which the last wins without a word;
deep nesting and numbers of thousands of digits make it fail instead of refusing.
"""

import json
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

LARGEST = 2_000_000
DEEPEST = 32
MOST_DIGITS = 40
#: What other programs can still read as a number (IEEE 754, double precision).
MOST_PLACES = 300


class NotStrict(ValueError):
    """The text is refused; `sentence` says in German what, where and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__("The text is not strict JSON.")
        self.sentence = sentence


def parse(
    raw: bytes, *, largest: int = LARGEST, deepest: int = DEEPEST, fraction: Callable[[str], Any] = Decimal
) -> Any:
    """The value that UTF-8 text holds (RFC 8259); `fraction` makes numbers of its fractions. Raises NotStrict."""
    if len(raw) > largest:
        raise NotStrict(f"Die Datei ist zu groß. Erlaubt sind {largest // 1_000_000} MB.")
    # What has no more brackets than that cannot be deeper, and counting them is quick.
    if raw.count(b"[") + raw.count(b"{") > deepest and _depth(raw) > deepest:
        raise NotStrict(f"Der Inhalt ist zu tief verschachtelt. Erlaubt sind {deepest} Ebenen.")
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_int=_whole,
            parse_float=partial(_fraction, fraction),
        )
    except UnicodeDecodeError:
        raise NotStrict("Die Datei ist nicht in UTF-8 geschrieben. Speichern Sie sie als UTF-8.") from None
    except json.JSONDecodeError as error:
        raise NotStrict(
            f"Zeile {error.lineno}, Spalte {error.colno}: Das ist kein JSON. Prüfen Sie Kommas und Klammern."
        ) from None
    _refuse_unstorable(value, "$")
    return value


def _depth(raw: bytes) -> int:
    """How deep the brackets go, without parsing: a parser may give up before it can tell."""
    depth = deepest = 0
    in_string = escaped = False
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
            raise NotStrict(f"Der Schlüssel „{key[:80]}“ steht zweimal im selben Objekt. Löschen Sie einen davon.")
        result[key] = value
    return result


def _refuse_constant(name: str) -> Any:
    raise NotStrict(f"„{name}“ gibt es in JSON nicht. Schreiben Sie eine Zahl oder null.")


def _whole(digits: str) -> int:
    _refuse_long(digits)
    return int(digits)


def _fraction(made: Callable[[str], Any], digits: str) -> Any:
    _refuse_long(digits)
    number = Decimal(digits)
    if abs(number.adjusted()) > MOST_PLACES:
        raise NotStrict(f"Die Zahl {digits} ist zu groß oder zu klein. Erlaubt sind {MOST_PLACES} Stellen.")
    return made(digits)


def _refuse_long(digits: str) -> None:
    if len(digits) > MOST_DIGITS:
        raise NotStrict(f"Die Zahl {digits[:10]}… ist zu lang. Erlaubt sind {MOST_DIGITS} Ziffern.")


def _refuse_unstorable(value: Any, place: str) -> None:
    if isinstance(value, str):
        if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value):
            raise NotStrict(f"{place}: Der Text enthält ein Zeichen, das sich nicht speichern lässt. Löschen Sie es.")
    elif isinstance(value, dict):
        for key, below in value.items():
            _refuse_unstorable(key, place)
            _refuse_unstorable(below, f"{place}.{key}")
    elif isinstance(value, list):
        for number, below in enumerate(value):
            _refuse_unstorable(below, f"{place}[{number}]")
