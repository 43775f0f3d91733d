"""Conditions as JSON Schema, as far as JSON Schema can say them.

A condition is true, false or unknown, so there are two schemas for it: one that holds exactly when it is true, one
exactly when it is false. What is submitted holds no hidden answers; so the schemas read it as the form read the draft.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeAlias

from forms_engine.conditions import Answer, Condition, Literal
from forms_engine.structure import CompiledForm, Field, Path

Schema: TypeAlias = dict[str, Any]

# Types whose answer is one JSON value that a literal can equal.
_PLAIN = frozenset(
    (
        *(
            "text",
            "multiline",
            "number",
            "decimal",
            "currency",
            "date",
            "time",
            "datetime",
            "yes_no",
            "choice",
            "email",
        ),
        *("consent", "phone", "postal_code", "country", "nationality", "iban", "tax_id", "bic", "licence_plate"),
    )
)
_BOUNDS = {  # operator: the bound that makes it true, the one that makes it false
    "less_than": ("exclusiveMaximum", "minimum"),
    "less_or_equal": ("maximum", "exclusiveMinimum"),
    "greater_than": ("exclusiveMinimum", "maximum"),
    "greater_or_equal": ("minimum", "exclusiveMaximum"),
}
_TURNED = {
    "less_than": "greater_than",
    "less_or_equal": "greater_or_equal",
    "greater_than": "less_than",
    "greater_or_equal": "less_or_equal",
}


class NotSaid(Exception):
    """JSON Schema has no words for this condition."""


def anchor(condition: Condition) -> int:
    """How many instances the condition is bound to; 0 stands for the whole form. NotSaid if it is both."""
    found = {anchor(part) for part in condition.parts}
    found |= {operand.bound for operand in condition.operands if not isinstance(operand, Literal)}
    if len(found) > 1:
        raise NotSaid
    return found.pop() if found else 0


def conjuncts(condition: Condition) -> list[Condition]:
    """The parts that all have to be true; the condition itself where it is no *and*."""
    if condition.operator != "and":
        return [condition]
    return [found for part in condition.parts for found in conjuncts(part)]


def when_true(form: CompiledForm, condition: Condition) -> Schema:
    """A schema of what the condition is anchored at: it holds where the condition is true. Raises NotSaid."""
    return _Said(form).schema(condition, wanted=True)


def when_false(form: CompiledForm, condition: Condition) -> Schema:
    """The same for where it is false; both fail where it is unknown."""
    return _Said(form).schema(condition, wanted=False)


class _Said:
    def __init__(self, form: CompiledForm) -> None:
        self.form = form

    def schema(self, condition: Condition, *, wanted: bool) -> Schema:
        match condition.operator:
            case "and" | "or":
                parts = [self.schema(part, wanted=wanted) for part in condition.parts]
                return {"allOf" if (condition.operator == "and") is wanted else "anyOf": parts}
            case "not":
                return self.schema(condition.parts[0], wanted=not wanted)
            case "xor":
                return self._exactly_one(condition, wanted=wanted)
            case "is_empty":
                return self._empty(condition, wanted=wanted)
            case _:
                return self._compared(condition, wanted=wanted)

    def _exactly_one(self, condition: Condition, *, wanted: bool) -> Schema:
        true = [self.schema(part, wanted=True) for part in condition.parts]
        false = [self.schema(part, wanted=False) for part in condition.parts]
        known = [{"anyOf": list(both)} for both in zip(true, false, strict=True)]
        one: Schema = {"oneOf": true}
        return {"allOf": [*known, one if wanted else {"not": one}]}

    def _empty(self, condition: Condition, *, wanted: bool) -> Schema:
        (operand,) = condition.operands
        if not isinstance(operand, Answer):
            raise NotSaid
        answered = self._at(operand, {}, every=False)
        return {"not": answered} if wanted else answered

    def _compared(self, condition: Condition, *, wanted: bool) -> Schema:
        if len(condition.operands) != 2:
            raise NotSaid
        (left, right), operator = condition.operands, condition.operator
        if isinstance(left, Literal) and isinstance(right, Answer) and operator != "in":
            left, right, operator = right, left, _TURNED.get(operator, operator)
        if operator == "in" and isinstance(left, Literal) and isinstance(right, Answer):
            return self._chosen(left, right, wanted=wanted)
        if not isinstance(left, Answer) or not isinstance(right, Literal):
            raise NotSaid
        field = self._question(left)
        return self._at(left, self._test(field, operator, right.value, wanted=wanted), every=not wanted)

    def _chosen(self, literal: Literal, operand: Answer, *, wanted: bool) -> Schema:
        if self._question(operand).type.name != "choices" or isinstance(literal.value, tuple):
            raise NotSaid
        holds: Schema = {"contains": {"const": literal.value}}
        return self._at(operand, holds if wanted else {"not": holds}, every=not wanted)

    def _question(self, operand: Answer) -> Field:
        node = self.form.nodes[operand.declared.path]
        if not isinstance(node, Field):
            raise NotSaid
        return node

    def _test(self, field: Field, operator: str, value: Any, *, wanted: bool) -> Schema:
        if field.type.name not in _PLAIN:
            raise NotSaid
        if operator in ("equal", "not_equal"):
            same: Schema = {"const": _json(field, value)}
            return same if (operator == "equal") is wanted else {"not": same}
        if operator == "in" and isinstance(value, tuple):
            among: Schema = {"enum": [_json(field, each) for each in value]}
            return among if wanted else {"not": among}
        if operator in _BOUNDS and field.type.name == "number":
            return {_BOUNDS[operator][0 if wanted else 1]: _json(field, value)}
        raise NotSaid

    def _at(self, operand: Answer, test: Schema, *, every: bool) -> Schema:
        """The test at the answer; where its way leads through lists, one of them passes (or, if `every`, all)."""
        declared = operand.declared
        depths = [sum(declared.repeated[: number + 1]) for number in range(len(declared.path))]
        start = depths.index(operand.bound) + 1 if operand.bound else 0
        steps: Path = declared.path[start:]
        many = declared.repeated[start:]
        schema = test
        for key, repeated in reversed(list(zip(steps, many, strict=True))):
            if repeated:
                schema = {"items": schema, "minItems": 1} if every else {"contains": schema}
            schema = {"properties": {key: schema}, "required": [key]}
        return schema


def _json(field: Field, value: Any) -> Any:
    """A literal as the answers hold it; NotSaid if it can be no answer there."""
    if isinstance(value, Decimal):
        return _number(field, value)
    converted = next((write(value) for kind, write in _WRITTEN if isinstance(value, kind)), value)
    if not isinstance(converted, str | bool | int):
        raise NotSaid
    return converted


def _number(field: Field, value: Decimal) -> Any:
    if field.type.name == "number":
        return int(value) if value == int(value) else float(value)
    places = field.type.decimals(field)  # type: ignore[attr-defined]  # only numbers have literals of this kind
    if value != round(value, places):
        raise NotSaid
    return f"{value:.{places}f}"


_WRITTEN: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (datetime, lambda value: f"{value:%Y-%m-%dT%H:%M}"),
    (date, lambda value: value.isoformat()),
    (time, lambda value: f"{value:%H:%M}"),
)
