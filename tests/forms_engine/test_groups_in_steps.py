"""A group that stands in several steps is one group: its paths, its answers, what it requires."""

from forms_engine import api
from forms_engine.json_schema.api import schema_of_answers
from tests.forms_engine.definitions import definition, field, group, post, problems, repeat, step


def split(**more) -> dict:
    return definition(
        step("eins", group("halter", field("text", "name"), **more)),
        step("zwei", group("halter", field("text", "ort"), group("hund", field("text", "rasse")), **more)),
        step("drei", group("halter", group("hund", field("text", "farbe")), **more)),
    )


WHOLE = {"halter": {"name": "Lena", "ort": "Rostock", "hund": {"rasse": "Dackel", "farbe": "braun"}}}


def test_what_is_submitted_does_not_tell_the_steps():
    form = api.compile_definition(api.load(split()))
    answers: dict = {}
    for key, typed in (
        ("eins", post(halter__name="Lena")),
        ("zwei", post(halter__ort="Rostock", halter__hund__rasse="Dackel")),
        ("drei", post(halter__hund__farbe="braun")),
    ):
        bound = api.step_form(form, key, answers, language="de", data=typed)
        assert bound.is_valid(), bound.error_list
        answers = api.merge(answers, bound.cleaned_answers)
    assert api.check(form, answers) == []
    assert api.effective(form, answers) == WHOLE
    assert schema_of_answers(form, "x:y")["properties"]["halter"]["required"] == ["name", "ort", "hund"]
    assert form.counts()["groups"] == 2


def test_a_voluntary_group_is_required_once_one_of_its_steps_is_answered():
    form = api.compile_definition(api.load(split(optional=True)))
    assert api.check(form, {}) == []
    assert api.effective(form, {}) == {}
    told = api.check(form, {"halter": {"ort": "Rostock"}})
    assert [(problem.step_key, problem.label) for problem in told] == [
        ("eins", "Name"),
        ("zwei", "Rasse"),
        ("drei", "Farbe"),
    ]


def test_a_group_stands_once_in_a_step_and_repeats_in_one_only():
    twice = definition(step("s", group("g", field("text", "a")), group("g", field("text", "b"))))
    assert any("zweimal in einem Schritt" in told for told in problems(twice))
    half = definition(
        step("s", group("g", field("text", "a"), optional=True)), step("t", group("g", field("text", "b")))
    )
    assert any("mal optional" in told for told in problems(half))
    many = definition(*(step(key, group("g", field("text", key), repeat=repeat())) for key in ("s", "t")))
    assert any("kommt 2-mal vor" in told for told in problems(many))
    same = definition(*(step(key, group("g", field("text", "a"))) for key in ("s", "t")))
    assert any("„g.a“ kommt 2-mal vor" in told for told in problems(same))


def test_a_step_in_which_nothing_is_asked_is_skipped():
    yes = {"equal": [{"answer": "vertreten"}, True]}
    raw = definition(
        step("s1", field("yes_no", "vertreten")),
        step("s2", group("vertretung", group("person", field("text", "name"), when=yes))),
        step("s3", group("dritte", field("text", "name"), repeat=repeat(0, 2))),
        step("s4", field("static", "hinweis"), field("text", "weitere", when=yes)),
    )
    form = api.compile_definition(api.load(raw))
    for answers in ({}, {"vertreten": False}):
        assert [shown.key for shown in api.visible_steps(form, answers)] == ["s1", "s3", "s4"]
    assert [shown.key for shown in api.visible_steps(form, {"vertreten": True})] == ["s1", "s2", "s3", "s4"]
