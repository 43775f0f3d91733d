"""`praezisierung`: attributes in 3.0, JSON with texts in 2.0 - and prose, bare numbers and ranges in real files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import re2

from forms_engine.xdatenfelder.schema import Limits
from foundation import strict_json

_RANGE = re.compile(r"(-?\d+)\s*\.\.\s*(-?\d+)")
_PROSE = re.compile(r"[\w\s.,:;()/„“\"'-]*\w{4,}[\w\s.,:;()/„“\"'-]*")
_META = re.compile(r"[\[\]{}*+?|\\^$]")


def read(attributes: Mapping[str, str], text: str) -> Limits:
    """The limits of a field: from the attributes (3.0), else from the text (2.0)."""
    if attributes:
        return _of(attributes)
    text = text.strip()
    if not text:
        return Limits()
    try:
        told = strict_json.parse(text.encode())
    except strict_json.NotStrict:
        told = None
    if isinstance(told, dict):
        return _of({key: str(value) for key, value in told.items() if value is not None})
    if text.isascii() and text.isdigit():
        return Limits(max_length=int(text[:9]))
    if found := _RANGE.fullmatch(text):
        return Limits(min_value=found[1], max_value=found[2])
    return Limits(note=text)


def _of(told: Mapping[str, Any]) -> Limits:
    pattern, notes = told.get("pattern", "").strip(), [told.get("note", "").strip()]
    if pattern and not _is_pattern(pattern):
        notes.append(pattern)
        pattern = ""
    for key in ("minValue", "maxValue"):
        if told.get(key) and _value(told[key]) is None:
            notes.append(f"{key} {told[key]}")
    return Limits(
        min_length=_length(told.get("minLength")),
        max_length=_length(told.get("maxLength")),
        min_value=_value(told.get("minValue")),
        max_value=_value(told.get("maxValue")),
        pattern=pattern or None,
        note="; ".join(note for note in notes if note) or None,
    )


def _length(text: str | None) -> int | None:
    number = _value(text)
    return int(Decimal(number)) if number is not None and "-" not in number else None


def _value(text: str | None) -> str | None:
    """A number or an ISO date, as it is written; None for anything else."""
    text = (text or "").strip().replace(",", ".")
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return f"{number:f}" if number.is_finite() and abs(number) < 10**15 else None


def _is_pattern(pattern: str) -> bool:
    """Is it a pattern that runs in linear time, and not a word to the reader such as "Mehrfachauswahl"?"""
    if not _META.search(pattern) and _PROSE.fullmatch(pattern):
        return False
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error:
        return False
    return len(pattern) <= 1000
