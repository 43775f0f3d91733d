"""The types of fields that Germany's forms need: what each takes, keeps, shows and refuses."""

from __future__ import annotations

import pytest

from forms_engine import api
from tests.forms_engine.definitions import field, filled, one_step, post

HOME = {"street": "Lange Straße", "house_number": "12", "postal_code": "18055", "city": "Rostock"}


def typed_in(form, **values):
    """What is stored for the question `x` and how it is shown; or the sentence and the boxes that are wrong."""
    bound = filled(form, post(**values))
    if not bound.is_valid():
        return bound.error_list[0][2], bound.wrong_parts(bound.slots[0])
    answers = bound.cleaned_answers
    assert api.check(form, answers) == []
    assert filled(form, answers=answers).slots[0].raw == form.steps[0].fields[0].type.raw(answers["x"])
    return answers["x"], shown(form, answers)


def shown(form, answers, language="de"):
    return api.summary(form, answers, language=language)[0].rows[0].value


def boxes(**values):
    return {f"x_{part}": value for part, value in values.items()}


ADDRESS = one_step(field("address", "x", care_of=True, no_fixed_abode=True))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("12 – 14", "12-14"),
        ("12a-c", "12a-c"),
        ("12 a", "12 a"),
        ("3/5", "3/5"),
        ("7 1/2", "7 1/2"),
        ("12 HH", "12 HH"),
    ],
)
def test_house_numbers_may_be_ranges_and_have_additions(typed, stored):
    answer, words = typed_in(one_step(field("address", "x")), **boxes(**HOME | {"house_number": typed}))
    assert answer == HOME | {"house_number": stored}
    assert words == f"Lange Straße {stored}, 18055 Rostock"


def test_people_live_with_others():
    answer, words = typed_in(ADDRESS, **boxes(**HOME, care_of="Familie Yılmaz"))
    assert answer == HOME | {"care_of": "Familie Yılmaz", "no_fixed_abode": False}
    assert words == "bei Familie Yılmaz, Lange Straße 12, 18055 Rostock"


def test_nobody_needs_a_house_to_apply():
    answer, words = typed_in(ADDRESS, **boxes(city="Rostock", care_of="Bahnhofsmission", no_fixed_abode="true"))
    assert answer["street"] == answer["house_number"] == answer["postal_code"] == ""
    assert answer["no_fixed_abode"] is True
    assert words == "bei Bahnhofsmission, Rostock, ohne festen Wohnsitz"
    assert typed_in(ADDRESS, **boxes(no_fixed_abode="true")) == (
        "Geben Sie auch den Ort ein, zum Beispiel Rostock.",
        ("city",),
    )


def test_house_is_needed_where_the_form_does_not_offer_otherwise():
    sentence, wrong = typed_in(one_step(field("address", "x")), **boxes(city="Rostock", no_fixed_abode="true"))
    assert wrong == ("street", "house_number", "postal_code")
    assert sentence.startswith("Geben Sie Straße")


@pytest.mark.parametrize(("number", "lies"), [("26-34", True), ("24-26", None), ("27-33", False), ("ohne", None)])
def test_range_of_house_numbers_lies_in_an_area_with_both_ends(number, lies):
    area = [{"street": "Lange Straße", "parity": "even", "from": 26, "to": 34}]
    form = one_step(field("address", "x"))
    condition = {"in_area": [{"answer": "x"}, "Nord"]}
    around = api.Surroundings(areas={"Nord": area})
    assert api.evaluate(condition, {"x": HOME | {"house_number": number}}, form, around) is lies
