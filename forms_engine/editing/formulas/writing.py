"""The text of a formula that is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from forms_engine.editing.formulas.operands import Operands
from forms_engine.editing.formulas.signs import OPERATORS

Raw: TypeAlias = Any  # a formula as the definition holds it

_SIGNS = {operator: sign for sign, operator in OPERATORS.items()}
_WEAK = ("sum", "difference")


def written(raw: Raw, known: Operands) -> str:
    """How an author types this formula; `reading.formula_of` gives the same formula again."""
    return _written(raw, {next(iter(operand.raw.items())): operand.text for operand in known.usable})


def _written(raw: Raw, texts: Mapping[tuple[str, str], str]) -> str:
    raw = _unwrapped(raw)
    if not isinstance(raw, Mapping):
        return str(raw).replace(".", ",")
    ((operator, content),) = raw.items()
    if operator in ("answer", "count"):
        return texts.get((operator, content), content)
    parts = [_part(part, operator, place, texts) for place, part in enumerate(content)]
    return f" {_SIGNS[operator]} ".join(parts)


def _part(raw: Raw, around: str, place: int, texts: Mapping[tuple[str, str], str]) -> str:
    """In brackets where it would be read as something else without."""
    raw = _unwrapped(raw)
    text = _written(raw, texts)
    if not isinstance(raw, Mapping):
        return f"({text})" if place and text.startswith("-") else text
    (operator,) = raw
    if operator not in _SIGNS:
        return text
    binds_less = operator in _WEAK and around not in _WEAK
    same_level = (operator in _WEAK) == (around in _WEAK)
    return f"({text})" if binds_less or (same_level and (place > 0 or operator == around)) else text


def _unwrapped(raw: Raw) -> Raw:
    """The sum or product of one part is that part."""
    while isinstance(raw, Mapping):
        (content,) = raw.values()
        if not isinstance(content, list) or len(content) > 1:
            break
        (raw,) = content
    return raw
