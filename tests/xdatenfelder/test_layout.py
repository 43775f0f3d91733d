"""The first layout of a schema: steps that a page can hold, without a path of an answer depending on them."""

import pytest

from forms_engine import api
from forms_engine.xdatenfelder.api import import_xml
from forms_engine.xdatenfelder.layout import LONG, MOST_STEPS
from tests.xdatenfelder.schemas import field3, group3, schema3


def fields(first: int, count: int) -> list[tuple[str, str]]:
    return [("1:1", field3(f"F13{number:09}", f"Frage {number}")) for number in range(first, first + count)]


def laid_out(*parts: tuple[str, str]) -> api.CompiledForm:
    return api.compile_definition(api.load(import_xml(schema3(*parts), (), lambda _: None).definition))


def pages(form: api.CompiledForm) -> list[tuple[str, int]]:
    return [(step.title("de"), len(step.fields)) for step in form.steps]


def test_each_group_is_a_step_and_single_questions_share_one():
    form = laid_out(*fields(1, 2), ("1:1", group3("G13000000001", "Boot", fields(3, 4))))
    assert pages(form) == [("Boot anmelden", 2), ("Boot", 4)]


def test_a_long_group_is_divided_between_its_groups_and_keeps_its_paths():
    owner, address = group3("G13000000002", "Person", fields(1, 9)), group3("G13000000003", "Anschrift", fields(11, 8))
    form = laid_out(("0:1", group3("G13000000001", "Halter", [("1:1", owner), *fields(30, 1), ("0:1", address)])))
    assert pages(form) == [("Halter", 10), ("Halter: Anschrift", 8)]
    assert {question.path[0] for step in form.steps for question in step.fields} == {"g13000000001"}
    assert [len(question.path) for step in form.steps for question in step.fields] == [3] * 9 + [2] + [3] * 8


def test_questions_without_groups_are_counted_off():
    form = laid_out(("1:1", group3("G13000000001", "Boot", fields(1, 30))))
    assert pages(form) == [("Boot (Teil 1 von 3)", 12), ("Boot (Teil 2 von 3)", 12), ("Boot (Teil 3 von 3)", 6)]


def test_what_repeats_stays_whole_and_the_author_is_told():
    result = import_xml(schema3(("1:*", group3("G13000000001", "Boot", fields(1, 20)))), (), lambda _: None)
    assert len(result.definition["steps"]) == 1
    assert [
        warning for warning in result.warnings if "hat 20 Fragen" in warning and "„Boot“ wiederholt sich" in warning
    ]


def test_a_single_question_gives_its_step_a_name():
    form = laid_out(
        ("1:1", field3("F13000000001", "Art der Meldung?")),
        ("1:1", group3("G13000000001", "Boot", fields(2, 3))),
        ("1:1", field3("F13000000009", "Bemerkung")),
    )
    assert [step.title("de") for step in form.steps] == ["Art der Meldung", "Boot", "Bemerkung"]


def test_steps_of_one_name_are_told():
    groups = [("1:1", group3(f"G1300000000{number}", "Person", fields(number * 10, 3))) for number in (1, 2)]
    warnings = import_xml(schema3(*groups), (), lambda _: None).warnings
    assert any("2 Schritte heißen „Person“" in warning for warning in warnings)


def test_a_text_stands_before_what_it_belongs_to():
    label = field3("F13000000099", "Nun zum Motor", kind="label")
    form = laid_out(("1:1", group3("G13000000001", "Boot", [*fields(1, 12), ("1:1", label), *fields(20, 6)])))
    assert [len(step.items[0].items) for step in form.steps] == [12, 7]


@pytest.mark.parametrize("groups", [60, 3])
def test_a_form_has_no_more_steps_than_it_may_have(groups):
    many = [
        ("1:1", group3(f"G13{number:09}", f"Gruppe {number}", fields(number * 100, 30))) for number in range(groups)
    ]
    form = laid_out(*many)
    assert len(form.steps) <= MOST_STEPS
    assert sum(len(step.fields) for step in form.steps) == 30 * groups
    assert groups > 3 or max(len(step.fields) for step in form.steps) <= LONG
