"""What a form reckons from its answers: sums, differences, products, quotients; exact, and unknown while a part is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import reduce
from operator import mul
from typing import TYPE_CHECKING, Any, TypeAlias

from forms_engine.conditions import Answer, Count, Surroundings, compile_operand
from forms_engine.errors import ConditionError
from forms_engine.field_types.numbers import Decimals, german
from forms_engine.structure import Calculated, Declared, Path, Where

if TYPE_CHECKING:
    from forms_engine.reading import Reading

Known: TypeAlias = Decimal | None


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """One operation with its parts; without parts a number, an answer or a count."""

    operator: str
    parts: tuple[Formula, ...] = ()
    operand: Answer | Count | Decimal | None = None

    def value(self, reading: Reading, where: Where) -> Known:
        """The result at a place; None while an answer is missing, and where it would be divided by nothing."""
        numbers = list(self._numbers(reading, where))
        if None in numbers or not numbers:
            return None
        try:
            return _REDUCE[self.operator]([number for number in numbers if number is not None])
        except ArithmeticError:
            return None

    def reads(self) -> Iterator[Declared]:
        """The declarations whose answers this formula looks at."""
        if isinstance(self.operand, Answer | Count):
            yield self.operand.declared
        for part in self.parts:
            yield from part.reads()

    def _numbers(self, reading: Reading, where: Where) -> Iterator[Known]:
        """What is reckoned with; an answer of a repeated group is as many numbers as there are instances."""
        if isinstance(self.operand, Decimal):
            yield self.operand
        elif self.operand is not None:
            for value in self.operand.values(reading, where):
                yield None if value is None else Decimal(value)
        for part in self.parts:
            yield part.value(reading, where)


# An answer that is there several times counts together.
_REDUCE = {
    "is": sum,
    "sum": sum,
    "difference": lambda numbers: numbers[0] - sum(numbers[1:]),
    "product": lambda numbers: reduce(mul, numbers),
    "quotient": lambda numbers: numbers[0] / reduce(mul, numbers[1:]),
}


def compile_formula(raw: Any, declared: Mapping[Path, Declared], inside: Path) -> Formula:
    """Understand the formula of a definition. Raises ConditionError with a German sentence."""
    if isinstance(raw, str | int):
        return Formula("is", operand=Decimal(raw))
    ((operator, content),) = raw.items()
    if operator in ("answer", "count"):
        operand = compile_operand(raw, declared, inside, Surroundings())
        if isinstance(operand, Answer) and not isinstance(operand.declared.type, Decimals):
            raise ConditionError(f"Mit „{content}“ lässt sich nicht rechnen: Das Feld fragt nicht nach einer Zahl.")
        return Formula("is", operand=operand)  # type: ignore[arg-type]  # of these two keys it is nothing else
    return Formula(operator, tuple(compile_formula(part, declared, inside) for part in content))


def reckoned(item: Calculated, reading: Reading, where: Where) -> Known:
    """The result as it is told and kept, rounded as in trade; None where it is unknown, or too long to be told."""
    number = item.formula.value(reading, where)
    try:
        return None if number is None else number.quantize(Decimal(1).scaleb(-item.decimals), ROUND_HALF_UP)
    except ArithmeticError:
        return None


def in_words(item: Calculated, number: Decimal) -> str:
    """12,50 m²"""
    return german(number, grouped=True) + (f" {item.unit}" if item.unit else "")
