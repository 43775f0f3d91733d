"""Every type of field: what it accepts, what it stores, what it says."""

from __future__ import annotations

import json
import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from forms_engine import api
from forms_engine.characters import normalise, readable
from tests.forms_engine.definitions import ALL_TYPES, OPTIONS, field, filled, one_step, post


def answer(item, **values):
    form = filled(one_step(item), post(**values))
    return form.cleaned_answers["x"] if form.is_valid() else form.error_list[0][2]


@pytest.mark.parametrize(
    ("item", "typed", "stored"),
    [
        (field("text", "x"), "  Lange   Straße 12 ", "Lange Straße 12"),
        (field("text", "x", charset="A"), "O‘Neill–Süd", "O’Neill-Süd"),
        (field("text", "x", charset="A"), "Jose\u0301", "José"),
        (field("text", "x", pattern={"re": "[0-9]{3}", "message": {"de": "Drei."}}), "123", "123"),
        (field("text", "x"), "erste\r\nzweite", "erste zweite"),
        (field("multiline", "x"), "Guten Tag,\r\n„hallo“ – Süd", 'Guten Tag,\n"hallo" - Süd'),
        (field("number", "x"), "1.200", 1200),
        (field("number", "x"), "-3", -3),
        (field("decimal", "x"), "2,5", "2.50"),
        (field("decimal", "x", decimals=3), "1.234,567", "1234.567"),
        (field("currency", "x"), "1.234,5", "1234.50"),
        (field("yes_no", "x"), "true", True),
        (field("yes_no", "x"), "false", False),
        (field("choice", "x", options=OPTIONS), "b", "b"),
        (field("choices", "x", options=OPTIONS), ["c", "a"], ["a", "c"]),
        (field("email", "x"), " name@example.org ", "name@example.org"),
        (field("phone", "x"), "+49 (0)381 / 381-0", "+49 (0)381 / 381-0"),
        (field("postal_code", "x"), " 18055 ", "18055"),
        (field("iban", "x"), "de02 1203 0000 0000 2020 51", "DE02120300000000202051"),
        (field("consent", "x"), "true", True),
        (field("date", "x"), "2027-04-01", "2027-04-01"),
    ],
)
def test_good_values_are_stored_in_one_form(item, typed, stored):
    assert answer(item, x=typed) == stored


@pytest.mark.asvs("V2.2.1", "V2.2.2")
@pytest.mark.tr("A3.12.01")
@pytest.mark.parametrize(
    ("item", "typed", "part"),
    [
        (field("text", "x"), "a\0b", "ist hier nicht zulässig"),
        (field("text", "x"), "pay\u202egpj.exe", "U+202E"),
        (field("text", "x"), "a\ufffeb", "U+FFFE"),
        (field("text", "x"), "\x1b[31mred", "U+001B"),
        (field("text", "x"), "Привет", "Das Zeichen „П“ an Stelle 1"),
        (field("text", "x", charset="A"), "Anna 2", "hat keine Ziffern"),
        (field("text", "x", charset="A"), "Anna %", "Das Zeichen „%“ an Stelle 6"),
        (
            field("text", "x", pattern={"re": "[0-9]+", "message": {"de": "Wie viel % sind es?"}}),
            "viel",
            "Wie viel % sind",
        ),
        (field("text", "x", max_length=3), "abcd", "um 1 Zeichen"),
        (field("text", "x", min_length=3), "ab", "mindestens 3 Zeichen"),
        (field("text", "x", pattern={"re": "[0-9]{3}", "message": {"de": "Drei Ziffern."}}), "1234", "Drei Ziffern."),
        (field("multiline", "x"), "Grüße Ж", "„Ж“ an Stelle 7"),
        (field("number", "x"), "1,5", "ganze Zahl"),
        (field("number", "x"), "٣", "ganze Zahl"),
        (field("number", "x"), "9" * 5000, "ganze Zahl"),
        (field("number", "x", min=1), "0", "mindestens 1"),
        (field("decimal", "x"), "2.5", "zum Beispiel 2,50"),
        (field("decimal", "x"), "1e1000000", "zum Beispiel 2,50"),
        (field("decimal", "x"), "NaN", "zum Beispiel 2,50"),
        (field("decimal", "x"), "2,555", "höchstens 2 Stellen"),
        (field("currency", "x", max="10.00"), "10,01", "höchstens 10,00 €"),
        (field("yes_no", "x"), "vielleicht", "Ja oder Nein"),
        (field("choice", "x", options=OPTIONS), "z", "Wählen Sie"),
        (field("choices", "x", options=OPTIONS), ["a", "z"], "Wählen Sie"),
        (field("choices", "x", options=OPTIONS, min=2), ["a"], "mindestens 2"),
        (field("choices", "x", options=OPTIONS, max=1), ["a", "b"], "höchstens 1"),
        (field("email", "x"), "name@", "name@beispiel.de"),
        (field("email", "x"), "a@b.de\r\nBcc: c@d.de", "name@beispiel.de"),
        (field("phone", "x"), "0381-ruf-an", "zum Beispiel 0381"),
        (field("postal_code", "x"), "00123", "5 Ziffern"),
        (field("iban", "x"), "DE02120300000000202052", "Prüfen Sie die IBAN"),
    ],
)
def test_bad_values_are_told_in_a_sentence(item, typed, part):
    assert part in answer(item, x=typed)


def test_days_are_counted_from_the_day_on_which_somebody_answers():
    until_today, in_two_weeks = field("date", "x", max="today"), field("date", "x", min="today+14")
    today, tomorrow = timezone.localdate().isoformat(), (timezone.localdate() + timedelta(days=1)).isoformat()
    assert answer(until_today, x=today) == today
    assert "nicht in der Zukunft" in answer(until_today, x=tomorrow)
    assert "Geben Sie ein Datum ab dem" in answer(in_two_weeks, x=today)


def test_own_sentences_come_before_those_of_the_type():
    item = field("email", "x", error={"missing": {"de": "Wohin schreiben wir?"}, "wrong": {"de": "Prüfen Sie das."}})
    assert answer(item, x="") == "Wohin schreiben wir?"
    assert answer(item, x="@") == "Prüfen Sie das."


@pytest.mark.parametrize(
    ("boxes", "sentence", "box"),
    [
        (("31", "4", "2027"), "Den 31. April 2027 gibt es nicht. Geben Sie ein anderes Datum ein.", "x_day"),
        (("29", "2", "2027"), "Den 29. Februar 2027 gibt es nicht. Geben Sie ein anderes Datum ein.", "x_day"),
        (("1", "13", "2027"), "Geben Sie den Monat als Zahl von 1 bis 12 ein, zum Beispiel 3.5.2024.", "x_month"),
        (("1", "4", "27"), "Geben Sie das Jahr mit vier Ziffern ein, zum Beispiel 2024.", "x_year"),
        (("1", "4", "0000"), "Geben Sie das Jahr mit vier Ziffern ein, zum Beispiel 2024.", "x_year"),
        (("1", "", "2027"), "Geben Sie auch den Monat ein, zum Beispiel 3.5.2024.", "x_month"),
        (("eins", "4", "2027"), "Geben Sie Tag, Monat und Jahr als Zahlen ein, zum Beispiel 3.5.2024.", "x_day"),
        (("²", "4", "2027"), "Geben Sie Tag, Monat und Jahr als Zahlen ein, zum Beispiel 3.5.2024.", "x_day"),
    ],
)
def test_only_the_wrong_box_of_a_date_is_marked(boxes, sentence, box):
    day, month, year = boxes
    form = filled(one_step(field("date", "x")), post(x_day=day, x_month=month, x_year=year))
    assert not form.is_valid()
    assert form.error_list == [(box, "X", sentence)]
    (row,) = form.rows
    marked = [one.id for one in row.boxes[0] if "aria-invalid" in one.attributes]
    assert marked == [box]


def test_leap_day_is_a_day():
    form = filled(one_step(field("date", "x")), post(x_day="29", x_month="02", x_year="2028"))
    assert form.is_valid()
    assert form.cleaned_answers == {"x": "2028-02-29"}


def test_address_is_one_answer_of_four_boxes():
    form = one_step(field("address", "x"))
    good = filled(form, post(x_street="Lange Straße", x_house_number="12a", x_postal_code="18055", x_city="Rostock"))
    assert good.is_valid()
    assert good.cleaned_answers["x"] == {
        "street": "Lange Straße",
        "house_number": "12a",
        "postal_code": "18055",
        "city": "Rostock",
    }
    bad = filled(form, post(x_street="Lange Straße", x_house_number="", x_postal_code="18055", x_city="Rostock"))
    assert bad.error_list == [("x_house_number", "X", "Geben Sie auch die Hausnummer ein, zum Beispiel 12a.")]
    assert bad.partial_answers["x"]["street"] == "Lange Straße"


def test_files_are_counted_not_read():
    item = field("file", "x", accept=["pdf"], max_size_mb=5, max_files=1)
    form = one_step(item)
    uploads = [api.Upload(str(number), f"{number}.pdf", 10, "clean") for number in range(2)]
    assert "Laden Sie eine Datei hoch" in filled(form, post()).error_list[0][2]
    assert filled(form, post(), uploads={"x": uploads[:1]}).cleaned_answers == {"x": {"_files": ["0"]}}
    assert filled(form, post(), uploads={"x": uploads}).error_list[0][2] == (
        "Löschen Sie eine Datei. Erlaubt ist eine Datei."
    )


NAMES = [
    f"{slot.name}{part}" for slot in filled(ALL_TYPES).slots for part in ("", *(f"_{p}" for p in slot.field.type.parts))
]
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)


@settings(deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(NAMES, ANY_TEXT)))
def test_no_text_breaks_a_field_on_any_page(typed):
    form = filled(ALL_TYPES, post(**typed))
    assert not form.is_valid()  # no hypothesis fills in an IBAN by chance
    assert all(sentence for _, _, sentence in form.error_list)
    render_to_string("forms_engine/step_fields.html", {"form": form}).encode()
    kept = api.merge({}, form.partial_answers)
    api.check(ALL_TYPES, kept)
    api.summary(ALL_TYPES, kept, language="de")
    api.effective(ALL_TYPES, kept)


@settings(deadline=None)
@given(ANY_TEXT)
def test_what_is_refused_stands_in_the_box_again(text):
    form = filled(ALL_TYPES, post(f_email=text))
    shown_again = filled(ALL_TYPES, answers=api.merge({}, form.partial_answers))
    email = next(slot for slot in shown_again.slots if slot.name == "f_email")
    before = next(slot for slot in form.slots if slot.name == "f_email")
    assert str(email.raw).strip() == str(before.raw).strip()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=4), below, max_size=3),
    max_leaves=6,
)


@settings(deadline=None)
@given(st.fixed_dictionaries({slot.name: JSON for slot in filled(ALL_TYPES).slots}))
def test_no_stored_answer_breaks_the_engine(answers):
    """A draft may be older than we think."""
    api.check(ALL_TYPES, answers)
    api.summary(ALL_TYPES, answers, language="de")
    assert api.effective(ALL_TYPES, answers).keys() <= answers.keys()


def corpus(name: str) -> list[str]:
    path = Path(os.environ.get("PORTAL_CORPUS", "../shared/data")) / "badinput" / name
    if not path.exists():
        pytest.skip("the corpus of bad input is not here; set PORTAL_CORPUS to the folder that holds badinput/")
    if name == "blns.json":
        return json.loads(path.read_text(encoding="utf-8"))
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [case["input"] for case in cases if case["surface"].startswith("form.") and isinstance(case["input"], str)]


@pytest.mark.parametrize("name", ["blns.json", "cases.jsonl"])
def test_naughty_strings_are_stored_as_they_are_or_told(name):
    """Stored means: NFC, single blanks, typographic quotes and dashes repaired; nothing else changes."""
    form = one_step(field("text", "x", required=False, max_length=5000))
    for text in corpus(name):
        bound = filled(form, post(x=text))
        if bound.is_valid():
            stored = bound.cleaned_answers["x"]
            assert stored is None or re.sub(r"\s+", " ", normalise(text)).strip() == stored
        else:
            assert "Sie" in bound.error_list[0][2]
            assert bound.partial_answers["x"] == readable(text)
