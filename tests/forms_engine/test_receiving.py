"""Answers written out under the ids of the federation's schema."""

from forms_engine import api
from forms_engine.receiving import by_fim_ids
from forms_engine.xdatenfelder.api import import_xml
from tests.forms_engine.definitions import field, one_step
from tests.xdatenfelder.schemas import field3, group3, schema3


def imported(*parts: tuple[str, str]) -> api.CompiledForm:
    return api.compile_definition(api.load(import_xml(schema3(*parts), (), lambda _: None).definition))


def written(form: api.CompiledForm, answers: dict) -> dict:
    told = by_fim_ids(form, answers)
    assert told is not None
    assert (told["schema"], told["version"]) == ("S13000000077", "1.0.0")
    return told["answers"]


def test_ids_stand_as_the_schema_writes_them_and_lists_where_something_repeats():
    inner = [
        ("1:1", field3("F13000000001", "Name")),
        ("0:*", field3("F13000000002", "Länge", "num_int")),
        ("0:3", field3("F13000000003", "Bild", "file")),
    ]
    form = imported(("1:*", group3("G13000000001", "Boot", inner)), ("0:1", field3("F13000000004", "Ort")))
    answers = {
        "g13000000001": [
            {
                "_id": "i1",
                "f13000000001": "Ahoi",
                "f13000000002": [{"_id": "i1", "f13000000002": 4}, {"_id": "i2", "f13000000002": 5}],
                "f13000000003": {"_files": ["u1"]},
            },
            {"_id": "i2", "f13000000001": "Moin"},
        ]
    }
    assert written(form, answers) == {
        "G13000000001": [
            {"F13000000001": "Ahoi", "F13000000002": [4, 5], "F13000000003": ["u1"]},
            {"F13000000001": "Moin"},
        ]
    }


def test_an_id_that_stands_twice_in_a_group_is_a_list_with_its_places():
    inner = [("0:1", field3("F13000000001", "Erster")), ("0:1", field3("F13000000001", "Zweiter"))]
    form = imported(("1:1", group3("G13000000001", "Namen", inner)), ("0:1", group3("G13000000001", "Namen", inner)))
    second = {"f13000000001_2": "Ada"}
    assert written(form, {"g13000000001_2": second}) == {"G13000000001": [None, {"F13000000001": [None, "Ada"]}]}
    assert written(form, {}) == {}


def test_a_group_that_the_layout_divided_is_whole_again():
    parts = [
        (
            "1:1",
            group3(
                f"G1300000001{number}", "Teil", [("1:1", field3(f"F130000000{number}{n}", "Frage")) for n in range(9)]
            ),
        )
        for number in (1, 2)
    ]
    form = imported(("1:1", group3("G13000000001", "Alles", parts)))
    assert len(form.steps) == 2
    answers = {"g13000000001": {f"g1300000001{number}": {f"f130000000{number}0": "x"} for number in (1, 2)}}
    assert written(form, answers) == {
        "G13000000001": {f"G1300000001{number}": {f"F130000000{number}0": "x"} for number in (1, 2)}
    }


def test_a_form_of_our_own_has_no_such_ids():
    assert by_fim_ids(one_step(field("text", "a")), {"a": "x"}) is None
