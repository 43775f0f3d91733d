"""What a service will probably cost, from the tariff of its offering and the answers.

A tariff is plain data: `{"summary": text, "period": text}` and, where the portal can work the fee out,
`"sum": [position, …]`. A position costs its price times its factors, once or for each instance of a group:

* `price`: an amount as text, or a table `{"by": [path, …], "amounts": {answer: amount}}`, nested once per path;
* `times`: factors, each `{"answer": path}` (a number; with `"less": 1` reduced by one, never below nought),
  `{"count": path}` (instances of a repeated group) or `{"months": [path, path]}` (months begun, with both days);
* `per`: a repeated group; paths that begin with `./` then mean the same instance;
* `scale`: in place of a price, amounts for the first, second and every further instance of `per`; an instance
  whose answer `special.answer` equals `special.equals` costs `special.amount` and takes no place on the scale;
* `free`: `{"answer": path, "equals": value}`, where nothing is charged.

Amounts are exact (Decimal); each position is rounded to cents once, half up.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import get_language

from forms_engine import api as engine

_NUMBERS = frozenset({"number", "decimal", "currency"})
_DATES = frozenset({"date"})
_CHOICES = frozenset({"choice", "yes_no"})
_GROUP = frozenset({""})

CENT = Decimal("0.01")


class _Unknown(Exception):
    """An answer that the fee depends on is missing."""


def expected(tariff: dict[str, Any], answers: dict[str, Any]) -> Decimal | None:
    """The amount in euros for these (effective) answers; None where the tariff names no amounts, or where an
    answer is missing that it depends on: no sum is better than one that is too low.
    """
    if "sum" not in tariff:
        return None
    try:
        return sum((_position(position, answers) for position in tariff["sum"]), Decimal("0.00"))
    except _Unknown:
        return None


def problems(tariff: dict[str, Any], form: engine.CompiledForm) -> list[str]:
    """German sentences on questions that the tariff names and the form does not ask, or asks in another way."""
    found = []
    for path, types in _questions(tariff):
        declared = form.declared.get(tuple(path.split(".")))
        if declared is None:
            found.append(f"Die Gebühr nennt „{path}“, das Formular fragt das nicht.")
        elif (declared.type.name if declared.type else "") not in types:
            found.append(f"Mit „{path}“ lässt sich die Gebühr nicht berechnen. Prüfen Sie die Art der Frage.")
    return found


def paths(tariff: dict[str, Any]) -> list[str]:
    """The questions and groups that a tariff names, by their full paths."""
    return list(dict.fromkeys(path for path, _types in _questions(tariff)))


def with_paths(tariff: dict[str, Any], moved: Mapping[str, str]) -> dict[str, Any]:
    """The same tariff where these questions stand elsewhere."""
    if not moved or "sum" not in tariff:
        return tariff
    return tariff | {"sum": [_position_with_paths(position, moved) for position in tariff["sum"]]}


def _position_with_paths(position: dict[str, Any], moved: Mapping[str, str]) -> dict[str, Any]:
    group = position.get("per", "")
    group_now = moved.get(group, group)

    def now(path: str) -> str:
        if not path.startswith("./"):
            return moved.get(path, path)
        full = f"{group}.{path.removeprefix('./')}"
        return f"./{moved.get(full, full).removeprefix(f'{group_now}.')}" if full in moved else path

    changed = deepcopy(position)
    if group:
        changed["per"] = group_now
    if isinstance(changed.get("price"), dict):
        changed["price"]["by"] = [now(path) for path in changed["price"]["by"]]
    if "special" in changed:
        changed["special"]["answer"] = now(f"./{changed['special']['answer']}").removeprefix("./")
    if "free" in changed:
        changed["free"]["answer"] = now(changed["free"]["answer"])
    for factor in changed.get("times", ()):
        for name in ("answer", "count"):
            if name in factor:
                factor[name] = now(factor[name])
        if "months" in factor:
            factor["months"] = [now(path) for path in factor["months"]]
    return changed


def _questions(tariff: dict[str, Any]) -> Iterator[tuple[str, frozenset[str]]]:
    """The paths that a tariff reads, each with the types of question that fit there."""
    for position in tariff.get("sum", ()):
        group = position.get("per", "")
        read: list[tuple[str, frozenset[str]]] = [(group, _GROUP)] if group else []
        price = position.get("price")
        read += [(path, _CHOICES) for path in price["by"]] if isinstance(price, dict) else []
        read += [(f"./{position['special']['answer']}", _CHOICES)] if "special" in position else []
        read += [(position["free"]["answer"], _CHOICES)] if "free" in position else []
        for factor in position.get("times", ()):
            read += [(path, _DATES) for path in factor.get("months", ())]
            read += [(factor["answer"], _NUMBERS)] if "answer" in factor else []
            read += [(factor["count"], _GROUP)] if "count" in factor else []
        yield from (
            (f"{group}.{path.removeprefix('./')}" if path.startswith("./") else path, types) for path, types in read
        )


Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Amount:
    """One amount of a tariff: where it stands in it, what it is for, and how much it is ("108.00")."""

    place: Place
    label: str
    value: str


def amounts(tariff: dict[str, Any], form: engine.CompiledForm | None) -> list[Amount]:
    """Every amount that a tariff names, in its order, in the words of the form; without a form in its keys."""
    return [
        amount
        for no, position in enumerate(tariff.get("sum", ()))
        for amount in _amounts_of(no, position, tariff, form)
    ]


def with_amounts(tariff: dict[str, Any], changed: Mapping[Place, str]) -> dict[str, Any]:
    """The same tariff with other amounts at these places."""
    copy = deepcopy(tariff)
    for place, value in changed.items():
        where: Any = copy
        for key in place[:-1]:
            where = where[key]
        where[place[-1]] = value
    return copy


def _amounts_of(
    no: int, position: dict[str, Any], tariff: dict[str, Any], form: engine.CompiledForm | None
) -> Iterator[Amount]:
    here: Place = ("sum", no)
    group = position.get("per", "")
    many = f"Position {no + 1}" if len(tariff["sum"]) > 1 else "Betrag"
    name = _label(form, group) if group else many
    price = position.get("price")
    if isinstance(price, str):
        yield Amount((*here, "price"), name, price)
    elif price:
        paths = [f"{group}.{path.removeprefix('./')}" if path.startswith("./") else path for path in price["by"]]
        yield from _amounts_by(price["amounts"], (*here, "price", "amounts"), paths, [], form)
    scale = position.get("scale", [])
    for rank, value in enumerate(scale):
        rest = rank == len(scale) - 1 and rank
        which = f"ab Nummer {rank + 1} je" if rest else f"Nummer {rank + 1}"
        yield Amount((*here, "scale", rank), f"{name}: {which}", value)
    if special := position.get("special"):
        question = f"{group}.{special['answer']}"
        answer = _answer_in_words(form, question, special["equals"])
        yield Amount((*here, "special", "amount"), f"{_label(form, question)} {answer}", special["amount"])


def _amounts_by(
    table: dict[str, Any], here: Place, paths: list[str], chosen: list[str], form: engine.CompiledForm | None
) -> Iterator[Amount]:
    for answer, below in table.items():
        words = [*chosen, _answer_in_words(form, paths[len(chosen)], answer)]
        if isinstance(below, str):
            yield Amount((*here, answer), " · ".join(words), below)
        else:
            yield from _amounts_by(below, (*here, answer), paths, words, form)


def _label(form: engine.CompiledForm | None, path: str) -> str:
    node = form.nodes.get(tuple(path.split("."))) if form else None
    if node is None:
        return path
    return node.label("de") if isinstance(node, engine.Field) else node.title("de")


def _answer_in_words(form: engine.CompiledForm | None, path: str, answer: str | bool) -> str:
    if isinstance(answer, bool):
        return "Ja" if answer else "Nein"
    node = form.nodes.get(tuple(path.split("."))) if form else None
    options = node.options if isinstance(node, engine.Field) else ()
    return next((option.label("de") for option in options if option.value == answer), answer)


def period(tariff: dict[str, Any]) -> str:
    """What the amount is for, in the language of the page: "im Jahr"."""
    return _text(tariff, "period")


def summary(tariff: dict[str, Any]) -> str:
    """The fee in a few words, for the head of the service page."""
    return _text(tariff, "summary")


def _text(tariff: dict[str, Any], name: str) -> str:
    by_language = tariff.get(name, {})
    return by_language.get(get_language() or "de") or by_language.get("de", "")


def _position(position: dict[str, Any], answers: dict[str, Any]) -> Decimal:
    if (free := position.get("free")) and _lookup(free["answer"], answers, {}) == free["equals"]:
        return Decimal("0.00")
    instances = _instances(position["per"], answers) if "per" in position else [{}]
    if "scale" in position:
        return _scaled(position["scale"], position.get("special"), instances)
    amount = sum((_once(position, answers, instance) for instance in instances), Decimal(0))
    return amount.quantize(CENT, ROUND_HALF_UP)


def _scaled(scale: list[str], special: dict[str, Any] | None, instances: list[dict[str, Any]]) -> Decimal:
    plain = [one for one in instances if not (special and one.get(special["answer"]) == special["equals"])]
    total = sum((Decimal(scale[min(place, len(scale) - 1)]) for place in range(len(plain))), Decimal("0.00"))
    return total + (Decimal(special["amount"]) * (len(instances) - len(plain)) if special else 0)


def _once(position: dict[str, Any], answers: dict[str, Any], instance: dict[str, Any]) -> Decimal:
    amount = _price(position["price"], answers, instance)
    for factor in position.get("times", ()):
        amount *= _factor(factor, answers, instance)
    return amount


def _price(price: str | dict[str, Any], answers: dict[str, Any], instance: dict[str, Any]) -> Decimal:
    if isinstance(price, str):
        return Decimal(price)
    amounts = price["amounts"]
    for path in price["by"]:
        amounts = amounts.get(_known(path, answers, instance))
        if amounts is None:
            raise _Unknown
    return Decimal(amounts)


def _factor(factor: dict[str, Any], answers: dict[str, Any], instance: dict[str, Any]) -> Decimal:
    if "count" in factor:
        return Decimal(len(_instances(factor["count"], answers)))
    if "months" in factor:
        first, last = (date.fromisoformat(_known(path, answers, instance)) for path in factor["months"])
        return Decimal(months_begun(first, last))
    return max(Decimal(_known(factor["answer"], answers, instance)) - factor.get("less", 0), Decimal(0))


def months_begun(first: date, last: date) -> int:
    """How many months begin from the first to the last day, both counted: 1 April to 31 October are 7."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return max(months + (last.day >= first.day), 1)


def _instances(path: str, answers: dict[str, Any]) -> list[dict[str, Any]]:
    return _lookup(path, answers, {}) or []


def _known(path: str, answers: dict[str, Any], instance: dict[str, Any]) -> Any:
    found = _lookup(path, answers, instance)
    if found is None:
        raise _Unknown
    return found


def _lookup(path: str, answers: dict[str, Any], instance: dict[str, Any]) -> Any:
    where: Any = instance if path.startswith("./") else answers
    for key in path.removeprefix("./").split("."):
        where = where.get(key) if isinstance(where, dict) else None
    return where
