"""Three-valued conditions."""

from __future__ import annotations

import re

import pytest

from forms_engine import api
from forms_engine.conditions import all_of, any_of, exactly_one, negated
from tests.forms_engine.definitions import field, group, one_step, repeat

T, F, U = True, False, None


@pytest.mark.parametrize(
    ("a", "b", "conjunction", "disjunction", "exclusive"),
    [
        (T, T, T, T, F), (T, F, F, T, T), (T, U, U, T, U),
        (F, T, F, T, T), (F, F, F, F, F), (F, U, F, U, U),
        (U, T, U, T, U), (U, F, F, U, U), (U, U, U, U, U),
    ],
)  # fmt: skip
def test_tables_of_three_values(a, b, conjunction, disjunction, exclusive):
    assert (all_of([a, b]), any_of([a, b]), exactly_one([a, b])) == (conjunction, disjunction, exclusive)


def test_not_unknown_is_unknown():
    assert [negated(value) for value in (T, F, U)] == [F, T, U]


FORM = one_step(
    field("choice", "art", options=[{"value": v, "label": {"de": v}} for v in ("person", "firma")]),
    field("number", "alter"),
    field("currency", "preis"),
    field("date", "tag"),
    field("yes_no", "ja"),
    field("choices", "themen", options=[{"value": v, "label": {"de": v}} for v in ("a", "b", "c")]),
    field("text", "verdeckt", when={"equal": [{"answer": "ja"}, True]}),
    group("hunde", field("text", "name"), field("yes_no", "boese"), repeat=repeat(0)),
)
ANSWERS = {
    "art": "person",
    "alter": 18,
    "preis": "12.50",
    "tag": "2027-04-01",
    "ja": False,
    "themen": ["a", "b"],
    "verdeckt": "geheim",
    "hunde": [{"_id": "i1", "name": "Bello", "boese": False}, {"_id": "i2", "name": "Rex", "boese": True}],
}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"equal": [{"answer": "art"}, "person"]}, True),
        ({"not_equal": [{"answer": "art"}, "person"]}, False),
        ({"greater_or_equal": [{"answer": "alter"}, 18]}, True),
        ({"less_than": [{"answer": "alter"}, 18]}, False),
        ({"less_than": [{"answer": "preis"}, "100"]}, True),  # as numbers, not as words
        ({"greater_than": [{"answer": "tag"}, "2027-03-31"]}, True),
        ({"in": [{"answer": "art"}, ["firma", "person"]]}, True),
        ({"in": ["c", {"answer": "themen"}]}, False),
        ({"greater_than": [{"count": "themen"}, 1]}, True),
        ({"equal": [{"count": "hunde"}, 2]}, True),
        ({"equal": [{"answer": "hunde.boese"}, True]}, True),  # any of them
        ({"equal": [{"answer": "hunde.name"}, "Waldi"]}, False),
        ({"is_empty": {"answer": "verdeckt"}}, True),  # hidden, whatever the draft holds
        ({"equal": [{"answer": "verdeckt"}, "geheim"]}, None),
        ({"xor": [{"equal": [{"answer": "ja"}, False]}, {"equal": [{"answer": "alter"}, 3]}]}, True),
        (None, True),
    ],
)
def test_conditions_are_evaluated(condition, expected):
    assert api.evaluate(condition, ANSWERS, FORM) is expected


@pytest.mark.parametrize(
    "condition",
    [
        {"equal": [{"answer": "alter"}, 18]},
        {"not": {"equal": [{"answer": "alter"}, 18]}},
        {"less_than": [{"answer": "preis"}, "1"]},
        {"equal": [{"answer": "hunde.boese"}, True]},
    ],
)
def test_what_is_not_answered_is_unknown(condition):
    assert api.evaluate(condition, {}, FORM) is None


@pytest.mark.parametrize("answers", [{"alter": "achtzehn"}, {"alter": True}, {"alter": []}, {"alter": {"x": 1}}])
def test_answers_that_are_not_of_their_type_are_unknown(answers):
    assert api.evaluate({"equal": [{"answer": "alter"}, 18]}, answers, FORM) is None


def test_zero_and_no_are_answers():
    assert api.evaluate({"is_empty": {"answer": "alter"}}, {"alter": 0}, FORM) is False
    assert api.evaluate({"is_empty": {"answer": "ja"}}, {"ja": False}, FORM) is False


@pytest.mark.parametrize(
    ("condition", "part"),
    [
        ({"equal": [{"answer": "alterr"}, 1]}, "Meinen Sie „alter“?"),
        ({"eqal": [{"answer": "alter"}, 1]}, "Meinen Sie „equal“?"),
        ({"equal": [{"answer": "art"}, "persona"]}, "hat keine Option „persona“. Meinen Sie „person“?"),
        ({"equal": [{"answer": "alter"}, "viel"]}, "passt nicht zu „alter“"),
        ({"equal": [{"answer": "hunde"}, 1]}, "ist eine Gruppe"),
        ({"equal": [{"count": "alter"}, 1]}, "lässt sich nicht zählen"),
        ({"equal": [{"answer": "./alter"}, 1]}, "wiederholten Gruppe"),
    ],
)
def test_what_cannot_be_meant_is_told(condition, part):
    with pytest.raises(api.ConditionError, match=re.escape(part)):
        api.evaluate(condition, {}, FORM)
