"""Conditions: compiled once, evaluated in three values (True, False, None for unknown)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Protocol, TypeAlias

from forms_engine.errors import ConditionError
from forms_engine.matching import EXAMPLES, TESTS, Area, letters_of
from forms_engine.structure import Declared, Path, Where
from forms_engine.suggestions import closest
from foundation.latin import search_form

Truth: TypeAlias = bool | None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What conditions may name besides the answers: areas (a form brings its own, a routing rule names those of the
    authority) and, in routing rules only, facts of the case (JSON values).
    """

    areas: Mapping[str, Area] = field(default_factory=dict)
    case: Mapping[str, Any] = field(default_factory=dict)


_NONE = Surroundings()


class Source(Protocol):
    """Where operands come from: the answers as the rules let them be seen."""

    def answered(self, declared: Declared, bound: Where) -> Iterator[Any]:
        """The answers at a path as they are stored, None for each that is missing or hidden."""

    def values(self, declared: Declared, bound: Where) -> Iterator[Any]:
        """The comparable answers at a path, None for each that is missing or hidden."""

    def count(self, declared: Declared, bound: Where) -> int | None:
        """How many instances, options or files there are at a path; None where it is hidden."""


@dataclass(frozen=True, slots=True, eq=False)
class Literal:
    value: Any

    def values(self, source: Source, where: Where) -> Iterable[Any]:
        return (self.value,)


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    declared: Declared
    bound: int  # so many instances of the path are those of the place where the condition stands

    def values(self, source: Source, where: Where) -> Iterable[Any]:
        return source.values(self.declared, where[: self.bound])


@dataclass(frozen=True, slots=True, eq=False)
class Count:
    declared: Declared
    bound: int

    def values(self, source: Source, where: Where) -> Iterable[Any]:
        return (source.count(self.declared, where[: self.bound]),)


@dataclass(frozen=True, slots=True, eq=False)
class Address:
    """An address with its four boxes, to look it up in an area."""

    declared: Declared
    bound: int

    def values(self, source: Source, where: Where) -> Iterable[Any]:
        return source.answered(self.declared, where[: self.bound])


Operand: TypeAlias = Literal | Answer | Count | Address


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """One operator with its operands or parts; `depth` is how many instances enclose the place where it stands."""

    operator: str
    depth: int
    parts: tuple[Condition, ...] = ()
    operands: tuple[Operand, ...] = ()

    def holds(self, source: Source, where: Where) -> Truth:
        return _EVALUATE[self.operator](self, source, where)

    def reads(self) -> Iterator[Declared]:
        """The declarations whose answers this condition looks at."""
        for part in self.parts:
            yield from part.reads()
        for operand in self.operands:
            if not isinstance(operand, Literal):
                yield operand.declared


# --- evaluating ------------------------------------------------------------------------------------------------------


def all_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's *and*."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def any_of(truths: Iterable[Truth]) -> Truth:
    """Kleene's *or*."""
    result: Truth = False
    for truth in truths:
        if truth is True:
            return True
        if truth is None:
            result = None
    return result


def negated(truth: Truth) -> Truth:
    return None if truth is None else not truth


def exactly_one(truths: Iterable[Truth]) -> Truth:
    """*xor*: unknown as soon as one part is."""
    known = list(truths)
    return None if None in known else known.count(True) == 1


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "equal": lambda a, b: a == b,
    "not_equal": lambda a, b: a != b,
    "less_than": lambda a, b: a < b,
    "less_or_equal": lambda a, b: a <= b,
    "greater_than": lambda a, b: a > b,
    "greater_or_equal": lambda a, b: a >= b,
    "in": lambda a, b: a in b,
}
#: What holds of one answer where the comparison does not.
NEGATED = {
    "equal": "not_equal",
    "not_equal": "equal",
    "less_than": "greater_or_equal",
    "greater_or_equal": "less_than",
    "less_or_equal": "greater_than",
    "greater_than": "less_or_equal",
}


def _compare(condition: Condition, source: Source, where: Where) -> Truth:
    compare = _COMPARISONS[condition.operator]
    left, right = (list(operand.values(source, where)) for operand in condition.operands)
    if not left or not right:
        return None
    return any_of(_compared(compare, a, b) for a, b in product(left, right))


def _compared(compare: Callable[[Any, Any], bool], a: Any, b: Any) -> Truth:
    if a is None or b is None:
        return None
    try:
        return compare(a, b)
    except TypeError:  # a word against a number: nothing can be said
        return None


def _test(condition: Condition, source: Source, where: Where) -> Truth:
    """One answer against what the condition says of it; of several answers one is enough."""
    holds, (operand, told) = TESTS[condition.operator], condition.operands
    (wanted,) = told.values(source, where)
    return any_of(
        None if value is None else holds(value, wanted) for value in list(operand.values(source, where)) or [None]
    )


def _is_empty(condition: Condition, source: Source, where: Where) -> Truth:
    return all(value is None for value in condition.operands[0].values(source, where))


_EVALUATE: dict[str, Callable[[Condition, Source, Where], Truth]] = {
    **dict.fromkeys(_COMPARISONS, _compare),
    **dict.fromkeys(TESTS, _test),
    "is_empty": _is_empty,
    "and": lambda c, source, where: all_of(part.holds(source, where) for part in c.parts),
    "or": lambda c, source, where: any_of(part.holds(source, where) for part in c.parts),
    "xor": lambda c, source, where: exactly_one(part.holds(source, where) for part in c.parts),
    "not": lambda c, source, where: negated(c.parts[0].holds(source, where)),
}


# --- compiling -------------------------------------------------------------------------------------------------------


def compile_condition(
    raw: Mapping[str, Any], declared: Mapping[Path, Declared], inside: Path = (), around: Surroundings = _NONE
) -> Condition:
    """Understand a condition of a definition, a routing rule or a fee.

    `inside` is the path of the innermost repeated group around it, to which `./` refers; `around` is what only
    routing rules may name.
    Raises ConditionError with a German sentence.
    """
    if not isinstance(raw, Mapping) or len(raw) != 1:
        raise ConditionError('Eine Bedingung hat genau einen Operator, zum Beispiel {"equal": […]}.')
    ((operator, content),) = raw.items()
    depth = sum(declared[inside].repeated) if inside else 0
    if operator in ("and", "or", "xor"):
        if not isinstance(content, list) or not content:
            raise ConditionError(f"„{operator}“ braucht eine Liste von Bedingungen.")
        parts = tuple(compile_condition(part, declared, inside, around) for part in content)
        return Condition(operator, depth, parts=parts)
    if operator == "not":
        return Condition(operator, depth, parts=(compile_condition(content, declared, inside, around),))
    if operator == "is_empty":
        operand = compile_operand(content, declared, inside, around)
        if not isinstance(operand, Answer):
            raise ConditionError('„is_empty“ braucht {"answer": "Pfad"}.')
        return Condition(operator, depth, operands=(operand,))
    if operator in _COMPARISONS:
        if not isinstance(content, list) or len(content) != 2:
            raise ConditionError(f"„{operator}“ braucht zwei Werte.")
        left, right = (compile_operand(side, declared, inside, around) for side in content)
        return Condition(operator, depth, operands=(_fitted(left, right), _fitted(right, left)))
    if operator in TESTS:
        return Condition(operator, depth, operands=_tested(operator, content, declared, inside, around))
    raise ConditionError(f"Den Operator „{operator}“ gibt es nicht.{closest(operator, _EVALUATE)}")


def _tested(
    operator: str, content: Any, declared: Mapping[Path, Declared], inside: Path, around: Surroundings
) -> tuple[Operand, Operand]:
    """The answer that is tested, and what it is tested against."""
    answer = compile_operand(content[0], declared, inside, around) if isinstance(content, list) and content else None
    if not isinstance(answer, Answer):
        raise ConditionError(f'„{operator}“ braucht zuerst {{"answer": "Pfad"}}.')
    match operator, content[1:]:
        case "in_area", [str(name)]:
            if answer.declared.type is None or answer.declared.type.name != "address":
                raise ConditionError("„in_area“ braucht eine Frage nach einer Anschrift.")
            if name not in around.areas:
                raise ConditionError(f"Das Gebiet „{name}“ gibt es nicht.{closest(name, around.areas)}")
            return Address(answer.declared, answer.bound), Literal(around.areas[name])
        case "starts_with", [str(start)] if start.strip():
            return answer, Literal(search_form(start))
        case "letter_between", [str(first), str(last)]:
            bounds = letters_of(first), letters_of(last)
            if all(bounds) and bounds[0][: len(bounds[1])] <= bounds[1]:
                return answer, Literal(bounds)
    raise ConditionError(f"„{operator}“ ist unvollständig. Schreiben Sie zum Beispiel {EXAMPLES[operator]}.")


def compile_operand(raw: Any, declared: Mapping[Path, Declared], inside: Path, around: Surroundings) -> Operand:
    """Understand one side of a comparison. Raises ConditionError with a German sentence."""
    if isinstance(raw, Mapping):
        if set(raw) == {"case"}:
            if raw["case"] not in around.case:
                raise ConditionError(
                    f"Vom Vorgang ist „{raw['case']}“ nicht bekannt.{closest(str(raw['case']), around.case)}"
                )
            return Literal(around.case[raw["case"]])
        if set(raw) == {"answer"}:
            target, bound = _target(raw["answer"], declared, inside)
            if target.type is None:
                raise ConditionError(f"„{raw['answer']}“ ist eine Gruppe. Nennen Sie eine Frage darin.")
            return Answer(target, bound)
        if set(raw) == {"count"}:
            target, bound = _target(raw["count"], declared, inside)
            if not (target.type.counted if target.type else target.repeated[-1]):
                raise ConditionError(f"„{raw['count']}“ lässt sich nicht zählen: Es ist keine wiederholte Gruppe.")
            return Count(target, bound)
        raise ConditionError(
            'Ein Wert ist ein Text, eine Zahl, true, false, {"answer": "Pfad"} oder {"count": "Pfad"}.'
        )
    if isinstance(raw, list):
        return Literal(tuple(raw))
    return Literal(raw)


def _target(name: Any, declared: Mapping[Path, Declared], inside: Path) -> tuple[Declared, int]:
    if not isinstance(name, str):
        raise ConditionError("Ein Pfad ist ein Text, zum Beispiel „hunde.name“.")
    relative = name.startswith("./")
    if relative and not inside:
        raise ConditionError(f"„{name}“ beginnt mit „./“, steht aber nicht in einer wiederholten Gruppe.")
    path = (*(inside if relative else ()), *name.removeprefix("./").split("."))
    if path not in declared:
        raise ConditionError(f"Die Frage „{name}“ gibt es nicht.{closest(name, ('.'.join(p) for p in declared))}")
    return declared[path], sum(declared[inside].repeated) if relative else 0


def _fitted(operand: Operand, other: Operand) -> Operand:
    """A literal in the terms of the question that it is compared with."""
    if not isinstance(operand, Literal) or not isinstance(other, Answer) or other.declared.type is None:
        return operand
    name = ".".join(other.declared.path)
    values = operand.value if isinstance(operand.value, tuple) else (operand.value,)
    for value in values:
        if other.declared.options and value not in other.declared.options:
            raise ConditionError(f"„{name}“ hat keine Option „{value}“.{closest(str(value), other.declared.options)}")
    fitted = tuple(other.declared.type.literal(value) for value in values)
    if None in fitted:
        raise ConditionError(f"„{values[fitted.index(None)]}“ passt nicht zu „{name}“.")
    return Literal(fitted if isinstance(operand.value, tuple) else fitted[0])
