"""Life as it is, in schemas of the federation too: one name, no fixed abode, *bei …*, a birth date known in part."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from forms_engine import api
from forms_engine.json_schema.api import schema_of_answers
from forms_engine.receiving import by_fim_ids
from forms_engine.xdatenfelder.api import import_xml
from tests.xdatenfelder.schemas import field3, group3, schema3
from tests.xdatenfelder.test_corpus import CORPUS, collected, find

NAME = [("1:1", field3("F60000000227", "Familienname")), ("1:1", field3("F60000000228", "Vornamen"))]
HOUSE = [
    ("1:1", field3("F60000000243", "Straße")),
    ("0:1", field3("F60000000244", "Hausnummer")),
    ("1:1", field3("F60000000246", "Postleitzahl")),
    ("1:1", field3("F60000000247", "Ort")),
]
MORE = (
    "0:1",
    field3("F60000000248", "Adresszusatz", more="<x:hilfetextEingabe>Zum Beispiel Hinterhaus</x:hilfetextEingabe>"),
)
COMPANY = ("1:1", field3("F60000000319", "Eingetragener Name"))


def form_of(*parts: tuple[str, str]) -> api.CompiledForm:
    return api.compile_definition(definition_of(*parts))


def definition_of(*parts: tuple[str, str]) -> dict[str, Any]:
    return api.load(import_xml(schema3(*parts), (), lambda _: None).definition)


def person(*parts: tuple[str, str], count: str = "1:1") -> tuple[str, str]:
    return count, group3("G13000000001", "Person", [*NAME, *parts])


def at(*parts: tuple[str, str]) -> tuple[str, str]:
    return "1:1", group3("G60000000086", "Straßenanschrift", parts)


def wrong(form: api.CompiledForm, answers: dict[str, Any]) -> list[str]:
    return [problem.label for problem in api.check(form, answers)]


def questions(form: api.CompiledForm) -> list[str]:
    return [".".join(field.path) for step in form.steps for field in step.fields]


def is_valid(form: api.CompiledForm, answers: dict[str, Any]) -> bool:
    schema = schema_of_answers(form, "https://portal.example/schema.json")
    return Draft202012Validator(schema).is_valid(answers)


@pytest.mark.parametrize(
    ("only", "lacks", "missing"),
    [
        ({"f60000000227": "Suharto"}, "kein_vorname", "Vornamen"),
        ({"f60000000228": "Björk"}, "kein_familienname", "Familienname"),
    ],
)
def test_a_person_of_one_name_says_so_and_no_other_is_made_up(only: dict[str, str], lacks: str, missing: str) -> None:
    form = form_of(person())
    assert wrong(form, {"g13000000001": only}) == [missing]
    assert not is_valid(form, {"g13000000001": only})
    answers = {"g13000000001": only | {"nur_ein_name": [lacks]}}
    assert wrong(form, answers) == []
    assert is_valid(form, api.effective(form, answers))
    assert by_fim_ids(form, api.effective(form, answers))["answers"] == {
        "G13000000001": {key.upper(): value for key, value in only.items()} | {"nur_ein_name": [lacks]}
    }


def test_nobody_can_lack_both_names() -> None:
    form = form_of(person())
    both = {"g13000000001": {"nur_ein_name": ["kein_vorname", "kein_familienname"]}}
    assert wrong(form, both)
    assert not is_valid(form, both)


def test_each_person_of_a_list_may_have_one_name() -> None:
    form = form_of(person(count="1:*"))
    one = {"_id": "i1", "f60000000227": "Suharto", "nur_ein_name": ["kein_vorname"]}
    two = {"_id": "i2", "f60000000227": "Hansen"}
    assert wrong(form, {"g13000000001": [one, two]}) == ["Person 2, Vornamen"]


def test_where_the_schema_leaves_a_name_open_nothing_is_asked_besides() -> None:
    loose = [NAME[0], ("0:1", NAME[1][1])]
    assert questions(form_of(("1:1", group3("G13000000001", "Person", loose)))) == [
        "g13000000001.f60000000227",
        "g13000000001.f60000000228",
    ]


def test_without_a_fixed_abode_the_town_is_enough() -> None:
    form = form_of(person(at(*HOUSE, MORE)))
    me = {"f60000000227": "Hansen", "f60000000228": "Lena"}
    town = {"f60000000247": "Rostock"}
    assert wrong(form, {"g13000000001": me | {"g60000000086": town}}) == ["Straße", "Postleitzahl"]
    answers = {"g13000000001": me | {"g60000000086": town | {"ohne_wohnsitz": ["ja"]}}}
    assert wrong(form, answers) == []
    assert is_valid(form, api.effective(form, answers))


def test_who_lives_with_somebody_is_told_where_to_say_so_or_asked() -> None:
    [group] = definition_of(person(at(*HOUSE, MORE)))["steps"][0]["items"]
    more = next(item for item in group["items"][-1]["items"] if item.get("fim") == "F60000000248")
    assert more["hint"]["de"].startswith("Zum Beispiel Hinterhaus")
    assert "bei Hansen" in more["hint"]["de"]
    assert "en" not in more["hint"], "half of it would be German only"
    [group] = definition_of(person(at(*HOUSE, ("0:1", field3("F60000000248", "Adresszusatz")))))["steps"][0]["items"]
    more = next(item for item in group["items"][-1]["items"] if item.get("fim") == "F60000000248")
    assert "c/o Hansen" in more["hint"]["en"]
    without = form_of(person(at(*HOUSE)))
    assert "g13000000001.g60000000086.bei" in questions(without)


def test_a_company_and_a_building_are_never_without_an_abode() -> None:
    company = "1:1", group3("G13000000002", "Betrieb", [COMPANY, at(*HOUSE)])
    building = "1:1", group3("G13000000003", "Gebäude", [at(*HOUSE)])
    asked = questions(form_of(person(), company, building))
    assert [path for path in asked if "ohne_wohnsitz" in path or path.endswith(".bei")] == []


def test_a_birth_date_of_a_schema_may_be_known_in_part() -> None:
    born = [
        ("0:1", field3("F60000000231", "Tag", "num_int")),
        ("0:1", field3("F60000000232", "Monat", "num_int")),
        ("1:1", field3("F60000000233", "Jahr", "num_int")),
    ]
    parts = form_of(person(("1:1", group3("G60000000083", "Geburtsdatum", born))))
    me = {"f60000000227": "Hansen", "f60000000228": "Lena"}
    assert wrong(parts, {"g13000000001": me | {"g60000000083": {"f60000000233": 1960}}}) == []

    whole = form_of(person(("1:1", field3("F05000016340", "Geburtsdatum:", "date"))))
    for known in ("1960", "1960-05", "1960-05-03"):
        assert wrong(whole, {"g13000000001": me | {"f05000016340": known}}) == []
    [day] = [field for step in whole.steps for field in step.fields if field.type.name == "partial_date"]
    assert day.prefill == "birth_date"


def test_the_report_says_what_was_added_and_that_it_can_go() -> None:
    warnings = import_xml(schema3(person(at(*HOUSE))), (), lambda _: None).warnings
    assert [warning for warning in warnings if "Nur ein Name" in warning and "Ohne festen Wohnsitz" in warning]


@collected
def test_in_a_real_schema_every_person_may_have_one_name() -> None:
    raw = (CORPUS / "xdf3" / "S02000000112.xdf3.xml").read_bytes()
    asked = questions(api.compile_definition(api.load(import_xml(raw, (), find).definition)))
    assert sum(path.endswith(".nur_ein_name") for path in asked) == sum(
        path.endswith(".f60000000228") for path in asked
    )
    assert "g02000001432.g60000000086.ohne_wohnsitz" not in asked  # the association
    assert "g02000001440.g60000000086.ohne_wohnsitz" in asked  # who answers for prevention
