"""Fees as the tariffs of the demo's services say them, to the cent."""

from decimal import Decimal
from typing import Any

import pytest

from catalogue import fees
from forms_engine import api as engine
from hro_portal.demo.city import DATA, FORMS, read_json

TARIFFS = {
    (service["slug"], offering["authority"]): offering["fee"]
    for service in read_json(DATA / "services.json")
    for offering in service["offerings"]
}


def area(kind: str, zone: str, length: str, width: str) -> dict[str, str]:
    return {"art": kind, "zone": zone, "laenge": length, "breite": width}


def season(*areas: dict[str, str]) -> dict[str, Any]:
    return {"flaechen": list(areas), "von": "2027-04-01", "bis": "2027-10-31"}


def dogs(*dangerous: bool) -> dict[str, Any]:
    return {"hunde": [{"gefaehrlich": each} for each in dangerous]}


def certificates(*numbers: int, purpose: str = "heirat") -> dict[str, Any]:
    return {"urkunden": [{"form": "urkunde", "anzahl": number} for number in numbers], "zweck": purpose}


CASES = [
    ("hundesteuer-anmelden", "rostock", dogs(False), "108.00"),
    ("hundesteuer-anmelden", "rostock", dogs(False, False, False, False), "588.00"),
    ("hundesteuer-anmelden", "rostock", dogs(False, True, False), "720.00"),
    ("hundesteuer-anmelden", "schwerin", dogs(False), "96.00"),
    ("hundesteuer-anmelden", "schwerin", dogs(False, True, False), "752.00"),
    ("bewohnerparkausweis", "rostock", {"dauer": "1"}, "30.70"),
    ("bewohnerparkausweis", "rostock", {"dauer": "2"}, "61.40"),
    ("gewerbe-anmelden", "rostock", {}, "26.00"),
    ("gewerbe-anmelden", "schwerin", {}, "30.00"),
    # 25 + 6,5 m × 2 m × 7 months × 6,50
    ("sondernutzung", "rostock", season(area("freisitz", "1", "6.50", "2.00")), "616.50"),
    ("sondernutzung", "rostock", season(area("freisitz", "2", "6.50", "2.00")), "389.00"),
    # 25 + 591,50 + 0,33 m × 0,35 m × 7 months × 8,00 = 6,468
    (
        "sondernutzung",
        "rostock",
        season(area("freisitz", "1", "6.50", "2.00"), area("werbung", "2", "0.33", "0.35")),
        "622.97",
    ),
    ("melderegisterauskunft", "rostock", {"art": "einfach", "personen": [{}]}, "10.00"),
    ("melderegisterauskunft", "rostock", {"art": "erweitert", "personen": [{}, {}, {}]}, "45.00"),
    ("melderegisterauskunft", "schwerin", {"art": "erweitert", "personen": [{}]}, "16.50"),
    ("urkunde-anfordern", "rostock", certificates(1), "15.00"),
    ("urkunde-anfordern", "rostock", certificates(3, 1), "45.00"),
    ("urkunde-anfordern", "schwerin", certificates(3), "28.00"),
    ("urkunde-anfordern", "rostock", certificates(3, purpose="rente"), "0.00"),
]


@pytest.mark.parametrize(("service", "authority", "answers", "amount"), CASES)
def test_the_fee_is_exact(service: str, authority: str, answers: dict[str, Any], amount: str) -> None:
    fee = fees.expected(TARIFFS[service, authority], answers)
    assert fee == Decimal(amount)
    assert str(fee) == amount


@pytest.mark.parametrize(
    ("service", "answers"),
    [
        ("bewohnerparkausweis", {}),
        ("sondernutzung", {"flaechen": [area("freisitz", "1", "6.50", "2.00")], "von": "2027-04-01"}),
        ("sondernutzung", season({"art": "freisitz", "zone": "1", "laenge": "2.00"})),
        ("melderegisterauskunft", {"personen": [{}]}),
        ("urkunde-anfordern", {"urkunden": [{"form": "urkunde"}], "zweck": "heirat"}),
        ("befragung-der-unternehmen", {}),
    ],
)
def test_without_an_answer_that_counts_no_fee_is_named(service: str, answers: dict[str, Any]) -> None:
    assert fees.expected(TARIFFS[service, "rostock"], answers) is None


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2027-04-01", "2027-04-01", 1),
        ("2027-04-01", "2027-04-30", 1),
        ("2027-04-01", "2027-05-01", 2),
        ("2027-04-15", "2027-05-14", 1),
        ("2027-04-15", "2027-05-15", 2),
        ("2027-01-31", "2027-02-28", 1),
        ("2026-12-01", "2027-02-28", 3),
    ],
)
def test_every_month_begun_counts(first: str, last: str, months: int) -> None:
    tariff = {"sum": [{"price": "1.00", "times": [{"months": ["von", "bis"]}]}]}
    assert fees.expected(tariff, {"von": first, "bis": last}) == Decimal(months)


def test_a_tariff_fits_the_form_that_it_reads() -> None:
    form = engine.compile_definition(read_json(FORMS / "sondernutzung.json"))
    assert fees.problems(TARIFFS["sondernutzung", "rostock"], form) == []
    told = fees.problems(
        {"sum": [{"per": "flaechen", "price": "1.00", "times": [{"answer": "./hoehe"}, {"answer": "./strasse"}]}]}, form
    )
    assert [sentence.split("“")[0] for sentence in told] == [
        "Die Gebühr nennt „flaechen.hoehe",
        "Mit „flaechen.strasse",
    ]
