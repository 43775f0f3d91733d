"""Answers that fit into another form: taken over by path and type, offered by meaning, never what is protected."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone

from forms_engine import api
from forms_engine.reusing import choice_of, harmonised
from tests.forms_engine.definitions import OPTIONS, field, filled, group, one_step, post, repeat

OLD = one_step(
    field("text", "name"),
    field("text", "weg"),
    field("number", "zahl"),
    field("text", "krank", privacy={"special": True}),
    field("consent", "ja"),
    field("file", "plan"),
    field("date", "ab", min="today"),
    field("choice", "art", options=OPTIONS),
    group("halter", field("text", "ort")),
    group("hunde", field("text", "rasse"), repeat=repeat(1, 3)),
)


def taken(new: api.CompiledForm, **answers: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    kept, left = api.take_over(OLD, answers, new, language="de")
    return kept, [(each.label, each.reason) for each in left]


def day(offset: int) -> str:
    return (timezone.localdate() + timedelta(days=offset)).isoformat()


def test_what_has_the_same_path_and_type_is_taken_over() -> None:
    answers = {
        "name": "Lena",
        "art": "a",
        "halter": {"ort": "Rostock"},
        "hunde": [{"_id": "i1", "rasse": "Pudel"}],
        "ab": day(3),
    }
    assert taken(OLD, **answers) == (answers, [])


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"krank": "ja"}, "special"),
        ({"ja": True}, "consent"),
        ({"plan": {"_files": ["1"]}}, "file"),
        ({"ab": day(-1)}, "not_valid"),
        ({"art": "gone"}, "not_valid"),
    ],
)
def test_what_must_be_said_anew_is_left_out_and_told(answer: dict[str, Any], reason: str) -> None:
    kept, left = taken(OLD, **answer)
    assert kept == {}
    assert [each for _label, each in left] == [reason]


def test_a_question_that_became_protected_is_left_out() -> None:
    new = one_step(field("text", "name", privacy={"special": True}))
    assert taken(new, name="Lena") == ({}, [("Name", "special")])


def test_what_the_new_form_does_not_ask_or_asks_otherwise_is_told() -> None:
    new = one_step(
        field("text", "zahl"), group("halter", field("text", "ort"), repeat=repeat()), field("text", "hunde")
    )
    kept, left = taken(new, weg="x", zahl=3, halter={"ort": "Rostock"}, hunde=[{"_id": "i1", "rasse": "Pudel"}])
    assert kept == {}
    assert left == [(label, "changed") for label in ("Weg", "Zahl", "Halter", "Hunde")]


def test_too_many_instances_are_cut_and_told() -> None:
    new = one_step(group("hunde", field("text", "rasse"), repeat=repeat(1, 1)))
    kept, left = taken(new, hunde=[{"_id": "i1", "rasse": "Pudel"}, {"_id": "i2", "rasse": "Dackel"}])
    assert kept == {"hunde": [{"_id": "i1", "rasse": "Pudel"}]}
    assert left == [("Hunde", "changed")]


def test_a_question_means_its_prefill_key_or_its_number_in_range_60() -> None:
    form = one_step(
        field("text", "a", prefill="given_name"),
        field("text", "f60000227"),
        field("text", "f60000000227_2"),
        field("text", "f17000227"),
    )
    assert [harmonised(each) for each in form.steps[0].fields] == ["given_name", "F60-227", "F60-227", None]


def test_a_question_that_was_given_another_key_keeps_its_meaning() -> None:
    form = one_step(field("text", "nachname", fim="F60000000230"), field("text", "f60000230"))
    assert [harmonised(each) for each in form.steps[0].fields] == ["F60-230", "F60-230"]


def test_only_empty_questions_are_open_that_the_profile_does_not_know() -> None:
    form = one_step(
        field("text", "vorname", prefill="given_name"),
        field("text", "nachname", prefill="family_name"),
        field("phone", "telefon", prefill="phone", privacy={"special": True}),
        field("text", "frei"),
    )
    asked = filled(form, answers={"vorname": None}, prefill={"given_name": "Lena"})
    assert [slot.name for slot in api.open_questions(asked)] == ["nachname"]


def test_answers_mean_the_same_by_key_and_type_and_are_valid_here() -> None:
    old = one_step(
        field("text", "a", prefill="city"),
        field("text", "b"),
        field("text", "c", prefill="city", privacy={"special": True}),
    )
    (wanted,) = one_step(field("text", "ort", prefill="city", max_length=10)).steps[0].fields
    assert list(api.same_answers(old, {"a": "Rostock", "b": "Wismar", "c": "Schwerin"}, wanted, "de")) == ["Rostock"]
    assert list(api.same_answers(old, {"a": "Neubrandenburg"}, wanted, "de")) == []


def test_a_choice_fills_its_boxes_and_leaves_the_others() -> None:
    data, name = api.with_choice(post(a="x", b="y"), choice_of("b", "Rostock"))
    assert (data["a"], data["b"], name) == ("x", "Rostock", "b")
    data, name = api.with_choice(post(a="x"), choice_of("g-d", {"day": "3", "year": ""}))
    assert (data["g-d_day"], data["g-d_year"], name) == ("3", "", "g-d")


@pytest.mark.parametrize("choice", ["", "x", "3", "[]", '["a"]', '[["a"],"b"]', '["a",3]', '["a",{"b":3}]', "[" * 5000])
def test_a_choice_that_is_none_changes_nothing(choice: str) -> None:
    data, name = api.with_choice(QueryDict("a=x"), choice)
    assert (dict(data.lists()), name) == ({"a": ["x"]}, "")


def test_a_value_says_where_it_comes_from_until_it_is_changed() -> None:
    form = one_step(
        field("text", "name", prefill="organisation_name"), group("hunde", field("text", "rasse"), repeat=repeat())
    )
    origins = api.Origins(
        profile={"organisation_name": "Aus den Daten von Kogge"},
        taken={"hunde": [{"_id": "i1", "rasse": "Pudel"}]},
        taken_from="Aus Ihrem Antrag",
    )

    def sources(**answers: Any) -> list[str]:
        shown = filled(form, answers=answers, prefill={"organisation_name": "Kogge"})
        shown.origins = origins
        return [shown.source(slot) for slot in shown.slots]

    assert sources(hunde=[{"_id": "i1", "rasse": "Pudel"}]) == ["Aus den Daten von Kogge", "Aus Ihrem Antrag"]
    assert sources(name="Andere", hunde=[{"_id": "i1", "rasse": "Dackel"}]) == ["", ""]
    assert sources(hunde=[{"_id": "i2", "rasse": "Pudel"}]) == ["Aus den Daten von Kogge", ""]
