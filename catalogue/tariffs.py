"""What a service costs on a day: the one way to the rates of an offering (what a tariff says: `catalogue.fees`).

`Offering.fee` holds until the first dated rate. Each service says which day decides: that of sending, or the answer to
a question for a date. What an application was filed with is frozen there and no longer asked here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from authorities import clock
from catalogue import fees
from catalogue.models import Offering, Tariff
from forms_engine import api as engine

NOT_MOVED: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Rate:
    """A rate and the days on which it holds: from `first` (None: ever since) up to and with the day before `until`."""

    tariff: dict[str, Any]
    first: date | None
    until: date | None = None
    row: Tariff | None = None

    @property
    def is_replaced(self) -> bool:
        """Another one was added later for the same day: it holds on no day."""
        return self.first is not None and self.first == self.until


def tariff_on(offering: Offering, day: date) -> dict[str, Any]:
    """The tariff that holds on this day."""
    dated = [rate.tariff for rate in offering.tariffs.all() if rate.valid_from <= day]
    return dated[-1] if dated else offering.fee


def today(offering: Offering) -> dict[str, Any]:
    """The tariff that holds today."""
    return tariff_on(offering, clock.today())


def rates(offering: Offering) -> list[Rate]:
    """All rates of an offering, the undated one first. One query."""
    rows = list(offering.tariffs.all())
    found = [Rate(offering.fee, None), *(Rate(row.tariff, row.valid_from, row=row) for row in rows)]
    ends = [after.first for _before, after in pairwise(found)]
    return [Rate(rate.tariff, rate.first, end, rate.row) for rate, end in zip(found, [*ends, None], strict=True)]


def may_be_charged(offering: Offering, rate: Rate) -> bool:
    """Whether somebody may still be charged this rate, today or later; an answer may name a day long ago."""
    return not rate.is_replaced and (rate.until is None or rate.until > clock.today() or bool(offering.deciding_date))


def deciding_day(
    offering: Offering, answers: dict[str, Any], *, submitted_on: date, moved: Mapping[str, str] = NOT_MOVED
) -> date | None:
    """The day whose rate is charged; None while the question that decides is not answered."""
    if not offering.deciding_date:
        return submitted_on
    answer = engine.lookup(answers, moved.get(offering.deciding_date, offering.deciding_date))
    return date.fromisoformat(answer) if isinstance(answer, str) else None


def expected(
    offering: Offering, answers: dict[str, Any], *, submitted_on: date, moved: Mapping[str, str] = NOT_MOVED
) -> tuple[Decimal | None, dict[str, Any]]:
    """The amount for these (effective) answers, and the tariff that it comes from; None where it is not known yet.

    `moved`: where questions stand in the version that was answered, see `catalogue.carried.on_version`.
    """
    day = deciding_day(offering, answers, submitted_on=submitted_on, moved=moved)
    if day is None:
        return None, tariff_on(offering, submitted_on)
    tariff = tariff_on(offering, day)
    return fees.expected(fees.with_paths(tariff, moved), answers), tariff


def days_that_may_decide(form: engine.CompiledForm) -> list[tuple[str, str]]:
    """(path, label) of the questions for a date that stand in no repeated group."""
    return [
        (".".join(field.path), field.label("de"))
        for step in form.steps
        for field in step.fields
        if field.type.name == "date" and not any(form.declared[field.path].repeated)
    ]


def problems_of_terms(
    before: Offering | None, fee: dict[str, Any], deciding: str, form: engine.CompiledForm
) -> list[str]:
    """German sentences on what a description says of fees: whether the form asks for what they need, and whether it
    would change an undated rate that dated ones have long replaced.
    """
    found = fees.problems(fee, form)
    if deciding and deciding not in dict(days_that_may_decide(form)):
        found.append(f"„{deciding}“ fragt nicht nach einem Tag. Nennen Sie eine Frage nach einem Datum.")
    dated = rates(before)[1:] if before else []
    if before and dated and fee != before.fee:
        found.append("Für diese Gebühr gelten schon Sätze mit Datum. Ändern Sie sie im Backoffice unter „Gebühren“.")
    to_come = [rate for rate in dated if rate.until is None or rate.until > clock.today()]
    found += [problem for rate in to_come for problem in fees.problems(rate.tariff, form)]
    return list(dict.fromkeys(found))
