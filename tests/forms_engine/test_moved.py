"""Which questions stand elsewhere in the next version of a form, and what names them outside."""

from typing import Any

import pytest

from forms_engine import api
from forms_engine.moved import earlier, moves, names_in, with_paths
from tests.forms_engine.definitions import definition, field, step

NAME, HARBOUR, DAYS = field("text", "name"), field("text", "hafen"), field("number", "tage")


def group(key: str, *items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "group", "key": key, "title": {"de": key.capitalize()}, "items": list(items)} | more


def many(key: str, *items: dict[str, Any]) -> dict[str, Any]:
    return group(key, *items, repeat={"min": 1, "max": 3, "instance": {"de": "Boot"}, "add": {"de": "Dazu"}})


def called(key: str, like: dict[str, Any]) -> dict[str, Any]:
    return like | {"key": key}


def made(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Any:
    forms = [api.compile_definition(api.load(definition(step("s", *items)))) for items in (old, new)]
    return moves(*forms)


@pytest.mark.parametrize(
    ("new", "to"),
    [
        ([NAME, group("lage", HARBOUR), DAYS], {"hafen": "lage.hafen"}),
        ([NAME, called("ort", HARBOUR), DAYS], {"hafen": "ort"}),
        ([NAME, group("lage", called("ort", HARBOUR)), DAYS], {"hafen": "lage.ort"}),
        ([NAME, DAYS, HARBOUR], {}),
        ([NAME, DAYS], {}),
        ([NAME, DAYS, field("number", "ort") | {"label": HARBOUR["label"]}], {}),
        ([NAME, DAYS, many("boote", HARBOUR)], {}),
    ],
    ids=["moved", "renamed", "both", "other order", "gone", "another type", "into a repeated group"],
)
def test_question_is_known_by_key_or_label(new: list[dict[str, Any]], to: dict[str, str]) -> None:
    found = made([NAME, HARBOUR, DAYS], new)
    assert (found.to, found.unclear) == (to, {})


def test_number_in_the_federation_goes_before_key_and_label() -> None:
    old = [NAME, HARBOUR | {"fim": "F13000000001"}]
    new = [NAME, field("text", "platz", fim="F13000000001"), group("lage", HARBOUR)]
    assert made(old, new).to == {"hafen": "platz"}


def test_where_two_may_be_meant_nobody_decides() -> None:
    found = made([NAME, HARBOUR], [NAME, group("a", HARBOUR), group("b", HARBOUR)])
    assert (found.to, found.unclear) == ({}, {"hafen": ["a.hafen", "b.hafen"]})
    found = made([called("x", HARBOUR), called("y", HARBOUR)], [called("z", HARBOUR)])
    assert (found.to, found.unclear) == ({}, {"x": ["z"], "y": ["z"]})


def test_repeated_group_that_is_renamed_takes_its_questions_along() -> None:
    found = made([many("boote", DAYS)], [called("schiffe", many("boote", called("dauer", DAYS)))])
    assert found.to == {"boote": "schiffe", "boote.tage": "schiffe.dauer"}


def test_condition_names_and_takes_other_paths() -> None:
    condition = {"and": [{"equal": [{"answer": "hafen"}, "hafen"]}, {"not": {"greater_than": [{"count": "boote"}, 1]}}]}
    assert list(names_in(condition)) == ["hafen", "boote"]
    assert with_paths(condition, {"hafen": "lage.hafen"})["and"][0] == {"equal": [{"answer": "lage.hafen"}, "hafen"]}
    assert list(names_in(None)) == []
    assert with_paths(None, {"a": "b"}) is None


def test_earlier_versions_are_found_through_several_moves() -> None:
    once = earlier({}, {"a": "b"}, ["1"])
    assert once == {"1": {"b": "a"}}
    twice = earlier(once, {"b": "c", "x": "y"}, ["1", "2"])
    assert twice == {"1": {"c": "a", "y": "x"}, "2": {"c": "b", "y": "x"}}
