"""Edits of a definition: what they do, what they refuse, and that any sequence of them leaves a form that works."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms_engine import api
from forms_engine.compiling import declare
from forms_engine.editing import api as editing
from forms_engine.editing.api import Address
from tests.forms_engine.definitions import OPTIONS, definition, field, group, repeat, step

IS_A = {"equal": [{"answer": "art"}, "a"]}


def dogs() -> dict[str, Any]:
    return definition(
        step("halter", field("choice", "art", options=OPTIONS), field("text", "firma", when=IS_A)),
        step(
            "hunde_schritt",
            group(
                "hunde",
                field("text", "name"),
                field("yes_no", "gefaehrlich"),
                field("file", "test", when={"equal": [{"answer": "./gefaehrlich"}, True]}),
                repeat=repeat(),
                rules=[
                    {
                        "require": {"not": {"is_empty": {"answer": "./name"}}},
                        "at": "./name",
                        "message": {"de": "Name fehlt."},
                    }
                ],
            ),
            group("adresse", field("text", "ort")),
            field("number", "anzahl", when={"greater_than": [{"count": "hunde"}, 1]}),
        ),
    )


def at(text: str) -> Address:
    return Address.read(text)


def keys(form: dict[str, Any]) -> list[str]:
    return [str(address) for address, _node in editing.walk(form)]


def test_address_is_read_as_it_is_written() -> None:
    for text in ("hund", "hund:hunde.name"):
        assert str(at(text)) == text


def test_new_field_stands_behind_the_chosen_one_and_has_a_key_of_its_label() -> None:
    edited = editing.add_item(dogs(), "date", "Müller's Geburtsdatum", at("halter:art"))
    assert str(edited.at) == "halter:mueller_s_geburtsdatum"
    assert keys(edited.definition)[:4] == ["halter", "halter:art", "halter:mueller_s_geburtsdatum", "halter:firma"]


@pytest.mark.parametrize("kind", editing.KINDS)
def test_each_kind_can_be_inserted_and_compiled(kind: str) -> None:
    edited = editing.add_item(dogs(), kind, "Neues", at("hunde_schritt:hunde"))
    assert str(edited.at) == "hunde_schritt:hunde.neues"
    api.compile_definition(edited.definition)


def test_a_key_is_never_one_of_the_page_or_of_boxes_beside_it() -> None:
    form = definition(step("s", field("date", "tag"), field("text", "ort_city")))
    assert str(editing.add_item(form, "text", "Version", at("s")).at) == "s:version_2"
    assert str(editing.add_item(form, "text", "Tag Day", at("s")).at) == "s:tag_day_2"
    assert str(editing.add_item(form, "address", "Ort", at("s")).at) == "s:ort_2"
    assert str(editing.add_item(form, "text", "12 §§", at("s")).at) == "s:feld_12"


def test_renaming_rewrites_all_that_names_the_question() -> None:
    form = editing.change(dogs(), at("halter:art"), {"key": "haltung"}).definition
    assert editing.find(form, at("halter:firma"))["when"] == {"equal": [{"answer": "haltung"}, "a"]}
    form = editing.change(form, at("hunde_schritt:hunde.gefaehrlich"), {"key": "boese"}).definition
    assert editing.find(form, at("hunde_schritt:hunde.test"))["when"] == {"equal": [{"answer": "./boese"}, True]}
    form = editing.change(form, at("hunde_schritt:hunde.name"), {"key": "rufname"}).definition
    rule = editing.find(form, at("hunde_schritt:hunde"))["rules"][0]
    assert (rule["at"], rule["require"]) == ("./rufname", {"not": {"is_empty": {"answer": "./rufname"}}})
    form = editing.change(form, at("hunde_schritt:hunde"), {"key": "tiere"}).definition
    assert editing.find(form, at("hunde_schritt:anzahl"))["when"] == {"greater_than": [{"count": "tiere"}, 1]}


def test_moving_into_a_group_takes_conditions_along() -> None:
    form = editing.move(dogs(), at("hunde_schritt:anzahl"), "in")
    assert str(form.at) == "hunde_schritt:adresse.anzahl"
    back = editing.move(form.definition, form.at, "out")
    assert back.definition == dogs()


def test_a_group_that_no_longer_repeats_is_named_without_its_instance_and_again_with_it() -> None:
    once = definition(
        step(
            "s",
            group(
                "g",
                field("yes_no", "a"),
                field("text", "b", when={"equal": [{"answer": "./a"}, True]}),
                repeat=repeat(),
            ),
        )
    )
    plain = editing.change(once, at("s:g"), {"repeat": None}).definition
    assert editing.find(plain, at("s:g.b"))["when"] == {"equal": [{"answer": "g.a"}, True]}
    assert editing.change(plain, at("s:g"), {"repeat": repeat()}).definition == once


def test_to_another_step_and_up_and_down() -> None:
    moved = editing.move_to_step(dogs(), at("hunde_schritt:anzahl"), "halter")
    assert str(moved.at) == "halter:anzahl"
    up = editing.move(moved.definition, moved.at, "up")
    assert keys(up.definition)[:4] == ["halter", "halter:art", "halter:anzahl", "halter:firma"]
    assert editing.move(up.definition, up.at, "down").definition == moved.definition


def test_a_copy_names_its_own_questions() -> None:
    twin = editing.duplicate(dogs(), at("hunde_schritt:hunde"))
    assert str(twin.at) == "hunde_schritt:hunde_2"
    assert editing.find(twin.definition, at("hunde_schritt:hunde_2.test"))["when"] == {
        "equal": [{"answer": "./gefaehrlich"}, True]
    }
    steps = editing.duplicate(dogs(), at("halter"))
    assert str(steps.at) == "halter_2"
    assert editing.find(steps.definition, at("halter_2:firma_2"))["when"] == {"equal": [{"answer": "art_2"}, "a"]}


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda form: editing.remove(form, at("halter:art")), "„Firma“ braucht „Art“. Ändern Sie das zuerst."),
        (lambda form: editing.remove(form, at("hunde_schritt:adresse.ort")), "„Ort“ steht allein in „Adresse“."),
        (lambda form: editing.remove(form, at("weg")), "Diese Stelle gibt es im Formular nicht mehr."),
        (lambda form: editing.move(form, at("halter"), "up"), "„Schritt halter“ steht schon ganz oben."),
        (lambda form: editing.move(form, at("hunde_schritt:anzahl"), "down"), "„Anzahl“ steht schon ganz unten."),
        (lambda form: editing.move(form, at("halter:firma"), "in"), "Vor „Firma“ steht keine Gruppe."),
        (lambda form: editing.move(form, at("halter:firma"), "out"), "„Firma“ steht in keiner Gruppe."),
        (lambda form: editing.move_to_step(form, at("halter:firma"), "halter"), "Wählen Sie einen anderen Schritt"),
        (lambda form: editing.add_item(form, "text", " ", at("halter")), "Geben Sie dem Neuen einen Namen"),
        (lambda form: editing.add_item(form, "knopf", "Los", at("halter")), "Die Art „knopf“ gibt es nicht."),
        (lambda form: editing.change(form, at("halter:art"), {"type": "date"}), "passen nicht in diese Feldart"),
        (lambda form: editing.change(form, at("halter:art"), {"options": OPTIONS[1:]}), "hat keine Option „a“"),
        (lambda form: editing.change(form, at("halter:firma"), {"key": "art"}), "kommt 2-mal vor"),
        (
            lambda form: editing.change(form, at("halter:firma"), {"pattern": {"re": "(", "message": {"de": "x"}}}),
            "RE2",
        ),
    ],
)
def test_refusals_say_what_to_do_and_leave_the_form_as_it_was(edit: Any, sentence: str) -> None:
    form = dogs()
    with pytest.raises(api.DefinitionError) as refused:
        edit(form)
    assert sentence in str(refused.value)
    assert form == dogs()


def test_what_leaves_its_repetition_is_named_as_the_one_that_it_is_then() -> None:
    moved = editing.move(dogs(), at("hunde_schritt:hunde.gefaehrlich"), "out")
    condition = editing.find(moved.definition, at("hunde_schritt:hunde.test"))["when"]
    assert condition == {"equal": [{"answer": "gefaehrlich"}, True]}


def test_a_fault_names_the_node_and_its_key() -> None:
    with pytest.raises(api.DefinitionError) as refused:
        editing.change(dogs(), at("hunde_schritt:anzahl"), {"min": 5, "max": 1})
    (fault,) = editing.faults(refused.value, dogs())
    assert (str(fault.at), fault.sentence) == (
        "hunde_schritt:anzahl",
        "„Anzahl“: Das Mindeste liegt über dem Höchsten. Tauschen Sie beide.",
    )


def test_a_fresh_question_gets_a_key_of_its_first_label_and_keeps_it() -> None:
    form = editing.new_form("probe", "Probe")
    named = editing.change(form, at("angaben:neue_frage"), {"label": {"de": "Name des Hundes"}})
    assert str(named.at) == "angaben:name_des_hundes"
    assert str(editing.change(named.definition, named.at, {"label": {"de": "Rufname"}}).at) == str(named.at)


def test_options_keep_their_values_when_labels_change() -> None:
    old = [{"value": "w", "label": {"de": "Welpe"}, "when": IS_A}, {"value": "h", "label": {"de": "Hund"}}]
    new = editing.changed_options(old, ["Welpe, unter 1 Jahr", "Hund"], ["Puppy", ""], ((), ()))
    assert [option["value"] for option in new] == ["w", "h"]
    assert new[0] == {"value": "w", "label": {"de": "Welpe, unter 1 Jahr", "en": "Puppy"}, "when": IS_A}
    added = editing.changed_options(old, ["Hund", "Großer Hund", "Welpe"], [], ((), ()))
    assert [option["value"] for option in added] == ["h", "grosser_hund", "w"]
    fewer = editing.changed_options(old, ["H"], [], ((), ()))
    assert [option["value"] for option in fewer] == ["h_2"], "a new option never gets the value of one that went"


def test_help_belongs_to_the_answer_in_the_same_line() -> None:
    old = [
        {"value": "w", "label": {"de": "Welpe"}, "hint": {"de": "bis 6 Monate"}},
        {"value": "h", "label": {"de": "H"}},
    ]
    kept = editing.changed_options(old, ["Welpe", "H"], [], (["bis 6 Monate"], []))
    assert kept == old
    hints = (["", "älter", "im Einsatz"], ["", " older "])
    told = editing.changed_options(old, ["Welpe", "H", "Dienst"], [], hints)
    assert [option.get("hint") for option in told] == [None, {"de": "älter", "en": "older"}, {"de": "im Einsatz"}]


def test_a_type_can_become_one_whose_answers_have_the_same_form() -> None:
    form = definition(step("s", field("text", "a", max_length=5, pattern={"re": "x", "message": {"de": "x"}})))
    changed = editing.change(form, at("s:a"), {"type": "email"}).definition
    assert editing.find(changed, at("s:a")) == {"type": "email", "key": "a", "label": {"de": "A"}}


# --- any sequence ----------------------------------------------------------------------------------------------------

_DEEDS = ("up", "down", "in", "out", "to_step", "duplicate", "remove", "add", "step", "rename", "repeat", "once")


def deed(form: dict[str, Any], name: str, number: int, kind: str) -> dict[str, Any]:
    places = [address for address, _node in editing.walk(form)]
    here = places[number % len(places)]
    match name:
        case "up" | "down" | "in" | "out":
            return editing.move(form, here, name).definition
        case "to_step":
            return editing.move_to_step(form, here, form["steps"][number % len(form["steps"])]["key"]).definition
        case "duplicate":
            return editing.duplicate(form, here).definition
        case "remove":
            return editing.remove(form, here).definition
        case "add":
            return editing.add_item(form, kind, f"Neu {number}", here).definition
        case "step":
            return editing.add_step(form, f"Schritt {number}", here.step).definition
        case "rename":
            return editing.change(form, here, {"key": f"neu_{number}"}).definition
        case _:
            return editing.change(form, here, {"repeat": repeat() if name == "repeat" else None}).definition


@settings(deadline=None, max_examples=60)
@given(
    deeds=st.lists(
        st.tuples(st.sampled_from(_DEEDS), st.integers(0, 60), st.sampled_from(list(editing.KINDS))), max_size=8
    )
)
def test_any_sequence_of_edits_leaves_a_form_that_can_be_loaded_or_refuses(deeds: list[tuple[str, int, str]]) -> None:
    form = dogs()
    for name, number, kind in deeds:
        before = copy.deepcopy(form)
        try:
            after = deed(form, name, number, kind)
        except api.DefinitionError:
            after = form
        assert form == before, "an edit never changes what it was given"
        assert api.load(after) == after
        api.compile_definition(after)
        form = after


@settings(deadline=None, max_examples=60)
@given(
    deeds=st.lists(
        st.tuples(st.sampled_from(("up", "down", "duplicate", "add", "step")), st.integers(0, 60), st.just("text")),
        max_size=8,
    )
)
def test_answers_stay_where_they_are_when_things_are_added_and_ordered(deeds: list[tuple[str, int, str]]) -> None:
    form = dogs()
    for name, number, kind in deeds:
        try:
            form = deed(form, name, number, kind)
        except api.DefinitionError:
            continue
    before, after = declare(dogs()), declare(form)
    assert all(after[path].type is what.type and after[path].repeated == what.repeated for path, what in before.items())


def test_answers_of_one_label_keep_their_values_each() -> None:
    """A list of the federation may name two entries alike; saving the question must not make them one."""
    labels = {"1": "Kreis", "2": "Stadt", "3": "Kreis"}
    options = [{"value": value, "label": {"de": label}} for value, label in labels.items()]
    assert editing.changed_options(options, list(labels.values()), [], ((), ())) == options
