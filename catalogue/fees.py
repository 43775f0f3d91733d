"""What a service will probably cost, from the tariff of its offering and the answers.

A tariff is plain data: `{"summary": text}`; with `amounts` it is a scale over the instances of the repeated
group `per` (first, second, every further one), where an instance whose answer `special.answer` equals
`special.equals` costs `special.amount` and takes no place on the scale.
"""

from decimal import Decimal
from typing import Any

from django.utils.translation import get_language


def expected(tariff: dict[str, Any], answers: dict[str, Any]) -> Decimal | None:
    """The amount in euros for these (effective) answers; None where the tariff names no amounts."""
    amounts = tariff.get("amounts")
    if not amounts:
        return None
    special = tariff.get("special")
    instances = answers.get(tariff["per"]) or []
    plain = [one for one in instances if not (special and one.get(special["answer"]) == special["equals"])]
    total = sum((Decimal(amounts[min(place, len(amounts) - 1)]) for place in range(len(plain))), Decimal("0.00"))
    if special:
        total += Decimal(special["amount"]) * (len(instances) - len(plain))
    return total


def period(tariff: dict[str, Any]) -> str:
    """What the amount is for, in the language of the page: "im Jahr"."""
    return _text(tariff, "period")


def summary(tariff: dict[str, Any]) -> str:
    """The fee in a few words, for the head of the service page."""
    return _text(tariff, "summary")


def _text(tariff: dict[str, Any], name: str) -> str:
    by_language = tariff.get(name, {})
    return by_language.get(get_language() or "de") or by_language.get("de", "")
