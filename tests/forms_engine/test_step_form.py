"""A step: visibility, instances, groups, rules, what is kept and what is submitted."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string

from forms_engine import api
from tests.forms_engine.definitions import (
    HELPED,
    LONG_OPTIONS,
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

DOGS = one_step(
    group(
        "hunde",
        field("text", "name"),
        field("yes_no", "boese"),
        field("text", "grund", when={"equal": [{"answer": "./boese"}, True]}),
        field("date", "geburt"),
        field("date", "beginn"),
        repeat=repeat(1, 3),
        rules=[
            {
                "require": {"less_or_equal": [{"answer": "./geburt"}, {"answer": "./beginn"}]},
                "at": "./beginn",
                "message": {"de": "Geben Sie ein Datum nach der Geburt ein."},
            }
        ],
    ),
    field("text", "welcher", when={"greater_than": [{"count": "hunde"}, 1]}),
)


def dog(instance, **values):
    typed = {"name": "Bello", "boese": "false", "geburt": "2020-01-01", "beginn": "2021-01-01"} | values
    return {f"hunde__{instance}__{key}": value for key, value in typed.items()}


def test_fresh_step_shows_the_least_number_of_instances():
    assert [slot.name for slot in filled(DOGS).slots] == [
        f"hunde-i1-{key}" for key in ("name", "boese", "geburt", "beginn")
    ]


def test_visibility_follows_what_was_posted():
    form = filled(DOGS, post(hunde=["i1", "i2"], welcher="Rex", **dog("i1", boese="true"), **dog("i2")))
    names = [slot.name for slot in form.slots]
    assert "hunde-i1-grund" in names
    assert "hunde-i2-grund" not in names
    assert "welcher" in names
    assert form.error_list == [("hunde-i1-grund", "Hund 1, Grund", "Füllen Sie dieses Feld aus.")]


def test_errors_appear_at_the_right_instance():
    form = filled(DOGS, post(hunde=["k3", "a1"], welcher="Rex", **dog("k3"), **dog("a1", name="")))
    assert [(target, label) for target, label, _ in form.error_list] == [("hunde-a1-name", "Hund 2, Name")]


@pytest.mark.asvs("V2.2.3")
def test_rules_of_a_group_hold_in_each_instance():
    form = filled(DOGS, post(hunde=["i1", "i2"], welcher="Rex", **dog("i1"), **dog("i2", beginn="2019-01-01")))
    assert form.error_list == [("hunde-i2-beginn_day", "Hund 2, Beginn", "Geben Sie ein Datum nach der Geburt ein.")]


def test_rule_with_something_missing_is_not_broken():
    form = filled(DOGS, post(hunde=["i1"], **dog("i1", geburt="")))
    assert [target for target, _, _ in form.error_list] == ["hunde-i1-geburt_day"]


def test_question_that_the_page_did_not_show_keeps_its_answer():
    """Without JavaScript: Yes is chosen, the dependent question comes only now."""
    stored = {"hunde": [{"_id": "i1", "grund": "beißt", "boese": False}]}
    data = post(hunde="i1", shown="hunde-i1-name hunde-i1-boese", **dog("i1", boese="true"))
    form = filled(DOGS, data, stored)
    assert form.partial_answers["hunde"][0]["grund"] == "beißt"


def test_question_that_the_page_did_not_show_is_named_before_it_is_missed():
    shown = "hunde-i1-name hunde-i1-boese hunde-i1-geburt hunde-i1-beginn"
    unseen = filled(DOGS, post(hunde="i1", shown=shown, **dog("i1", boese="true"))).first_unseen
    assert unseen == "hunde-i1-grund"
    assert filled(DOGS, post(hunde="i1", shown=shown, **dog("i1"))).first_unseen == ""
    again = filled(DOGS, answers={"hunde": [{"_id": "i1", "boese": True}]})
    again.tell_change(shown, unseen)
    assert [a["id"] for _, a in page(again).elements if "autofocus" in a] == ["hunde-i1-grund"]


def test_hidden_answers_stay_in_the_draft_and_are_not_submitted():
    stored = {"hunde": [{"_id": "i1", "name": "Rex", "boese": True, "grund": "beißt"}]}
    form = filled(DOGS, post(hunde="i1", **dog("i1", boese="false"), shown="hunde-i1-name hunde-i1-boese"), stored)
    draft = api.merge(stored, form.partial_answers)
    assert draft["hunde"][0]["grund"] == "beißt"
    assert "grund" not in api.effective(DOGS, draft)["hunde"][0]


def test_hidden_question_that_was_never_asked_is_not_answered():
    form = one_step(
        field("yes_no", "a"), field("text", "b", prefill="given_name", when={"equal": [{"answer": "a"}, True]})
    )
    posted = filled(form, post(a="false", shown="a"), prefill={"given_name": "Lena"})
    assert posted.partial_answers == {"a": False}


def test_files_of_hidden_questions_and_removed_instances_do_not_belong_to_the_application():
    form = one_step(
        field("yes_no", "a"),
        field("file", "b", when={"equal": [{"answer": "a"}, True]}),
        group("r", field("file", "c"), repeat=repeat(0)),
    )
    uploads = {name: [api.Upload(name, f"{name}.pdf", 1)] for name in ("b", "r-i1-c", "r-i2-c", "foreign")}
    answers = {"a": True, "r": [{"_id": "i1"}]}
    assert set(api.visible_uploads(form, answers, uploads)) == {"b", "r-i1-c"}
    assert set(api.visible_uploads(form, answers | {"a": False}, uploads)) == {"r-i1-c"}


@pytest.mark.asvs("V15.3.3")
def test_posted_answer_to_a_hidden_question_decides_nothing():
    form = one_step(
        field("yes_no", "a"),
        field("yes_no", "b", when={"equal": [{"answer": "a"}, True]}),
        field("text", "c", when={"equal": [{"answer": "b"}, True]}),
    )
    posted = filled(form, post(a="false", b="true", c="x"))
    assert [slot.name for slot in posted.slots] == ["a"]
    assert api.effective(form, posted.partial_answers) == {"a": False}


@pytest.mark.parametrize("ids", [["../x", "i1"], ["<b>", "i1"], ["i1", "i1"], [""]])
def test_foreign_instance_ids_are_ignored(ids):
    form = filled(DOGS, post(hunde=ids))
    assert {slot.where for slot in form.slots} <= {("i1",)}


def test_no_more_instances_than_the_form_allows():
    form = filled(DOGS, post(hunde=["a", "b", "c", "d", "e"]))
    assert len({slot.where for slot in form.slots if slot.where}) == 3


def test_instances_come_and_go_by_their_ids():
    answers, first = api.add_instance(DOGS, {}, "hunde")
    assert [entry["_id"] for entry in answers["hunde"]] == ["i1", first]
    answers, second = api.add_instance(DOGS, answers, "hunde")
    assert api.add_instance(DOGS, answers, "hunde") == (answers, None)  # full
    left = api.remove_instance(DOGS, answers, f"hunde-{first}")
    assert [entry["_id"] for entry in left["hunde"]] == ["i1", second]


@pytest.mark.parametrize("name", ["", "katzen", "hunde-i1", "welcher", "hunde-i1-name", "-", "hunde--x"])
def test_unknown_groups_change_nothing(name):
    assert api.add_instance(DOGS, {"welcher": "x"}, name) == ({"welcher": "x"}, None)
    assert api.remove_instance(DOGS, {"hunde": [{"_id": "i1"}]}, f"{name}-zz") == {"hunde": [{"_id": "i1"}]}


def test_repeated_groups_nest():
    form = one_step(
        group("haus", group("tiere", field("text", "name"), repeat=repeat(0, 2, "Tier")), repeat=repeat(1, 2, "Haus"))
    )
    answers, tier = api.add_instance(form, {"haus": [{"_id": "i1"}]}, "haus-i1-tiere")
    assert [slot.name for slot in filled(form, answers=answers).slots] == [f"haus-i1-tiere-{tier}-name"]
    bound = filled(form, post(haus="i1", **{"haus__i1__tiere": tier, f"haus__i1__tiere__{tier}__name": ""}), answers)
    assert bound.error_list[0][1] == "Haus 1, Tier 1, Name"
    assert api.remove_instance(form, answers, f"haus-i1-tiere-{tier}") == {"haus": [{"_id": "i1", "tiere": []}]}


def test_optional_group_is_required_only_when_begun():
    form = one_step(group("sepa", field("text", "inhaber"), field("iban", "iban"), optional=True))
    assert filled(form, post(sepa__inhaber="", sepa__iban="")).is_valid()
    begun = filled(form, post(sepa__inhaber="Lena Kogge", sepa__iban=""))
    assert [target for target, _, _ in begun.error_list] == ["sepa-iban"]


def test_options_may_depend_on_answers():
    options = [
        {"value": "a", "label": {"de": "A"}},
        {"value": "b", "label": {"de": "B"}, "when": {"equal": [{"answer": "ja"}, True]}},
    ]
    form = one_step(field("yes_no", "ja"), field("choice", "x", options=options))
    assert filled(form, post(ja="true", x="b")).is_valid()
    refused = filled(form, post(ja="false", x="b"))
    assert [target for target, _, _ in refused.error_list] == ["x-a"]


def test_profile_fills_only_what_was_never_asked():
    form = one_step(field("text", "vorname", prefill="given_name"), field("address", "wo", prefill="address"))
    profile = {
        "given_name": "Lena",
        "street": "Lange Straße",
        "house_number": "12",
        "postal_code": "18055",
        "city": "Rostock",
    }
    fresh = filled(form, prefill=profile)
    assert [slot.prefilled for slot in fresh.slots] == [True, True]
    assert fresh.slots[1].raw["street"] == "Lange Straße"
    emptied = filled(form, answers={"vorname": None}, prefill=profile)
    assert emptied.slots[0].raw == ""


def test_draft_keeps_what_is_not_valid_yet():
    form = one_step(field("number", "zahl"), field("date", "tag"), field("email", "mail"))
    bound = filled(form, post(zahl="zwei", tag_day="31", tag_month="4", tag_year="2027", mail="a@"))
    draft = api.merge({}, bound.partial_answers)
    assert bound.cleaned_answers == {}
    again = filled(form, answers=draft)
    assert [slot.raw for slot in again.slots] == ["zwei", {"day": "31", "month": "4", "year": "2027"}, "a@"]
    assert again.error_list == []
    assert len(api.check(form, draft)) == 3


def test_merge_keeps_what_a_step_does_not_mention():
    before = {"a": 1, "g": {"x": 1, "y": 2}, "r": [{"_id": "1", "x": 1}, {"_id": "2", "x": 2}]}
    after = api.merge(before, {"g": {"y": None}, "r": [{"_id": "2", "y": 3}]})
    assert after == {"a": 1, "g": {"x": 1, "y": None}, "r": [{"_id": "2", "x": 2, "y": 3}, {"_id": "1", "x": 1}]}
    assert before["g"] == {"x": 1, "y": 2}


def test_steps_may_be_skipped():
    form = api.compile_definition(
        api.load(
            definition(
                step("eins", field("yes_no", "mehr")),
                step("zwei", field("text", "text"), when={"equal": [{"answer": "mehr"}, True]}),
            )
        )
    )
    assert [one.key for one in api.visible_steps(form, {})] == ["eins"]
    assert [problem.step_key for problem in api.check(form, {"mehr": True})] == ["zwei"]
    assert api.check(form, {"mehr": False}) == []


def test_status_tells_what_changed():
    form = filled(DOGS, answers={"hunde": [{"_id": "i1", "boese": True}]})
    form.tell_change("hunde-i1-name hunde-i1-boese hunde-i1-geburt hunde-i1-beginn")
    assert form.status == "1 weitere Frage zu Hund 1"
    form.tell_change(form.shown + " welcher")
    assert form.status == "1 Frage entfällt"


# --- the page ---------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """Elements with their attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def by_id(self, wanted):
        return next(attributes for _, attributes in self.elements if attributes.get("id") == wanted)


def page(form):
    return Page(html(form))


def html(form):
    return render_to_string("forms_engine/step_fields.html", {"form": form})


@pytest.mark.parametrize("key", ["halter", "hunde", "ermaessigung", "zahlung"])
def test_page_has_no_inline_style_or_script_and_every_id_once(key):
    form = api.step_form(demo("hundesteuer-anmelden"), key, {"halter_art": "person"}, language="de", data=post())
    form.is_valid()
    elements = page(form).elements
    assert not [tag for tag, _ in elements if tag in ("script", "style")]
    assert not [name for _, attributes in elements for name in attributes if name == "style" or name.startswith("on")]
    ids = [attributes["id"] for _, attributes in elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    references = {one for _, a in elements for one in (a.get("aria-describedby") or "").split()}
    assert references | {a["for"] for _, a in elements if "for" in a} <= set(ids)
    assert {target for target, _, _ in form.error_list} <= set(ids)


def test_hint_source_and_error_describe_a_field_in_this_order():
    form = one_step(field("number", "x", hint={"de": "Ganze Zahl"}))
    bound = filled(form, post(x="zwei"))
    bound.is_valid()
    attributes = page(bound).by_id("x")
    assert attributes["aria-describedby"] == "x-hint x-error"
    assert attributes["aria-invalid"] == "true"
    assert attributes["value"] == "zwei"
    assert "required" in attributes
    prefilled = filled(
        one_step(field("text", "y", hint={"de": "So"}, prefill="given_name")), prefill={"given_name": "Lena"}
    )
    assert page(prefilled).by_id("y")["aria-describedby"] == "y-hint y-source"


@pytest.mark.parametrize("kind", ["choice", "choices"])
def test_help_of_an_answer_describes_its_button(kind):
    form = filled(one_step(field(kind, "x", options=HELPED)))
    assert "aria-describedby" not in page(form).by_id("x-a")
    assert page(form).by_id("x-b")["aria-describedby"] == "x-b-hint"
    assert "der zweite Buchstabe" in html(form)


def test_help_of_answers_in_a_list_stands_below_it():
    told = html(filled(one_step(field("choice", "x", options=LONG_OPTIONS))))
    assert "<dt>Wahl 3</dt><dd>die dritte</dd>" in told
    assert told.count("<dt>") == 1
    assert "<details" not in html(
        filled(one_step(field("choice", "x", options=[*LONG_OPTIONS[:3], *LONG_OPTIONS[4:]])))
    )


def test_radio_group_says_its_state():
    bound = filled(one_step(field("yes_no", "x")), post())
    bound.is_valid()
    attributes = page(bound).by_id("x")
    assert (attributes["role"], attributes["aria-required"], attributes["aria-invalid"]) == (
        "radiogroup",
        "true",
        "true",
    )


@pytest.mark.asvs("V1.2.1")
def test_what_was_typed_is_shown_as_text():
    bound = filled(one_step(field("text", "x"), field("multiline", "y")), post(x='"><script>', y="</textarea><b>"))
    bound.is_valid()
    assert "<script>" not in html(bound)
    assert "</textarea><b>" not in html(bound)


def test_buttons_of_a_repetition_name_their_instance():
    text = html(filled(DOGS, answers={"hunde": [{"_id": "i1"}, {"_id": "k3"}]}))
    assert re.search(r'name="remove" value="hunde-k3"[^>]*>.*?Hund 2 entfernen', text, re.S)
    assert 'name="add" value="hunde"' in text
    assert 'name="remove"' not in html(filled(DOGS))


def test_new_instance_gets_the_focus():
    form = filled(DOGS, answers={"hunde": [{"_id": "i1"}, {"_id": "k3"}]})
    form.tell_change(form.shown, "k3")
    focused = [attributes["id"] for _, attributes in page(form).elements if "autofocus" in attributes]
    assert focused == ["hunde-k3-name"]
    form.tell_change(form.shown, "hunde")
    focused = [attributes["id"] for _, attributes in page(form).elements if "autofocus" in attributes]
    assert focused == ["hunde-titel"]


def test_controlling_questions_are_marked():
    controlling = [slot.name for slot in filled(DOGS).slots if slot.field.path in DOGS.steps[0].controlling]
    assert controlling == ["hunde-i1-boese"]
