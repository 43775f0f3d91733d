"""The forms and services of the demo: well-formed, whole, in both languages."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from forms_engine import api as engine
from hro_portal.demo.city import DATA, FORMS, read_json

FILES = sorted(FORMS.glob("*.json"))
SERVICES = read_json(DATA / "services.json")
AUTHORITIES = {entry["slug"]: entry for entry in read_json(DATA / "authorities.json")}
#: The eight services of the town; others, such as reporting a barrier, are every authority's duty.
TOWN = {
    *("hundesteuer-anmelden", "bewohnerparkausweis", "gewerbe-anmelden", "sondernutzung"),
    *("melderegisterauskunft", "urkunde-anfordern", "befragung-der-unternehmen", "wuensche-und-ideen"),
}
MODULES = {
    *("title", "teaser", "description", "requirements", "documents"),
    *("fees", "duration", "procedure", "legal_basis"),
}


def texts(value: Any) -> Iterator[dict[str, Any]]:
    """All language maps below a value."""
    if isinstance(value, dict):
        if "de" in value:
            yield value
        else:
            for below in value.values():
                yield from texts(below)
    elif isinstance(value, list):
        for below in value:
            yield from texts(below)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_form_loads_without_warnings(file: Path) -> None:
    definition = engine.load(file.read_bytes())
    assert engine.warnings(definition) == []
    assert definition["key"] == file.stem


def test_services_speak_both_languages() -> None:
    assert [text["de"] for text in texts(SERVICES) if not text.get("en")] == []


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service["slug"])
def test_a_service_is_described_and_goes_somewhere(service: dict[str, Any]) -> None:
    assert service["texts"].keys() >= MODULES
    situations = {entry["slug"] for entry in read_json(DATA / "situations.json")}
    assert service["situations"]
    assert set(service["situations"]) <= situations
    form = engine.compile_definition(read_json(FORMS / f"{service['form']}.json"))
    for offering in service["offerings"]:
        departments = {entry["slug"] for entry in AUTHORITIES[offering["authority"]]["departments"]}
        assert {offering["owner"], *(route["department"] for route in offering["routes"])} <= departments
        assert offering["reviewed_on"] < offering["next_review_on"]
        assert {"purpose", "legal_basis", "recipients"} <= offering["privacy"].keys()
        *conditional, last = offering["routes"]
        assert "condition" not in last
        for route in conditional:
            engine.evaluate(route["condition"], {}, form)


def test_special_kinds_of_data_are_explained() -> None:
    for service in SERVICES:
        form = engine.compile_definition(read_json(FORMS / f"{service['form']}.json"))
        asks = any(field.special for step in form.steps for field in step.fields)
        for offering in service["offerings"]:
            assert ("special" in offering["privacy"]) == asks, service["slug"]


def test_eight_services_in_rostock_four_in_schwerin_one_at_the_ministry() -> None:
    services = [service for service in SERVICES if service["slug"] in TOWN]
    offered = [offering["authority"] for service in services for offering in service["offerings"]]
    assert {slug: offered.count(slug) for slug in AUTHORITIES} == {"rostock": 8, "schwerin": 4, "mv": 1}


AREAS = read_json(FORMS / "bewohnerparkausweis.json")["areas"]
PARKING = engine.compile_definition(read_json(FORMS / "bewohnerparkausweis.json"))


@pytest.mark.parametrize(
    ("street", "number", "zone"),
    [
        ("Schillingallee", "26", "H1"),
        ("Schillingallee", "34 b", "H1"),
        ("Schillingallee", "35", "H2"),
        ("schillingallee", "25", None),
        ("Dethardingstr.", "76", "H1"),
        ("Dethardingstraße", "75", "H2"),
        ("Lange Strasse", "19", "M1"),
        ("Lange Straße", "20", "M2"),
        ("Neuer Markt", "1", None),
        ("Schillingallee", "ohne", None),
    ],
)
def test_street_and_house_number_tell_the_zone(street: str, number: str, zone: str | None) -> None:
    conditions = {name: {"in_area": [{"answer": "anschrift"}, name]} for name in AREAS}
    address = {"street": street, "house_number": number, "postal_code": "18057", "city": "Rostock"}
    around = engine.Surroundings(areas=AREAS)
    found = [name for name in AREAS if engine.evaluate(conditions[name], {"anschrift": address}, PARKING, around)]
    assert found == ([zone] if zone else [])


def test_no_house_lies_in_two_zones() -> None:
    places = [
        (stretch["street"], number, name)
        for name, area in AREAS.items()
        for stretch in area
        for number in range(stretch.get("from", 1), stretch.get("to", 200) + 1)
        if stretch.get("parity", "all") == "all" or (stretch["parity"] == "even") == (number % 2 == 0)
    ]
    taken = Counter((street, number) for street, number, _ in places)
    assert [place for place, times in taken.items() if times > 1] == []
