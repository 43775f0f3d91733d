"""What differs between two definitions, and what conditions say, in German words."""

import json
from typing import Any

import pytest

from forms_engine.comparing import Kind, compare, lines
from forms_engine.wording import Wording
from tests.forms_engine.definitions import DEMO, definition, field, group, repeat, step

OPTIONS = [{"value": "a", "label": {"de": "Erste"}}, {"value": "b", "label": {"de": "Zweite", "en": "Second"}}]
BEFORE = definition(
    step("eins", field("text", "name"), field("yes_no", "hund"), field("choice", "art", options=OPTIONS)),
    step("zwei", group("hunde", field("text", "rufname"), field("number", "alter"), repeat=repeat())),
)


def changed(*steps: dict[str, Any], **more: Any) -> list[tuple[Kind, str, str, dict[str, tuple[str, str]]]]:
    return [
        (each.kind, each.what, each.path, {prop.name: (prop.before, prop.after) for prop in each.properties})
        for each in compare(BEFORE, definition(*(steps or BEFORE["steps"]), **more))
    ]


ONE, TWO = BEFORE["steps"]


def test_same_definition_differs_in_nothing() -> None:
    assert changed() == []


def test_what_is_new_and_what_is_gone_is_told_with_all_that_it_says() -> None:
    items = [ONE["items"][0], ONE["items"][2], field("date", "beginn", required=False)]
    assert changed(ONE | {"items": items}, TWO) == [
        (
            Kind.ADDED,
            "Frage",
            "beginn",
            {
                "Art": ("", "Datum"),
                "Ort": ("", "Schritt „Schritt eins“"),
                "Bezeichnung (Deutsch)": ("", "Beginn"),
                "Nötig": ("", "nein"),
            },
        ),
        (
            Kind.REMOVED,
            "Frage",
            "hund",
            {
                "Art": ("Ja oder Nein", ""),
                "Ort": ("Schritt „Schritt eins“", ""),
                "Bezeichnung (Deutsch)": ("Hund", ""),
            },
        ),
    ]


def test_question_in_another_step_is_moved_and_one_in_another_group_is_another() -> None:
    name, hund, art = ONE["items"]
    (only,) = changed(ONE | {"items": [hund, art]}, TWO | {"items": [name, *TWO["items"]]})
    assert only == (Kind.MOVED, "Frage", "name", {"Ort": ("Schritt „Schritt eins“", "Schritt „Schritt zwei“")})
    inside = group("hunde", *TWO["items"][0]["items"], name, repeat=repeat())
    kinds = [(kind, path) for kind, _, path, _ in changed(ONE | {"items": [hund, art]}, TWO | {"items": [inside]})]
    assert kinds == [(Kind.ADDED, "hunde.name"), (Kind.REMOVED, "name")]


def test_new_order_names_the_one_that_moved_only() -> None:
    name, hund, art = ONE["items"]
    (only,) = changed(ONE | {"items": [hund, art, name]}, TWO)
    assert only == (Kind.MOVED, "Frage", "name", {"Reihenfolge": ("an erster Stelle", "nach „art“")})


def test_steps_change_places_and_names() -> None:
    assert [(kind, what, path) for kind, what, path, _ in changed(TWO, ONE)] == [(Kind.MOVED, "Schritt", "zwei")]
    (only,) = changed(ONE, TWO | {"intro": {"de": "Zu den Hunden."}})
    assert only == (Kind.CHANGED, "Schritt", "zwei", {"Einleitung (Deutsch)": ("", "Zu den Hunden.")})


def test_each_property_is_told_before_and_after_in_each_language() -> None:
    name, hund, art = ONE["items"]
    name = name | {"label": {"de": "Ihr Name", "en": "Your name"}, "required": False, "max_length": 40}
    art = art | {"options": [OPTIONS[0], OPTIONS[1] | {"label": {"de": "Andere"}}]}
    assert changed(ONE | {"items": [name, hund | {"type": "consent"}, art]}, TWO) == [
        (
            Kind.CHANGED,
            "Frage",
            "name",
            {
                "Bezeichnung (Deutsch)": ("Name", "Ihr Name"),
                "Bezeichnung (Englisch)": ("", "Your name"),
                "Nötig": ("", "nein"),
                "Zeichen höchstens": ("", "40"),
            },
        ),
        (Kind.CHANGED, "Frage", "hund", {"Art": ("Ja oder Nein", "Erklärung zum Ankreuzen")}),
        (Kind.CHANGED, "Frage", "art", {"Antwort „b“": ("Zweite / Second", "Andere")}),
    ]


def test_conditions_and_rules_are_told_in_words() -> None:
    name, hund, art = ONE["items"]
    when = {"equal": [{"answer": "hund"}, True]}
    rule = {"require": {"is_empty": {"answer": "name"}}, "at": "name", "message": {"de": "Lassen Sie das leer."}}
    assert changed(ONE | {"items": [name, hund, art | {"when": when}]}, TWO, rules=[rule]) == [
        (
            Kind.CHANGED,
            "Formular",
            "",
            {"Regel bei „Name“": ("", "Bei „Name“ muss gelten: „Name“ ist leer. Sonst: Lassen Sie das leer.")},
        ),
        (Kind.CHANGED, "Frage", "art", {"Bedingung": ("", "„Hund“ ist Ja")}),
    ]


WORDS = {
    "„Art“ ist „Erste“": {"equal": [{"answer": "art"}, "a"]},
    "„Art“ ist eins von: „Erste“, „Zweite“": {"in": [{"answer": "art"}, ["a", "b"]]},
    "„Alter“ ist höchstens 3": {"less_or_equal": [{"answer": "./alter"}, 3]},
    "„Alter“ ist größer als 3": {"less_than": [3, {"answer": "hunde.alter"}]},
    "„Tag“ liegt vor 1.1.2027": {"less_than": [{"answer": "tag"}, "2027-01-01"]},
    "die Anzahl von „Hunde“ ist mindestens 2": {"greater_or_equal": [{"count": "hunde"}, 2]},
    "es gilt nicht, dass „Hund“ ist Nein": {"not": {"equal": [{"answer": "hund"}, False]}},
    "„Hund“ ist Ja und („Art“ ist leer oder „Name“ beginnt mit „K“)": {
        "and": [
            {"equal": [{"answer": "hund"}, True]},
            {"or": [{"is_empty": {"answer": "art"}}, {"starts_with": [{"answer": "name"}, "K"]}]},
        ]
    },
    "genau eins davon gilt: „Hund“ ist Ja; „Name“ beginnt mit einem Buchstaben von A bis J": {
        "xor": [{"equal": [{"answer": "hund"}, True]}, {"letter_between": [{"answer": "name"}, "A", "J"]}]
    },
    "Wer den Antrag stellt ist eine Organisation": {"equal": [{"case": "applicant_kind"}, "organisation"]},
    "„weg“ ist nicht „x“": {"not_equal": [{"answer": "weg"}, "x"]},
}


@pytest.mark.parametrize(("words", "condition"), WORDS.items(), ids=range(len(WORDS)))
def test_condition_in_words(words: str, condition: dict[str, Any]) -> None:
    form = definition(ONE | {"items": [*ONE["items"], field("date", "tag")]}, TWO)
    assert Wording(form).condition(condition, inside="hunde") == words


@pytest.mark.parametrize("file", sorted(DEMO.glob("*.json")), ids=lambda file: file.stem)
def test_every_form_of_the_demo_is_laid_out_without_a_key_of_its_json(file: Any) -> None:
    raw = json.loads(file.read_text())
    told = lines(raw)
    assert compare(raw, raw) == []
    assert len({line.path for line in told if line.what != "Schritt"}) + len(raw["steps"]) == len(told)
    assert not any('{"' in words or "{'" in words for line in told for words in line.properties.values())
