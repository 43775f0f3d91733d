"""Answers in the words of the form."""

from __future__ import annotations

from forms_engine import api
from tests.forms_engine.definitions import demo, field, group, one_step, repeat

DOG_TAX = demo("hundesteuer-anmelden")
ADDRESS = {"street": "Lange Straße", "house_number": "12", "postal_code": "18055", "city": "Rostock"}
ANSWERS = {
    "halter_art": "person",
    "person": {"vorname": "Lena", "familienname": "Kogge", "geburtsdatum": "1984-05-03", "anschrift": ADDRESS},
    "email": "lena@example.org",
    "telefon": None,
    "mithalter": [],
    "hunde": [
        {
            "_id": "i1",
            "name": "Frieda",
            "rasse": "Labrador",
            "geschlecht": "huendin",
            "geburtsdatum": "2024-05-03",
            "chipnummer": "276098102345678",
            "haltung": "haushalt",
            "beginn": "2024-08-01",
            "herkunft": "eigen",
            "gefaehrlich": True,
            "versicherer": "Ostsee Versicherung",
        }
    ],
    "beantragt": False,
    "bemerkung": None,
    "aenderungen": True,
    "datenschutz": True,
}
UPLOADS = {"hunde-i1-nachweis_gefaehrlich": [api.Upload("f1", "wesenstest.pdf", 1_200_000, "clean")]}


def told(language="de"):
    sections = api.summary(DOG_TAX, ANSWERS, language=language, uploads=UPLOADS)
    return {(row.group, row.label): row.value for section in sections for row in section.rows}


def test_complete_application_may_be_submitted():
    assert api.check(DOG_TAX, ANSWERS, UPLOADS) == []
    missing = api.check(DOG_TAX, ANSWERS, {})
    assert [(problem.step_key, problem.field_id) for problem in missing] == [("hunde", "hunde-i1-nachweis_gefaehrlich")]


def test_every_answer_is_told_in_words():
    rows = told()
    assert rows[None, "Wer hält den Hund?"] == "Eine Person oder ein Haushalt"
    assert rows["Angaben zur Person", "Geburtsdatum"] == "3. Mai 1984"
    assert rows["Angaben zur Person", "Anschrift"] == "Lange Straße 12, 18055 Rostock"
    assert rows[None, "Telefonnummer"] == "Nicht angegeben"
    assert rows[None, "Weitere Halterinnen und Halter"] == "Nicht angegeben"
    assert rows["Hund 1", "Gilt der Hund als gefährlich?"] == "Ja"
    assert rows["Hund 1", "Wesenstest oder Nachweis der Kastration"] == "wesenstest.pdf (1,2 MB)"
    assert rows[None, "Lastschrift (SEPA)"] == "Nicht angegeben"


def test_hidden_questions_are_not_told():
    assert not [label for _, label in told() if label in ("Name der Organisation", "Aus welchem Grund?", "Nachweis")]


def test_words_come_in_the_language_of_the_reader():
    rows = told("en")
    assert rows[None, "Who keeps the dog?"] == "A person or a household"
    assert ("Dog 1", "Breed") in rows


def test_money_numbers_and_units_are_written_in_german():
    form = one_step(
        field("currency", "betrag"),
        field("decimal", "breite", unit="m"),
        field("number", "zahl"),
        field("iban", "iban"),
    )
    answers = {"betrag": "1441.25", "breite": "2.50", "zahl": 1200, "iban": "DE02120300000000202051"}
    (section,) = api.summary(form, answers, language="de")
    assert [row.value for row in section.rows] == ["1.441,25 €", "2,50 m", "1.200", "DE02 1203 0000 0000 2020 51"]


def test_all_instances_are_titled():
    form = one_step(group("hunde", field("text", "name"), repeat=repeat()))
    answers = {"hunde": [{"_id": "a", "name": "Rex"}, {"_id": "b", "name": "Bello"}]}
    (section,) = api.summary(form, answers, language="de")
    assert [(row.group, row.value) for row in section.rows] == [("Hund 1", "Rex"), ("Hund 2", "Bello")]


def test_only_what_is_visible_and_filled_is_submitted():
    stale = ANSWERS | {"organisation": {"name": "Alt GmbH"}, "grund": "assistenz", "fremd": "x"}
    submitted = api.effective(DOG_TAX, stale)
    assert not {"organisation", "grund", "fremd", "telefon", "mithalter", "bemerkung"} & submitted.keys()
    assert submitted["hunde"][0]["_id"] == "i1"


def test_applicant_and_search_words_come_from_marked_answers():
    assert api.applicant_name(DOG_TAX, ANSWERS) == "Lena Kogge"
    assert api.contact_email(DOG_TAX, ANSWERS) == "lena@example.org"
    assert api.searchable(DOG_TAX, ANSWERS) == ["Lena", "Kogge", "Frieda", "276098102345678"]
    firm = {
        "halter_art": "organisation",
        "organisation": {"name": "Wachdienst Warnow GmbH"},
        "person": ANSWERS["person"],
    }
    assert api.applicant_name(DOG_TAX, firm) == "Wachdienst Warnow GmbH"


def test_lookup_goes_through_groups_and_repetitions():
    assert api.lookup(ANSWERS, "person.anschrift.city") == "Rostock"
    assert api.lookup(ANSWERS, "hunde.name") == ["Frieda"]
    assert api.lookup(ANSWERS, "nichts.da") is None


def test_file_field_is_found_by_its_html_name():
    field_ = api.file_field(DOG_TAX, "hunde-i1-nachweis_gefaehrlich")
    assert field_ is not None
    assert field_.limits["max_size_mb"] == 10
    for name in ("hunde-i1-name", "hunde", "nichts", "", "hunde-i1"):
        assert api.file_field(DOG_TAX, name) is None
