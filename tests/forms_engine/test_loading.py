"""Definitions from outside: accepted, or refused with German sentences that name the place."""

from __future__ import annotations

import base64
import copy
import json
import os
from functools import reduce
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms_engine import api
from tests.forms_engine.definitions import (
    DEMO,
    as_bytes,
    definition,
    demo,
    field,
    group,
    one_step,
    problems,
    repeat,
    step,
)

CORPUS = Path(os.environ.get("PORTAL_CORPUS", "../shared/data")) / "badinput" / "jsontestsuite.json"


@pytest.mark.parametrize("name", ["hundesteuer-anmelden", "wuensche-und-ideen"])
def test_demo_forms_are_accepted_without_warning(name):
    assert api.warnings(api.load((DEMO / f"{name}.json").read_bytes())) == []


def test_size_of_a_form_is_counted():
    assert demo("wuensche-und-ideen").counts() == {"steps": 2, "fields": 9, "groups": 1, "rules": 1}


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"{", "Das ist kein JSON"),
        (b"\xff{}", "nicht in UTF-8"),
        (b"[]", "JSON-Objekt"),
        (b'{"a": NaN}', "„NaN“ gibt es in JSON nicht"),
        (b'{"a": 1, "a": 2}', "„a“ steht zweimal"),
        (b'{"a": 1.5}', 'als Text, zum Beispiel "1.5"'),
        (b'{"a": ' + b"9" * 5000 + b"}", "zu lang"),
        (b'{"a": ' + b"[" * 7000 + b"]" * 7000 + b"}", "zu tief"),
        (b"[" * 100_000, "zu tief"),
        (b'{"a": "\\u0000"}', "nicht speichern"),
        (b'{"a": "\\ud800"}', "nicht speichern"),
        (b'{"a": "' + b"x" * 2_000_001 + b'"}', "zu groß"),
    ],
)
def test_json_is_read_strictly(raw, sentence):
    assert sentence in problems(raw)[0]


def test_no_json_of_the_test_suite_breaks_the_loader():
    if not CORPUS.exists():
        pytest.skip("JSONTestSuite is not here; set PORTAL_CORPUS to the folder that holds badinput/")
    for case in json.loads(CORPUS.read_text())["cases"]:
        assert problems(base64.b64decode(case["b64"])), case["name"]  # none of them is a definition


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"titel": {"de": "x"}}, "$: Den Schlüssel „titel“ gibt es hier nicht. Meinen Sie „title“?"),
        ({"format": 2}, "$.format: Hier steht 1."),
        ({"key": "Große Probe"}, "$.key: „Große Probe“ passt nicht."),
        ({"title": {"en": "x"}}, "$.title: Der Schlüssel „de“ fehlt."),
        ({"steps": "keine"}, "$.steps: Hier steht eine Liste."),
    ],
)
def test_what_does_not_fit_the_schema_is_told_with_its_place(change, sentence):
    assert any(problem.startswith(sentence) for problem in problems(definition(step("s", field("text", "a"))) | change))


@pytest.mark.asvs("V8.4.1")
@pytest.mark.parametrize("name", ["authority", "authority_id", "tenant"])
def test_definition_names_no_authority(name):
    """It goes to the authority for which it is imported; one that claims another is refused, not followed."""
    [problem] = problems(definition(step("s", field("text", "a"))) | {name: "schwerin"})
    assert problem.startswith(f"$: Den Schlüssel „{name}“ gibt es hier nicht.")


@pytest.mark.parametrize(
    ("item", "place", "sentence"),
    [
        (field("text", "a", requierd=True), "", "Den Schlüssel „requierd“ gibt es hier nicht. Meinen Sie „required“?"),
        (field("txt", "a"), ".type", "„txt“ gibt es hier nicht."),
        (field("choice", "a"), "", "Der Schlüssel „options“ fehlt."),
        (field("text", "a", when={"equal": [{"answer": "b"}, 1]}), ".when", "Die Frage „b“ gibt es nicht."),
        (field("text", "a", when={"eqal": []}), ".when", "„eqal“ gibt es hier nicht. Meinen Sie „equal“?"),
        (field("text", "a", pattern={"re": "(?=x)", "message": {"de": "x"}}), ".pattern.re", "Das Muster von „A“"),
        (field("yes_no", "a", prefill="email"), ".prefill", "passt nicht zu einem Feld der Art „yes_no“."),
        (field("text", "a", prefill="mail"), ".prefill", "„mail“ gibt es hier nicht."),
        (field("date", "a", max="2027-02-30"), ".max", "Den Tag „2027-02-30“ gibt es nicht."),
        (field("text", "version"), ".key", "braucht die Seite selbst"),
        (field("number", "a", min=3, max=2), ".min", "„A“: Das Mindeste liegt über dem Höchsten."),
        (group("a", field("text", "b"), optional=True, repeat=repeat()), "", "Eine Gruppe ist entweder"),
        (group("a", field("text", "b"), repeat=repeat(3, 2)), ".repeat.min", "„A“ soll mindestens öfter vorkommen"),
    ],
)
def test_what_makes_no_sense_is_told_with_its_place(item, place, sentence):
    (problem,) = problems(definition(step("s", item)))
    assert problem.startswith(f"$.steps[0].items[0]{place}: ")
    assert sentence in problem


def test_keys_are_unique_in_the_whole_form():
    found = problems(definition(step("s", field("text", "a")), step("t", field("text", "a"))))
    assert found == ["$: Der Schlüssel „a“ kommt 2-mal vor. Nennen Sie einen anders."]


def test_boxes_of_a_field_cannot_be_taken_by_another():
    assert (
        "gehört schon zu den Kästchen" in problems(definition(step("s", field("date", "a"), field("text", "a_day"))))[0]
    )


def test_cycles_are_named_with_their_chain():
    found = problems(
        definition(
            step(
                "s",
                field("yes_no", "a", when={"equal": [{"answer": "c"}, True]}),
                field("yes_no", "b", when={"equal": [{"answer": "a"}, True]}),
                field("yes_no", "c", when={"equal": [{"answer": "b"}, True]}),
            )
        )
    )
    assert found == ["$: Diese Bedingungen drehen sich im Kreis: „A“ → „C“ → „B“ → „A“."]


def test_group_that_waits_for_its_own_question_is_a_cycle():
    found = problems(definition(step("s", group("g", field("yes_no", "a"), when={"equal": [{"answer": "g.a"}, True]}))))
    assert "„G“ → „A“ → „G“" in found[0]


def test_step_that_waits_for_its_own_question_is_a_cycle():
    found = problems(definition(step("s", field("yes_no", "a"), when={"equal": [{"answer": "a"}, True]})))
    assert "im Kreis" in found[0]


def test_file_fields_without_limits_and_missing_english_are_warnings():
    warned = api.warnings(api.load(definition(step("s", field("file", "a")))))
    assert any("Setzen Sie diese Grenzen" in warning for warning in warned)
    assert any("keine englische Fassung" in warning for warning in warned)


@pytest.mark.asvs("V15.2.2")
def test_hostile_pattern_does_not_take_time():
    form = one_step(field("text", "a", max_length=5000, pattern={"re": "^(a+)+$", "message": {"de": "Nur a."}}))
    checked = api.step_form(form, "s", {"a": "a" * 4999 + "b"}, language="de", data=None)
    assert checked.slots[0].error is not None


def test_loading_a_dict_is_as_strict_as_loading_bytes():
    assert problems({"a": float("nan")})
    assert problems(as_bytes(definition(step("s", field("text", "a"))))) == []


JUNK = st.sampled_from(
    (
        *(None, True, 0, -1, 10**15, "", "x", "./x", "a.b", "today", "[", "group", "static", "\ufffe", "hunde"),
        *([], {}, [[]], ["a", 1], {"de": ""}, {"de": "x"}, {"answer": "x"}, {"count": "hunde"}),
        *({"equal": []}, {"not": {}}, {"and": [{}]}),
    )
)
WHOLE = json.loads((DEMO / "hundesteuer-anmelden.json").read_bytes())


def places(value, path=()):
    yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in children:
        yield from places(below, (*path, key))


@settings(deadline=None, max_examples=150)
@given(st.sampled_from([path for path in places(WHOLE) if path]), JUNK)
def test_no_damage_to_a_definition_breaks_the_loader(path, junk):
    """What is accepted compiles and can be shown; what is not is told in sentences."""
    damaged = copy.deepcopy(WHOLE)
    reduce(lambda value, key: value[key], path[:-1], damaged)[path[-1]] = junk
    if problems(damaged):
        return
    form = api.compile_definition(damaged)
    for one in form.steps:
        assert api.step_form(form, one.key, {}, language="de").rows
    api.check(form, {})
