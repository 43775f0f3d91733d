"""The published JSON Schema of a form: it takes what the form submits, and refuses what it can say is wrong."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from forms_engine import api
from forms_engine.json_schema.api import schema_of_answers
from forms_engine.json_schema.patterns import portable
from tests.forms_engine.definitions import (
    ALL_TYPES,
    DEMO,
    OPTIONS,
    definition,
    demo,
    field,
    filled,
    group,
    one_step,
    post,
    repeat,
    step,
)
from tests.forms_engine.test_round_trip import TYPED

ADDRESS = "https://portal.example/formulare/rostock/probe/1/schema.json"
EQUAL_YES = {"equal": [{"answer": "a"}, True]}


def validator(form: api.CompiledForm) -> Draft202012Validator:
    schema = schema_of_answers(form, ADDRESS)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def accepts(form: api.CompiledForm, answers: dict[str, Any]) -> bool:
    return validator(form).is_valid(answers)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_each_type_takes_is_valid(data):
    """One of ALL_TYPES' kinds at a time, as somebody might type it."""
    kind = data.draw(st.sampled_from(sorted(TYPED)))
    typed = data.draw(TYPED[kind])
    more = {"choice": {"options": OPTIONS}, "choices": {"options": OPTIONS}}
    more["address"] = {"care_of": True, "no_fixed_abode": True}
    form = one_step(field(kind, "x", **more.get(kind, {})))
    values = {f"x_{part}": text for part, text in typed.items()} if isinstance(typed, dict) else {"x": typed}
    checked = filled(form, post(**values))
    assert checked.is_valid(), checked.error_list
    assert accepts(form, api.effective(form, checked.cleaned_answers))


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("text", ["", "a" * 256, "\u0416", 3]),
        ("number", ["3", 2.5, True]),
        ("decimal", ["2,50", "2.5", 2.5]),
        ("currency", ["1.234"]),
        ("date", ["3.5.2024", "2024-02-30", "2024-13-01"]),
        ("partial_date", ["60", "1960-5"]),
        ("time", ["24:00", "9:00"]),
        ("datetime", ["2024-01-01"]),
        ("yes_no", ["true"]),
        ("email", ["lena", "lena@"]),
        ("phone", ["anrufen"]),
        ("postal_code", ["1805", "00100"]),
        ("iban", ["DE"]),
        ("tax_id", ["123"]),
        ("bic", ["ABC"]),
        ("licence_plate", ["HRO AB 1"]),
        ("country", ["YY"]),
        ("person_name", [{"given_name": "Lena", "family_name": "", "one_name": False}]),
        ("address", [{"street": "", "house_number": "1", "postal_code": "18055", "city": "Rostock"}]),
        ("file", [{"_files": []}, {"_files": ["1", "2", "3", "4", "5", "6"]}]),
        ("consent", [False]),
    ],
)
def test_what_no_type_keeps_is_refused(kind, wrong):
    form = one_step(field(kind, "x"))
    assert [answer for answer in wrong if accepts(form, {"x": answer})] == []
    assert not accepts(form, {})
    assert not accepts(form, {"y": 1})


def test_every_type_has_a_schema():
    properties = schema_of_answers(ALL_TYPES, ADDRESS)["properties"]
    assert set(properties) == {question.key for question in ALL_TYPES.steps[0].fields}


@pytest.mark.parametrize("file", sorted(DEMO.glob("*.json")), ids=lambda file: file.stem)
def test_each_form_of_the_demo_has_a_schema(file):
    validator(demo(file.stem))


# --- what depends on other answers ---------------------------------------------------------------------------------

CASES = {
    "question": one_step(field("yes_no", "a"), field("text", "b", when=EQUAL_YES)),
    "group": one_step(
        field("yes_no", "a", required=False),
        group("g", field("text", "b"), field("number", "c", required=False, min=3), when={"not": EQUAL_YES}),
    ),
    "in a voluntary group": one_step(
        field("yes_no", "a"), group("g", field("text", "b"), field("text", "d", when=EQUAL_YES), optional=True)
    ),
    "choice and number": one_step(
        field("choice", "o", options=OPTIONS),
        field("number", "c", required=False),
        field(
            "text",
            "b",
            when={"and": [{"in": [{"answer": "o"}, ["a", "b"]]}, {"less_than": [5, {"answer": "c"}]}]},
        ),
    ),
    "either of two": one_step(
        field("text", "b", required=False),
        field("text", "d", required=False),
        rules=[
            {
                "require": {"xor": [{"is_empty": {"answer": "b"}}, {"is_empty": {"answer": "d"}}]},
                "at": "b",
                "message": {"de": "Eines von beiden."},
            }
        ],
    ),
    "a step": api.compile_definition(
        api.load(definition(step("s", field("yes_no", "a")), step("t", field("text", "b"), when=EQUAL_YES)))
    ),
}
VALUES = {"a": [None, True, False], "b": [None, "x"], "c": [None, 4, 6], "d": [None, "y"], "o": [None, "a", "c"]}


def assignments(form: api.CompiledForm):
    fields = [question for part in form.steps for question in part.fields]
    for values in product(*(VALUES[question.key] for question in fields)):
        answers: dict[str, Any] = {}
        for question, value in zip(fields, values, strict=True):
            into = answers
            for key in question.path[:-1]:
                into = into.setdefault(key, {})
            into[question.key] = value
        yield answers


@pytest.mark.parametrize("form", CASES.values(), ids=CASES)
def test_form_and_schema_agree_on_all_answers(form):
    schema, told = validator(form), set()
    for answers in assignments(form):
        fine = api.check(form, answers) == []
        assert schema.is_valid(api.effective(form, answers)) is fine, answers
        told.add(fine)
    assert told == {True, False}


def test_what_is_hidden_is_not_there():
    assert not accepts(CASES["question"], {"a": False, "b": "x"})
    assert accepts(CASES["question"], {"a": False})


def test_conditions_and_rules_hold_per_instance():
    dog = group(
        "dogs",
        field("yes_no", "a"),
        field("text", "b", when={"equal": [{"answer": "./a"}, True]}),
        field("text", "d", required=False, when={"equal": [{"answer": "many"}, True]}),
        field("number", "c", required=False),
        repeat=repeat(),
        rules=[
            {
                "require": {"greater_than": [{"answer": "./c"}, 2]},
                "at": "./c",
                "message": {"de": "Mehr als zwei."},
            }
        ],
    )
    form = one_step(field("yes_no", "many"), dog)

    def dogs(*entries: dict[str, Any], many: bool = True) -> bool:
        told = [{"_id": f"i{number}", **entry} for number, entry in enumerate(entries)]
        answers = {"many": many, "dogs": told}
        seen = accepts(form, answers)
        assert seen is (api.check(form, answers) == [] and api.effective(form, answers) == answers)
        return seen

    assert dogs({"a": False}, {"a": True, "b": "x", "d": "y", "c": 3})
    assert not dogs({"a": False}, {"a": True})
    assert not dogs({"a": False, "b": "x"})
    assert not dogs({"a": False, "c": 2})
    assert not dogs({"a": False, "d": "y"}, many=False)
    assert not accepts(form, {"many": True})


def test_any_of_the_instances_is_enough_for_the_whole_form():
    dog = group("dogs", field("yes_no", "a"), repeat=repeat())
    form = one_step(dog, field("text", "b", when={"equal": [{"answer": "dogs.a"}, True]}))
    mixed = [{"_id": "i1", "a": False}, {"_id": "i2", "a": True}]
    assert accepts(form, {"dogs": mixed, "b": "x"})
    assert not accepts(form, {"dogs": mixed})
    assert accepts(form, {"dogs": mixed[:1]})
    assert not accepts(form, {"dogs": mixed[:1], "b": "x"})


def test_a_condition_without_words_makes_a_question_voluntary():
    form = one_step(
        field("text", "x"), field("text", "b", when={"starts_with": [{"answer": "x"}, "A"]}), field("decimal", "d")
    )
    assert accepts(form, {"x": "Ada", "d": "1.00"})
    assert accepts(form, {"x": "Ada", "d": "1.00", "b": "y"})


def test_a_voluntary_group_that_stays_empty_is_not_submitted():
    inner = group("rows", field("text", "b"), repeat=repeat())
    form = one_step(field("yes_no", "a"), group("g", inner, optional=True))
    answers = {"a": True, "g": {"rows": [{"_id": "i1", "b": None}]}}
    assert api.check(form, answers) == []
    assert api.effective(form, answers) == {"a": True}
    assert accepts(form, {"a": True})
    answers["g"]["rows"][0]["b"] = "x"
    assert accepts(form, api.effective(form, answers))


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("[0-9]{15}", "^(?:[0-9]{15})$"),
        ("([0]{1}[1-9]{1}|[1-9]{1}[0-9]{1})[0-9]{3}", "^(?:([0]{1}[1-9]{1}|[1-9]{1}[0-9]{1})[0-9]{3})$"),
        (r"[A-Za-z0-9._%+\-]+@x\.de$", r"^(?:[A-Za-z0-9._%+\-]+@x\.de$)$"),
        (r"\p{L}+", None),
        (r"\W", None),
        (r"[^\w]", None),
        ("(?i)a", None),
        (r"a\-b", None),
    ],
)
def test_a_pattern_is_told_where_all_readers_understand_it_alike(pattern, said):
    assert portable(pattern) == said
