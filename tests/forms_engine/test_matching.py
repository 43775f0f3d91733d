"""Operators that find something in an answer: letters, beginnings, areas, and facts of a case."""

from __future__ import annotations

import pytest

from forms_engine import api
from tests.forms_engine.definitions import field, group, one_step, repeat

FORM = one_step(
    field("text", "name"),
    field("text", "plz"),
    field("address", "anschrift"),
    field("date", "tag"),
    group("orte", field("address", "ort"), repeat=repeat(0)),
)
AROUND = api.Surroundings(
    areas={
        "nord": [
            {"street": "Lange Straße", "parity": "even", "from": 2, "to": 40},
            {"street": "Am Strom"},
            {"postal_code": "18119"},
            {"street": "Markt", "postal_code": "18055", "parity": "odd"},
        ]
    },
    case={"applicant_kind": "person", "level": "none", "submitted_on": "2026-11-24"},
)


def holds(condition: dict, **answers: object) -> bool | None:
    return api.evaluate(condition, answers, FORM, AROUND)


@pytest.mark.parametrize(
    ("name", "first", "last", "expected"),
    [
        ("Kogge", "A", "J", False),
        ("Kogge", "K", "Z", True),
        ("Ärzte", "A", "J", True),
        ("Ø'Brien", "O", "O", True),
        ("Żak", "Z", "Z", True),
        ("jansen", "a", "j", True),
        ("'t Hooft", "T", "T", True),
        ("Schmidt", "SCH", "Z", True),
        ("Schmidt", "S", "SCG", False),
        ("Sch", "A", "SCH", True),
        ("Szabó", "A", "SCH", False),
        ("12", "A", "Z", None),
    ],
)
def test_letters_of_a_name_in_search_form(name, first, last, expected):
    assert holds({"letter_between": [{"answer": "name"}, first, last]}, name=name) is expected


def test_without_a_name_nothing_can_be_said():
    assert holds({"letter_between": [{"answer": "name"}, "A", "Z"]}) is None


def test_beginning_of_an_answer():
    assert holds({"starts_with": [{"answer": "plz"}, "180"]}, plz="18055") is True
    assert holds({"starts_with": [{"answer": "plz"}, "181"]}, plz="18055") is False
    assert holds({"starts_with": [{"answer": "name"}, "müll"]}, name="MÜLLER") is True


def address(street: str, number: str, code: str = "18055") -> dict[str, str]:
    return {"street": street, "house_number": number, "postal_code": code, "city": "Rostock"}


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (address("Lange Straße", "12"), True),
        (address("Lange Str.", "12a"), True),
        (address("LANGE STRASSE", "12-14"), True),
        (address("Lange-Straße", "40"), True),
        (address("Lange Straße", "13"), False),
        (address("Lange Straße", "42"), False),
        (address("Lange Straße", "ohne"), None),
        (address("Am Strom", "ohne"), True),
        (address("Irgendwo", "1", "18119"), True),
        (address("Markt", "1"), True),
        (address("Markt", "2"), False),
        (address("Markt", "1", "18057"), False),
        (address("Kurze Straße", "2"), False),
        ("Lange Straße 12", None),
        (None, None),
    ],
)
def test_area_by_street_parity_range_and_postcode(where, expected):
    assert holds({"in_area": [{"answer": "anschrift"}, "nord"]}, anschrift=where) is expected


def test_one_of_several_addresses_is_enough():
    rule = {"in_area": [{"answer": "orte.ort"}, "nord"]}
    there, not_there = ({"_id": "a", "ort": address("Am Strom", "1")}, {"_id": "b", "ort": address("Weg", "1")})
    assert holds(rule, orte=[not_there, there]) is True
    assert holds(rule, orte=[not_there]) is False
    assert holds(rule, orte=[]) is None


def test_facts_of_the_case():
    assert holds({"equal": [{"case": "applicant_kind"}, "person"]}) is True
    assert holds({"less_than": [{"case": "submitted_on"}, "2027-01-01"]}) is True
    assert holds({"less_than": [{"answer": "tag"}, {"case": "submitted_on"}]}, tag="2026-11-23") is True


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ({"in_area": [{"answer": "anschrift"}, "nort"]}, "Das Gebiet „nort“ gibt es nicht."),
        ({"in_area": [{"answer": "name"}, "nord"]}, "Anschrift"),
        ({"in_area": ["Lange Straße 12", "nord"]}, "braucht zuerst"),
        ({"letter_between": [{"answer": "name"}, "J", "A"]}, "unvollständig"),
        ({"letter_between": [{"answer": "name"}, "A"]}, "unvollständig"),
        ({"starts_with": [{"answer": "name"}, " "]}, "unvollständig"),
        ({"equal": [{"case": "levl"}, "none"]}, "Vom Vorgang ist „levl“ nicht bekannt."),
    ],
)
def test_what_there_is_not_is_refused_in_a_sentence(condition, sentence):
    with pytest.raises(api.ConditionError, match=sentence[:30]) as refused:
        holds(condition)
    assert sentence in str(refused.value)


def test_forms_may_ask_for_letters():
    shown = field("text", "mehr", when={"letter_between": [{"answer": "name"}, "A", "J"]})
    form = one_step(field("text", "name"), shown)
    assert api.effective(form, {"name": "Igel", "mehr": "ja"}) == {"name": "Igel", "mehr": "ja"}


def test_forms_may_ask_for_areas_that_they_bring_along():
    inside = field("text", "mehr", when={"in_area": [{"answer": "anschrift"}, "nord"]})
    with pytest.raises(api.DefinitionError):
        one_step(field("address", "anschrift"), inside)
    form = one_step(field("address", "anschrift"), inside, areas={"nord": [{"street": "Am Strom", "from": 1, "to": 9}]})
    for number, shown in (("9", True), ("10", False), ("", False)):
        address = {"street": "Am Strom", "house_number": number, "postal_code": "18119", "city": "Rostock"}
        assert ("mehr" in api.effective(form, {"anschrift": address, "mehr": "ja"})) is shown


def test_a_stretch_of_an_area_is_checked():
    with pytest.raises(api.DefinitionError) as refused:
        one_step(field("text", "name"), areas={"nord": [{"street": "Am Strom", "form": 1}]})
    assert "Meinen Sie „from“?" in " ".join(refused.value.problems)
