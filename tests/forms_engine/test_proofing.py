"""The check before publishing: each fault and each hint at its place, and nothing where a form is good."""

import json
from typing import Any

import pytest

from forms_engine.field_types import FIELD_TYPES
from forms_engine.proofing import Finding, Level, pages, proof, refusals
from tests.forms_engine.definitions import DEMO, OPTIONS, definition, field, group, repeat, step


def both(words: str) -> dict[str, str]:
    return {"de": words, "en": words}


def question(type: str = "text", key: str = "name", **more: Any) -> dict[str, Any]:
    return field(type, key) | {"label": both(key.capitalize())} | more


def choice(key: str = "art", **more: Any) -> dict[str, Any]:
    return question("choice", key, **{"options": [{"value": each, "label": both(each)} for each in "ab"]} | more)


EMAIL = question("email", "mail", role="email")
YES = question("yes_no", "ja")


def form(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A form of one step that is good as it is: in both languages, and it asks for an e-mail address."""
    page = step("s", *items, EMAIL) | {"title": both("Angaben")}
    return definition(page, **more) | {"title": both("Probe")}


def told(raw: dict[str, Any]) -> set[tuple[str, str, Level]]:
    return {(each.rule, each.path or each.step, each.level) for each in proof(raw)}


def equal(path: str, value: Any) -> dict[str, Any]:
    return {"equal": [{"answer": path}, value]}


def test_good_form_has_no_findings() -> None:
    assert proof(form(question(), YES, choice())) == []


@pytest.mark.parametrize("file", sorted(DEMO.glob("*.json")), ids=lambda file: file.stem)
def test_forms_of_the_demo_have_no_faults(file: Any) -> None:
    assert [each for each in proof(json.loads(file.read_text())) if each.is_fault] == []


def answers(*labels: str) -> list[dict[str, Any]]:
    return [{"value": f"v{number}", "label": both(label)} for number, label in enumerate(labels)]


OPEN = {"label": both("offen")}
FAULTS = [
    ("label", "name", form(question(label=both("  ")))),
    ("label", "art", form(choice(options=[{"value": "a", "label": both(" ")}, {"value": "b", "label": both("b")}]))),
    ("markup", "text", form({"type": "static", "key": "text", "text": both("Lesen Sie <b>alles</b>.")})),
    ("markup", "text", form({"type": "static", "key": "text", "text": both("Lesen Sie **alles**.")})),
    ("markup", "text", form({"type": "static", "key": "text", "text": both("Mehr steht [im Blatt](https://x.de).")})),
    ("heading", "text", form({"type": "static", "key": "text", "text": both("## Wichtig\n\nLesen Sie das.")})),
    ("T2", "name", form(question(hint=both("Die Angabe ist gemäß Satzung nötig.")))),
    ("T5", "name", form(question(label=both("Name!")))),
    ("T8", "name", form(question(label=both("Name: der Antragsteller")))),
    ("placeholder", "name", form(question(label=both("Neue Frage")))),
    ("placeholder", "hunde.name", form(group("hunde", question(label=both(" neue Frage ")), title=both("Hunde")))),
    ("placeholder", "art", form(choice(options=answers("Dackel", "Zweite Antwort")))),
    ("placeholder", "art", form(choice(options=answers("Erste Antwort", "Pudel")))),
    ("placeholder", "summe", form(question(), question("calculated", "summe", value=0))),
    ("same_answer", "art", form(choice(options=answers("Ja", "Nein", "ja ")))),
    (
        "same_answer",
        "art",
        form(choice(options=[OPEN | {"value": "a"}, OPEN | {"value": "b", "when": equal("ja", True)}]), YES),
    ),
    ("T3", "hunde", form(group("hunde", question(), repeat=repeat() | {"add": both("Noch ein Hund")}))),
]


@pytest.mark.parametrize(("rule", "place", "raw"), FAULTS, ids=[f"{rule}-{n}" for n, (rule, _, _) in enumerate(FAULTS)])
def test_fault_is_found_at_its_place_and_keeps_the_form_back(rule: str, place: str, raw: dict[str, Any]) -> None:
    assert (rule, place, Level.FAULT) in told(raw)
    assert refusals(raw)


def test_what_was_inserted_and_left_is_told_once_with_what_to_do() -> None:
    told = [
        each.sentence
        for each in proof(form(choice(options=answers("Erste Antwort", "Zweite Antwort"))))
        if each.is_fault
    ]
    assert told == ["Bei „Art“ steht noch „Erste Antwort“. Schreiben Sie die Antworten, die es gibt."]


def test_the_same_value_twice_is_a_fault_of_the_definition() -> None:
    twice = form(choice(options=[{"value": "a", "label": both("Eins")}, {"value": "a", "label": both("Zwei")}]))
    assert [each.sentence for each in proof(twice)] == ["„Art“ hat die Option „a“ 2-mal."]


def test_answers_of_one_label_that_are_never_seen_together_are_no_fault() -> None:
    options = [OPEN | {"value": "a", "when": equal("ja", True)}, OPEN | {"value": "b", "when": equal("ja", False)}]
    assert refusals(form(YES, choice(options=[*options, *answers("zu")]))) == []


def test_same_answers_of_a_list_that_others_keep_are_a_hint() -> None:
    of_list = form(choice(options=answers("Kreis", "Kreis"), code_list={"uri": "urn:x", "version": "1"}))
    assert ("same_answer", "art", Level.HINT) in told(of_list)
    assert refusals(of_list) == []
    assert refusals(form(choice(options=answers("Kreis", "Kreis"))), foreign_words=True) == []


@pytest.mark.django_db
def test_missing_code_list_is_a_fault() -> None:
    raw = form(question("choice", "art", code_list={"uri": "urn:x", "version": "1"}))
    assert [each.rule for each in proof(raw) if each.is_fault] == ["code_list"]


HINTS = [
    ("help", "datei", form(question("file", "datei", accept=["pdf"], max_size_mb=1, max_files=1))),
    ("help", "name", form(question("multiline"))),
    ("file_limits", "datei", form(question("file", "datei", hint=both("Ein Foto.")))),
    ("required_behind_condition", "name", form(YES, question(when=equal("ja", True)))),
    ("english", "s", form(field("text", "name"))),
    ("same_name", "s", form(question(), question(key="anders", label=both("Name")))),
    ("heading", "text", form({"type": "static", "key": "text", "text": both("Wichtig für Sie\n\nLesen Sie das.")})),
    ("T9", "name", form(question(label=both("Referenz-ID")))),
    ("T9", "art", form(choice(options=[each | {"hint": both("Referenz-ID")} for each in answers("Dackel")]))),
]


@pytest.mark.parametrize(("rule", "place", "raw"), HINTS, ids=[f"{rule}-{n}" for n, (rule, _, _) in enumerate(HINTS)])
def test_hint_is_given_and_keeps_nothing_back(rule: str, place: str, raw: dict[str, Any]) -> None:
    assert told(raw) == {(rule, place, Level.HINT)}
    assert refusals(raw) == []


def test_form_without_an_address_to_write_to_is_hinted_at() -> None:
    raw = definition(step("s", question()) | {"title": both("Angaben")}) | {"title": both("Probe")}
    assert told(raw) == {("email_role", "", Level.HINT)}


def test_words_of_an_official_schema_keep_nothing_back_and_its_structure_does() -> None:
    raw = form(question(label=both("Name: der Antragsteller")))
    assert refusals(raw)
    assert refusals(raw, foreign_words=True) == []
    assert refusals(form(question(label=both(" "))), foreign_words=True)


# --- reaching --------------------------------------------------------------------------------------------------------

NUMBER = question("number", "zahl", min=1, max=10)
AND = "and"
UNREACHABLE = {
    "equalities that contradict": {AND: [equal("art", "a"), equal("art", "b")]},
    "a value and not this value": {AND: [equal("ja", True), {"not_equal": [{"answer": "ja"}, True]}]},
    "yes and not yes by not": {AND: [equal("ja", True), {"not": equal("ja", True)}]},
    "no option is left": {AND: [{"not": equal("art", "a")}, {"not": equal("art", "b")}]},
    "answered and empty": {AND: [equal("art", "a"), {"is_empty": {"answer": "art"}}]},
    "above what the question takes": {"greater_than": [{"answer": "zahl"}, 10]},
    "the value is on the other side": {"greater_than": [1, {"answer": "zahl"}]},
    "between nothing": {AND: [{"less_than": [{"answer": "zahl"}, 5]}, {"greater_or_equal": [{"answer": "zahl"}, 5]}]},
    "needs one of two that cannot be": {"or": [{AND: [equal("ja", True), equal("ja", False)]}, {"equal": [1, 2]}]},
    "needs a question that is hidden then": {AND: [equal("ja", False), equal("tief", "a")]},
    "in another set": {AND: [{"in": [{"answer": "art"}, ["a"]]}, equal("art", "b")]},
    "never ticked": {AND: [{"not": {"is_empty": {"answer": "eid"}}}, {"not_equal": [{"answer": "eid"}, True]}]},
}
REACHABLE = {
    "one of the options": equal("art", "b"),
    "either": {"or": [equal("art", "a"), equal("art", "b")]},
    "not the one, so the other": {AND: [{"not": equal("art", "a")}, equal("art", "b")]},
    "at the end of what it takes": {AND: [{"greater_or_equal": [{"answer": "zahl"}, 10]}]},
    "between": {AND: [{"less_than": [{"answer": "zahl"}, 6]}, {"greater_than": [{"answer": "zahl"}, 4]}]},
    "through another": {AND: [equal("ja", True), equal("tief", "a")]},
    "empty": {"is_empty": {"answer": "art"}},
    "of another the one, of this the other": {AND: [equal("art", "a"), equal("ja", False)]},
    "exactly one": {"xor": [equal("art", "a"), equal("art", "b")]},
    # Two instances may differ: any of them is enough for each half.
    "two instances": {AND: [equal("hunde.farbe", "a"), equal("hunde.farbe", "b")]},
}
DEEP = choice("tief", when=equal("ja", True), required=False)
AROUND = (
    *(choice(), YES, NUMBER, DEEP, question("consent", "eid", required=False)),
    group("hunde", choice("farbe"), repeat=repeat(), title=both("Hunde")),
)


def unreachable(raw: dict[str, Any]) -> list[Finding]:
    return [each for each in proof(raw) if each.rule == "unreachable"]


@pytest.mark.parametrize("when", UNREACHABLE.values(), ids=UNREACHABLE.keys())
def test_question_that_nobody_can_see_is_a_fault(when: dict[str, Any]) -> None:
    assert [each.path for each in unreachable(form(*AROUND, question(when=when)))] == ["name"]


@pytest.mark.parametrize("when", REACHABLE.values(), ids=REACHABLE.keys())
def test_question_that_somebody_can_see_is_none(when: dict[str, Any]) -> None:
    assert unreachable(form(*AROUND, question(when=when))) == []


def test_what_hangs_on_an_unreachable_question_is_told_too_and_what_lies_in_it_is_not() -> None:
    never = {AND: [equal("ja", True), equal("ja", False)]}
    raw = form(
        YES,
        group("block", question(key="innen"), when=never, title=both("Block")),
        choice("nie", when=never),
        question(key="dahinter", when=equal("nie", "a")),
    )
    assert [each.path for each in unreachable(raw)] == ["block", "nie", "dahinter"]


def test_step_and_option_that_never_come_are_told() -> None:
    never = {AND: [equal("ja", True), equal("ja", False)]}
    options = [{"value": "a", "label": both("a"), "when": never}, {"value": "b", "label": both("b")}]
    raw = form(YES, question("choice", "art", options=options))
    raw["steps"].append(step("zwei", question(key="spaet"), when=never) | {"title": both("Spät")})
    assert [(each.step, each.path) for each in unreachable(raw)] == [("s", "art"), ("zwei", "")]


def test_same_instance_contradicts_itself() -> None:
    when = {AND: [equal("./farbe", "a"), equal("./farbe", "b")]}
    inside = group("hunde", choice("farbe"), question(key="marke", when=when), repeat=repeat(), title=both("Hunde"))
    assert [each.path for each in unreachable(form(inside))] == ["hunde.marke"]


def test_more_ways_than_anybody_looks_at_are_no_fault() -> None:
    ways = {AND: [{"or": [equal("ja", True), equal("art", "a"), equal("art", "b")]} for _ in range(40)]}
    assert unreachable(form(choice(), YES, question(when={AND: [ways, equal("ja", True), equal("ja", False)]}))) == []


# --- what cannot be compiled -----------------------------------------------------------------------------------------


def test_cycle_is_a_fault_that_shows_its_chain() -> None:
    raw = form(
        question("yes_no", "eins", when=equal("zwei", True)), question("yes_no", "zwei", when=equal("eins", True))
    )
    (only,) = proof(raw)
    assert only.is_fault
    assert "„Eins“ → „Zwei“ → „Eins“" in only.sentence


def test_option_that_the_choice_does_not_have_is_a_fault() -> None:
    (only,) = proof(form(choice(), question(when=equal("art", "x"))))
    assert only.is_fault
    assert "„x“" in only.sentence


# --- pages -----------------------------------------------------------------------------------------------------------


def test_nameless_button_and_block_are_faults_of_the_page() -> None:
    nameless = repeat() | {"add": both(" "), "instance": both("Hund")}
    found = {each.sentence for each in proof(form(group("hunde", question(), repeat=nameless))) if each.is_fault}
    assert "Ein Knopf hat keinen Text. Schreiben Sie, was er tut." in found
    untitled = form(group("block", question(), title=both(" ")))
    assert {each.rule for each in proof(untitled) if each.is_fault} == {"label", "accessibility"}


BROKEN_PAGES = {
    "Kennung „a“ steht 2-mal": "<p id='a'></p><p id='a'></p>",
    "Verweis führt ins Leere: „weg“": "<p aria-describedby='weg'></p>",
    "Feld „x“ hat keinen Namen für": "<input id='x' name='x'>",
    "Feld „y“ hat keinen Namen, unter dem": "<label for='y'>Y</label><input id='y'>",
    "Gruppe „g“ hat keine Überschrift": "<fieldset id='g'><p>Ort</p></fieldset>",
    "Gruppe „h“ hat keine Überschrift": "<fieldset id='h'><legend>Ort</legend><legend>Zeit</legend></fieldset>",
    "Antworten von „r“ stehen nicht": "<input type='radio' id='r' name='r'><label for='r'>Ja</label>",
    "Knopf hat keinen Text": "<button></button>",
    "Vor der Überschrift „Tief“ fehlt": "<h2>Oben</h2><h4>Tief</h4>",
    "Überschrift ist leer": "<h2> </h2>",
}


@pytest.mark.parametrize(("sentence", "markup"), BROKEN_PAGES.items(), ids=BROKEN_PAGES.keys())
def test_what_a_screen_reader_cannot_follow_is_a_fault_of_the_page(sentence: str, markup: str) -> None:
    (only,) = pages.faults_of(f"<main><h1>Seite</h1>{markup}</main>", "s")
    assert sentence in only.sentence
    assert (only.level, only.step) == (Level.FAULT, "s")


def test_every_type_of_question_makes_a_page_without_faults() -> None:
    types = FIELD_TYPES.keys() - {"choice", "choices", "file"}
    items = [question(each, f"f_{each}") for each in types]
    items += [question("choices", "mehrere", options=OPTIONS), choice("eine")]
    items += [question("file", "datei"), group("kreis", question(key="innen"), repeat=repeat(0), title=both("Kreis"))]
    assert [each for each in proof(form(*items)) if each.rule == "accessibility"] == []


def test_places_are_told_by_the_titles_that_people_see() -> None:
    loud = both("Wie erreichen wir Sie!")
    raw = form(
        group("hunde", question(label=loud), title=both("Ihre Hunde"), repeat=repeat()),
        {"type": "static", "key": "text", "text": both("Lesen Sie <b>alles</b>.")},
        question(key="ohne", label=both(" ")),
    )
    raw["rules"] = [{"require": {"is_empty": {"answer": "hunde.name"}}, "at": "hunde.name", "message": both("Halt!")}]
    by_rule = {(each.rule, each.path, each.step): each.place for each in proof(raw)}
    step = f"Schritt „{raw['steps'][0]['title']['de']}“"
    key = raw["steps"][0]["key"]
    question_place = "Gruppe „Ihre Hunde“, Frage „Wie erreichen wir Sie!“"
    assert by_rule["T5", "hunde.name", key] == f"{step}, {question_place}"
    assert by_rule["T5", "hunde.name", ""] == question_place
    assert by_rule["markup", "text", key] == f"{step}, Text „Lesen Sie <b>alles</b>.“"
    assert by_rule["label", "ohne", key] == f"{step}, Frage „ohne“", "the key where there is no title"
    assert f"{step}, {question_place}: „Wie erreichen wir Sie!“: kein Ausrufezeichen." in refusals(raw)


def test_what_the_engine_refuses_is_told_at_its_question() -> None:
    wrong = question(label=both("Wie heißen Sie?"), pattern={"re": "(", "message": both("Nur Buchstaben.")})
    (told,) = proof(form(wrong))
    assert told.place.endswith(", Frage „Wie heißen Sie?“")
    assert (told.path, told.sentence.partition(".")[0]) == (
        "name",
        "Das Muster von „Wie heißen Sie?“ versteht RE2 nicht",
    )
    assert [each.place for each in proof({"format": 1})] == [""] * len(proof({"format": 1}))
