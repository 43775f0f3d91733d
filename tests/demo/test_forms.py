"""The forms and services of the demo: well-formed, whole in both languages, and plain (texts T1, T2, T4, T5)."""

import re
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
LONGEST_SENTENCE = 20
SENTENCES = re.compile(r"(?<=[a-zäöüß)“][.?:])\s")
NOT_SAID = re.compile(
    r"\b(gemäß|bezüglich|hinsichtlich|seitens|zwecks|mittels|obig|vorgenannt|wird gebeten|ungültig"
    r"|Antragsteller|Bürger)\b|!"
)
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


def german(value: Any) -> Iterator[str]:
    for text in texts(value):
        yield from [text["de"]] if isinstance(text["de"], str) else text["de"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_form_loads_without_warnings(file: Path) -> None:
    definition = engine.load(file.read_bytes())
    assert engine.warnings(definition) == []
    assert definition["key"] == file.stem


@pytest.mark.parametrize("file", [*FILES, DATA / "services.json"], ids=lambda file: file.stem)
def test_texts_are_plain_and_in_both_languages(file: Path) -> None:
    content = read_json(file)
    assert [text["de"] for text in texts(content) if not text.get("en")] == []
    long = [
        sentence
        for text in german(content)
        for sentence in SENTENCES.split(text)
        if len(sentence.split()) > LONGEST_SENTENCE
    ]
    assert long == []
    assert [text for text in german(content) if NOT_SAID.search(text)] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_error_says_what_to_do(file: Path) -> None:
    errors = [text for error in _errors(read_json(file)) for text in german(error)]
    tells = re.compile(
        r"\b(Geben|Wählen|Laden|Setzen|Lesen|Nennen|Beschreiben|Begründen|Schreiben|Prüfen|Melden|Ändern) Sie\b"
    )
    assert [text for text in errors if not tells.search(text)] == []


def _errors(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from (value[key] for key in ("error", "message") if key in value)
        for below in value.values():
            yield from _errors(below)
    elif isinstance(value, list):
        for below in value:
            yield from _errors(below)


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
