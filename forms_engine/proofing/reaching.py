"""Which questions nobody can ever see: their conditions contradict one another, or need what is never shown.

The checker is careful, not complete: it calls unreachable only what surely is. Of what it does not understand it
assumes that it can be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from forms_engine.conditions import NEGATED, Answer, Condition, Count, Literal, Operand
from forms_engine.proofing.findings import Finding, fault
from forms_engine.structure import CompiledForm, Field, Group, Item, Path, Static, Step

_MIRRORED = {
    "less_than": "greater_than",
    "greater_than": "less_than",
    "less_or_equal": "greater_or_equal",
    "greater_or_equal": "less_or_equal",
}
_ORDERED = frozenset({"number", "decimal", "currency", "date", "time", "datetime"})
_NUMBERS = frozenset({"number", "decimal", "currency"})
_MOST_BRANCHES = 3000


@dataclass(frozen=True, slots=True)
class _Known:
    """What must be true of one answer. Bounds are (value, is it allowed itself)."""

    answered: bool = False
    empty: bool = False
    allowed: frozenset[Any] | None = None
    least: tuple[Any, bool] | None = None
    most: tuple[Any, bool] | None = None

    @property
    def contradicts(self) -> bool:
        if self.answered and self.empty:
            return True
        if self.allowed is not None and not any(self._within(value) for value in self.allowed):
            return True
        if self.least is None or self.most is None:
            return False
        (least, with_least), (most, with_most) = self.least, self.most
        return bool(least > most or (least == most and not (with_least and with_most)))

    def _within(self, value: Any) -> bool:
        above = self.least is None or value > self.least[0] or (value == self.least[0] and self.least[1])
        below = self.most is None or value < self.most[0] or (value == self.most[0] and self.most[1])
        return bool(above and below)


_Facts: TypeAlias = dict[Path, _Known]


@dataclass(frozen=True, slots=True)
class _Wish:
    """A condition that must be true, or (`holds` False) false; `local` if `./` means the instance we stand in."""

    condition: Condition
    holds: bool
    local: bool


class _TooMany(Exception):
    """More ways than we look at."""


def findings(form: CompiledForm) -> Iterator[Finding]:
    """A fault for each step, group, question, text and option that no answers lead to; of nested ones the outermost."""
    checker = _Checker(form)
    for step in form.steps:
        if not checker.can_be(step.conditions):
            yield fault(
                "unreachable", f"Den Schritt „{step.title('de')}“ sieht niemand: Seine Bedingung gilt nie.", step.key
            )
        else:
            yield from _below(checker, step, step.items)


def _below(checker: _Checker, step: Step, items: Sequence[Item]) -> Iterator[Finding]:
    for item in items:
        path = ".".join(item.path)
        if not checker.can_be(item.conditions):
            yield fault("unreachable", f"{_called(item)} sieht niemand: Die Bedingung gilt nie.", step.key, path)
        elif isinstance(item, Group):
            yield from _below(checker, step, item.items)
        elif isinstance(item, Field):
            for option in item.options:
                if option.when is not None and not checker.can_be((*item.conditions, option.when)):
                    yield fault(
                        "unreachable",
                        f"Die Antwort „{option.label('de')}“ bei „{item.label('de')}“ wird nie angeboten.",
                        step.key,
                        path,
                    )


def _called(item: Item) -> str:
    if isinstance(item, Group):
        return f"Die Gruppe „{item.title('de')}“"
    return f"Den Text „{item.path[-1]}“" if isinstance(item, Static) else f"Die Frage „{item.label('de')}“"


class _Checker:
    def __init__(self, form: CompiledForm) -> None:
        self._form = form
        self._left = 0

    def can_be(self, conditions: Sequence[Condition]) -> bool:
        """Can all of these be true for some answers?"""
        self._left = _MOST_BRANCHES
        try:
            return self._possible([_Wish(each, holds=True, local=True) for each in conditions], {}, frozenset())
        except _TooMany:
            return True

    def _possible(self, wishes: list[_Wish], facts: _Facts, shown: frozenset[tuple[Path, bool]]) -> bool:
        """Is there a way to fulfil all wishes on top of these facts? `shown`: whose conditions are wished already."""
        self._left -= 1
        if self._left < 0:
            raise _TooMany
        if not wishes:
            return True
        wish, rest = wishes[0], wishes[1:]
        condition = wish.condition
        if condition.operator == "not":
            return self._possible(
                [replace(wish, condition=condition.parts[0], holds=not wish.holds), *rest], facts, shown
            )
        if condition.operator in ("and", "or"):
            parts = [replace(wish, condition=part) for part in condition.parts]
            if (condition.operator == "and") == wish.holds:
                return self._possible([*parts, *rest], facts, shown)
            return any(self._possible([part, *rest], facts, shown) for part in parts)
        if condition.operator == "xor":
            return self._possible(rest, facts, shown)
        return self._compared(wish, rest, facts, shown)

    def _compared(self, wish: _Wish, rest: list[_Wish], facts: _Facts, shown: frozenset[tuple[Path, bool]]) -> bool:
        condition = wish.condition
        if all(isinstance(operand, Literal) for operand in condition.operands):
            holds = condition.holds(_Nothing(), ())
            return holds is wish.holds and self._possible(rest, facts, shown)
        empty = condition.operator == "is_empty" and wish.holds
        more = list(rest)
        for operand in condition.operands:
            if isinstance(operand, Literal) or empty:
                continue
            path, local = operand.declared.path, wish.local and _is_bound(operand)
            if isinstance(operand, Answer) and _is_single(operand, wish):
                facts = _with(facts, path, answered=True)
            # Who reads an answer needs its question to be shown.
            if (path, local) not in shown:
                shown |= {(path, local)}
                more += [_Wish(each, holds=True, local=local) for each in self._form.nodes[path].conditions]
        facts = self._learn(wish, facts)
        if any(known.contradicts for known in facts.values()):
            return False
        return self._possible(more, facts, shown)

    def _learn(self, wish: _Wish, facts: _Facts) -> _Facts:
        """The facts with what one comparison of an answer with a value says."""
        condition, operator = wish.condition, wish.condition.operator
        if operator == "is_empty":
            (operand,) = condition.operands
            if wish.holds and isinstance(operand, Answer) and _is_single(operand, wish):
                return _with(facts, operand.declared.path, empty=True)
            return facts
        if len(condition.operands) != 2:
            return facts
        left, right = condition.operands
        if isinstance(left, Literal) and isinstance(right, Answer):
            left, right, operator = right, left, _MIRRORED.get(operator, operator)
        if not (isinstance(left, Answer) and isinstance(right, Literal) and _is_single(left, wish)):
            return facts
        path, name = left.declared.path, left.declared.type.name if left.declared.type else ""
        if operator == "in":
            values = right.value if isinstance(right.value, tuple) else ()
            return self._limited(facts, path, name, frozenset(values), among=wish.holds) if values else facts
        operator = operator if wish.holds else NEGATED.get(operator, "")
        if operator in ("equal", "not_equal"):
            return self._limited(facts, path, name, frozenset({right.value}), among=operator == "equal")
        if name in _ORDERED and operator in _MIRRORED:
            return _bounded(self._with_limits(facts, path, name), path, operator, right.value)
        return facts

    def _limited(self, facts: _Facts, path: Path, name: str, values: frozenset[Any], *, among: bool) -> _Facts:
        if name not in ("yes_no", "choice", "consent", *_ORDERED):
            return facts
        known = facts.get(path, _Known())
        before = known.allowed if known.allowed is not None else self._all_values(path, name)
        if before is None:
            return _with(facts, path, allowed=values) if among else facts
        return _with(facts, path, allowed=before & values if among else before - values)

    def _all_values(self, path: Path, name: str) -> frozenset[Any] | None:
        if name == "yes_no":
            return frozenset({True, False})
        if name == "consent":
            return frozenset({True})
        return frozenset(self._form.declared[path].options) or None if name == "choice" else None

    def _with_limits(self, facts: _Facts, path: Path, name: str) -> _Facts:
        """The facts with the least and greatest number that the question itself takes."""
        node = self._form.nodes[path]
        if name not in _NUMBERS or not isinstance(node, Field):
            return facts
        for key, operator in (("min", "greater_or_equal"), ("max", "less_or_equal")):
            if (number := _number(node.limits.get(key))) is not None:
                facts = _bounded(facts, path, operator, number)
        return facts


class _Nothing:
    """No answers: for comparisons of a value with a value."""

    def answered(self, declared: Any, bound: Any) -> Iterator[Any]:
        return iter(())

    values = answered

    def count(self, declared: Any, bound: Any) -> int | None:
        return None


def _is_bound(operand: Operand) -> bool:
    """Does the operand mean one place, seen from where the condition stands?"""
    return isinstance(operand, Answer | Count) and operand.bound == sum(operand.declared.repeated)


def _is_single(operand: Answer, wish: _Wish) -> bool:
    """Is it one answer of which facts can be gathered? Any of several instances is not."""
    return _is_bound(operand) and (wish.local or operand.bound == 0)


def _with(facts: _Facts, path: Path, **changes: Any) -> _Facts:
    return facts | {path: replace(facts.get(path, _Known()), **changes)}


def _bounded(facts: _Facts, path: Path, operator: str, value: Any) -> _Facts:
    known = facts.get(path, _Known())
    bound = (value, operator.endswith("or_equal"))
    try:
        if operator.startswith("greater"):
            keep = known.least is not None and (known.least[0], not known.least[1]) >= (value, not bound[1])
            return facts if keep else _with(facts, path, least=bound)
        keep = known.most is not None and (known.most[0], known.most[1]) <= bound
        return facts if keep else _with(facts, path, most=bound)
    except TypeError:
        return facts


def _number(value: Any) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None
