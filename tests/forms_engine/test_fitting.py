"""Answers of one version laid into another: by path and id, and nothing goes unsaid."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from forms_engine import api
from forms_engine.fitting import Fit, Homeless, fit, shown
from tests.forms_engine.definitions import definition, field, group, repeat, step

OPTIONS = [{"value": value, "label": {"de": value.upper()}} for value in ("a", "b", "c")]


def compiled(*steps: dict[str, Any]) -> api.CompiledForm:
    return api.compile_definition(api.load(definition(*steps)))


def laid(old: list[dict[str, Any]], new: list[dict[str, Any]], answers: dict[str, Any], **more: Any) -> Fit:
    return fit(compiled(step("s", *old)), compiled(step("s", *new)), answers, **more)


def test_same_form_keeps_everything_also_what_is_hidden_or_unfinished() -> None:
    items = [field("text", "name"), field("number", "zahl", when={"equal": [{"answer": "name"}, "x"]})]
    answers = {"name": "Lena", "zahl": "keine Zahl"}
    found = laid(items, items, answers)
    assert (found.answers, found.homeless, found.moved, found.reworded) == (answers, [], [], [])


def test_gone_question_and_other_type_have_no_place_and_are_told_in_words() -> None:
    old = [field("text", "name"), field("choice", "art", options=OPTIONS), field("date", "tag")]
    new = [field("number", "name"), field("date", "tag")]
    found = laid(old, new, {"name": "Lena", "art": "b", "tag": "2027-04-01"})
    assert found.answers == {"tag": "2027-04-01"}
    assert found.homeless == [Homeless("name", "Name", "Lena", "name"), Homeless("art", "Art", "B", "art")]


def test_what_was_left_empty_is_not_told() -> None:
    found = laid(
        [field("text", "name"), field("address", "wo")], [field("text", "x")], {"name": None, "wo": {"city": ""}}
    )
    assert (found.answers, found.homeless) == ({}, [])


def test_option_that_is_gone_has_no_place() -> None:
    old = [field("choice", "art", options=OPTIONS), field("choices", "themen", options=OPTIONS)]
    new = [field("choice", "art", options=OPTIONS[:1]), field("choices", "themen", options=OPTIONS[:2])]
    found = laid(old, new, {"art": "c", "themen": ["a", "c"]})
    assert [(each.path, each.words) for each in found.homeless] == [("art", "C"), ("themen", "A, C")]
    assert laid(old, new, {"art": "a", "themen": ["a", "b"]}).homeless == []


def test_longer_text_takes_a_line_and_a_line_does_not_take_a_longer_text() -> None:
    line, text = [field("text", "a")], [field("multiline", "a")]
    assert laid(line, text, {"a": "eins"}).answers == {"a": "eins"}
    assert [each.words for each in laid(text, line, {"a": "eins\nzwei"}).homeless] == ["eins\nzwei"]


def test_instances_keep_their_ids_and_those_over_the_new_most_are_told() -> None:
    old = [group("hunde", field("text", "name"), field("text", "rasse"), repeat=repeat(1, 3))]
    new = [group("hunde", field("text", "name"), repeat=repeat(1, 1))]
    answers = {"hunde": [{"_id": "i1", "name": "Bruno", "rasse": "Labrador"}, {"_id": "k3", "name": "Frieda"}]}
    found = laid(old, new, answers)
    assert found.answers == {"hunde": [{"_id": "i1", "name": "Bruno"}]}
    assert found.homeless == [
        Homeless("hunde.rasse", "Hund 1, Rasse", "Labrador", "hunde-i1-rasse"),
        Homeless("hunde.name", "Hund 2, Name", "Frieda", "hunde-k3-name"),
    ]


def test_block_that_repeats_no_longer_has_no_place_for_any_of_it() -> None:
    old = [group("hund", field("text", "name"), repeat=repeat())]
    new = [group("hund", field("text", "name"))]
    found = laid(old, new, {"hund": [{"_id": "i1", "name": "Bruno"}]})
    assert (found.answers, [each.words for each in found.homeless]) == ({}, ["Bruno"])


def test_question_in_another_step_or_with_other_words_is_told_once() -> None:
    old = compiled(step("eins", field("text", "name")), step("zwei", field("text", "ort")))
    new = compiled(
        step("eins"[:4], field("text", "ort")), step("zwei", field("text", "name") | {"label": {"de": "Ihr Name"}})
    )
    found = fit(old, new, {"name": "Lena", "ort": "Hafen"})
    assert [(each.label, each.before, each.after) for each in found.moved] == [
        ("Ihr Name", "Schritt eins", "Schritt zwei"),
        ("Ort", "Schritt zwei", "Schritt eins"),
    ]
    assert [(each.before, each.after, each.path) for each in found.reworded] == [("Name", "Ihr Name", "name")]


def test_files_are_told_by_their_names() -> None:
    upload = api.Upload(id="1", name="plan.pdf", size=10)
    answers = {"plan": {"_files": ["1"]}}
    found = laid([field("file", "plan")], [field("text", "x")], answers, uploads={"plan": [upload]})
    assert [(each.words, each.name) for each in found.homeless] == [("plan.pdf", "plan")]


def test_shown_names_what_the_answers_lead_to() -> None:
    when = {"equal": [{"answer": "hund"}, True]}
    inside = group(
        "hunde",
        field("text", "name"),
        field("text", "marke", when={"equal": [{"answer": "./name"}, "B"]}),
        repeat=repeat(),
    )
    form = compiled(step("eins", field("yes_no", "hund"), inside), step("zwei", field("text", "ort"), when=when))
    none = shown(form, {"hund": False, "hunde": [{"_id": "i1", "name": "A"}]})
    assert none == {"/eins", "hund", "hunde", "hunde.name"}
    both = {"hund": True, "hunde": [{"_id": "i1", "name": "A"}, {"_id": "i2", "name": "B"}]}
    assert shown(form, both) == none | {"/zwei", "ort", "hunde.marke"}


KEYS = ("a", "b", "c", "d")
KINDS = ("text", "multiline", "number", "yes_no")
SHAPES = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(KINDS), min_size=1)
VALUES = {"text": "Wort", "multiline": "Wort", "number": 3, "yes_no": True}


@given(before=SHAPES, after=SHAPES, filled=st.sets(st.sampled_from(KEYS)))
@settings(max_examples=60, deadline=None)
def test_every_answer_keeps_its_place_or_is_told(
    before: dict[str, str], after: dict[str, str], filled: set[str]
) -> None:
    answers = {key: VALUES[kind] for key, kind in before.items() if key in filled}
    old, new = ([field(kind, key) for key, kind in shape.items()] for shape in (before, after))
    found = laid(old, new, answers)
    told = {each.path for each in found.homeless}
    assert told | found.answers.keys() == answers.keys()
    assert not told & found.answers.keys()
    assert all(found.answers[key] == answers[key] for key in found.answers)
