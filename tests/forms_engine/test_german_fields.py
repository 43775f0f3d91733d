"""The types of fields that Germany's forms need: what each takes, keeps, shows and refuses."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string

from forms_engine import api
from tests.forms_engine.definitions import definition, field, filled, group, one_step, post, problems, repeat, step

HOME = {"street": "Lange Straße", "house_number": "12", "postal_code": "18055", "city": "Rostock"}


def typed_in(form, **values):
    """What is stored for the question `x` and how it is shown; or the sentence and the boxes that are wrong."""
    bound = filled(form, post(**values))
    if not bound.is_valid():
        return bound.error_list[0][2], bound.wrong_parts(bound.slots[0])
    answers = bound.cleaned_answers
    assert api.check(form, answers) == []
    assert filled(form, answers=answers).slots[0].raw == form.steps[0].fields[0].type.raw(answers["x"])
    return answers["x"], shown(form, answers)


def shown(form, answers, language="de"):
    return api.summary(form, answers, language=language)[0].rows[0].value


def boxes(**values):
    return {f"x_{part}": value for part, value in values.items()}


ADDRESS = one_step(field("address", "x", care_of=True, no_fixed_abode=True))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("12 – 14", "12-14"),
        ("12a-c", "12a-c"),
        ("12 a", "12 a"),
        ("3/5", "3/5"),
        ("7 1/2", "7 1/2"),
        ("12 HH", "12 HH"),
    ],
)
def test_house_numbers_may_be_ranges_and_have_additions(typed, stored):
    answer, words = typed_in(one_step(field("address", "x")), **boxes(**HOME | {"house_number": typed}))
    assert answer == HOME | {"house_number": stored}
    assert words == f"Lange Straße {stored}, 18055 Rostock"


def test_people_live_with_others():
    answer, words = typed_in(ADDRESS, **boxes(**HOME, care_of="Familie Yılmaz"))
    assert answer == HOME | {"care_of": "Familie Yılmaz", "no_fixed_abode": False}
    assert words == "bei Familie Yılmaz, Lange Straße 12, 18055 Rostock"


def test_nobody_needs_a_house_to_apply():
    answer, words = typed_in(ADDRESS, **boxes(city="Rostock", care_of="Bahnhofsmission", no_fixed_abode="true"))
    assert answer["street"] == answer["house_number"] == answer["postal_code"] == ""
    assert answer["no_fixed_abode"] is True
    assert words == "bei Bahnhofsmission, Rostock, ohne festen Wohnsitz"
    assert typed_in(ADDRESS, **boxes(no_fixed_abode="true")) == (
        "Geben Sie auch den Ort ein, zum Beispiel Rostock.",
        ("city",),
    )


def test_house_is_needed_where_the_form_does_not_offer_otherwise():
    sentence, wrong = typed_in(one_step(field("address", "x")), **boxes(city="Rostock", no_fixed_abode="true"))
    assert wrong == ("street", "house_number", "postal_code")
    assert sentence.startswith("Geben Sie Straße")


@pytest.mark.parametrize(("number", "lies"), [("26-34", True), ("24-26", None), ("27-33", False), ("ohne", None)])
def test_range_of_house_numbers_lies_in_an_area_with_both_ends(number, lies):
    area = [{"street": "Lange Straße", "parity": "even", "from": 26, "to": 34}]
    form = one_step(field("address", "x"))
    condition = {"in_area": [{"answer": "x"}, "Nord"]}
    around = api.Surroundings(areas={"Nord": area})
    assert api.evaluate(condition, {"x": HOME | {"house_number": number}}, form, around) is lies


# --- names ------------------------------------------------------------------------------------------------------------

PERSON = one_step(field("person_name", "x", role="person_name", prefill="person_name"))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"given_name": "Lena Marie", "family_name": "von Hansen"}, "Lena Marie von Hansen"),
        ({"family_name": "Suharto", "one_name": "true"}, "Suharto"),
        ({"given_name": "Suharto", "one_name": "true"}, "Suharto"),
    ],
)
def test_person_has_the_names_that_were_typed_and_no_others(typed, words):
    stored, told = typed_in(PERSON, **boxes(**typed))
    expected = {"given_name": "", "family_name": ""} | typed | {"one_name": "one_name" in typed}
    assert (stored, told) == (expected, words)
    assert api.applicant_name(PERSON, {"x": stored}) == words


@pytest.mark.parametrize(
    ("typed", "part", "wrong"),
    [
        ({"family_name": "Hansen"}, "auch den Vornamen ein, oder", ("given_name",)),
        ({"given_name": "Lena", "family_name": "Hansen", "one_name": "true"}, "zwei Namen", ("one_name",)),
        ({"one_name": "true"}, "Vornamen und Nachnamen", ("given_name", "family_name")),
        ({"given_name": "Lena", "family_name": "Hansen2"}, "„2“ an Stelle 7", ("family_name",)),
        ({"given_name": "L" * 81, "family_name": "Hansen"}, "höchstens 80", ("given_name",)),
    ],
)
def test_name_tells_what_is_wrong_with_it(typed, part, wrong):
    sentence, marked = typed_in(PERSON, **boxes(**typed))
    assert part in sentence
    assert marked == wrong


def test_second_thought_leaves_no_name_behind():
    before = typed_in(PERSON, **boxes(given_name="Lena", family_name="Hansen"))[0]
    after = filled(PERSON, post(x_family_name="Suharto", x_one_name="true"), {"x": before})
    assert api.merge({"x": before}, after.cleaned_answers)["x"]["given_name"] == ""


def test_name_and_register_come_from_the_profile():
    form = one_step(
        field("person_name", "x", prefill="person_name"), field("register_entry", "y", prefill="register_entry")
    )
    profile = {
        "given_name": "Lena",
        "family_name": "Hansen",
        "register_court": "Rostock",
        "register_number": "HRB 12345",
    }
    name, entry = filled(form, prefill=profile).slots
    assert name.prefilled
    assert entry.prefilled
    assert name.answer == {"given_name": "Lena", "family_name": "Hansen", "one_name": False}
    assert entry.answer == {"court": "Rostock", "number": "HRB 12345"}


# --- numbers of offices -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "typed", "stored", "words"),
    [
        ("tax_id", "36574261809", "36574261809", "36 574 261 809"),
        ("tax_id", " 36 574 261 809 ", "36574261809", "36 574 261 809"),
        ("bic", "deutdeff 500", "DEUTDEFF500", "DEUTDEFF500"),
        ("licence_plate", "hro ab12e", "HRO-AB 12E", "HRO-AB 12E"),
        ("licence_plate", "MÜR–A 1", "MÜR-A 1", "MÜR-A 1"),
        ("licence_plate", "HRO-1234", "HRO-1234", "HRO-1234"),
        ("country", "CI", "CI", "Côte d’Ivoire"),
        ("nationality", "XXA", "XXA", "staatenlos"),
    ],
)
def test_marks_are_stored_in_one_form(kind, typed, stored, words):
    assert typed_in(one_step(field(kind, "x")), x=typed) == (stored, words)


@pytest.mark.parametrize(
    ("kind", "typed", "part"),
    [
        ("tax_id", "36574261808", "11 Ziffern"),
        ("tax_id", "٣٦٥٧٤٢٦١٨٠٩", "11 Ziffern"),
        ("tax_id", "9" * 5000, "11 Ziffern"),
        ("bic", "DEUTDEFF5", "8 oder 11 Zeichen"),
        ("licence_plate", "HROAB123", "mit Bindestrich"),
        ("licence_plate", "HRO-AB 0123", "mit Bindestrich"),
        ("licence_plate", "HRO-AB 12345", "mit Bindestrich"),
        ("licence_plate", "HRO-AB 123E", "höchstens 8"),
        ("licence_plate", "HRO-AB 123\n<script>", "mit Bindestrich"),
        ("country", "XXA", "aus der Liste"),
        ("country", "SU", "aus der Liste"),
        ("nationality", "Deutschland", "aus der Liste"),
    ],
)
def test_wrong_marks_are_told_in_a_sentence(kind, typed, part):
    sentence, _ = typed_in(one_step(field(kind, "x")), x=typed)
    assert part in sentence


@pytest.mark.parametrize("kind", ["bic", "iban", "licence_plate"])
def test_telephones_leave_codes_alone(kind):
    row = filled(one_step(field(kind, "x"))).rows[0]
    assert 'autocapitalize="characters" spellcheck="false"' in row.attributes


def test_countries_stand_in_the_language_of_the_page_with_germany_first():
    form = one_step(field("country", "x"))
    for language, first, second in (("de", "Deutschland", "Ålandinseln"), ("en", "Germany", "Åland Islands")):
        row = api.step_form(form, "s", {}, language=language).rows[0]
        assert [choice.label for choice in row.choices[:2]] == [first, second]
        assert len(row.choices) == 250
    assert shown(form, {"x": "FR"}, "en") == "France"


def test_conditions_name_countries_by_code():
    form = one_step(field("nationality", "x"), field("text", "y", when={"not_equal": [{"answer": "x"}, "DE"]}))
    assert len(filled(form, answers={"x": "FR"}).slots) == 2
    assert len(filled(form, answers={"x": "DE"}).slots) == 1


@pytest.mark.parametrize(
    ("court", "number", "stored"),
    [
        ("Rostock", "hrb12345", {"court": "Rostock", "number": "HRB 12345"}),
        ("Amtsgericht rostock", "GsR 7", {"court": "Rostock", "number": "GsR 7"}),
        ("Berlin", "HRB 5 B", {"court": "Berlin (Charlottenburg)", "number": "HRB 5 B"}),
    ],
)
def test_register_entry_is_court_and_number(court, number, stored):
    form = one_step(field("register_entry", "x"))
    assert typed_in(form, x_court=court, x_number=number) == (stored, f"{stored['court']} {stored['number']}")


@pytest.mark.parametrize(
    ("court", "number", "wrong"),
    [
        ("Nirgendwo", "HRB 1", ("court",)),
        ("Rostock", "12345", ("number",)),
        ("Rostock", "", ("number",)),
        ("", "HRB 1", ("court",)),
        ("Rostock HRB 2 Rostock", "HRB 1", ("court",)),
    ],
)
def test_wrong_half_of_a_register_entry_is_marked(court, number, wrong):
    assert typed_in(one_step(field("register_entry", "x")), x_court=court, x_number=number)[1] == wrong


# --- dates and times --------------------------------------------------------------------------------------------------

BIRTH = one_step(field("partial_date", "x", max="today"))


@pytest.mark.parametrize(
    ("day", "month", "year", "stored", "words"),
    [
        ("", "", "1960", "1960", "1960"),
        ("", "5", "1960", "1960-05", "Mai 1960"),
        ("3", "05", "1960", "1960-05-03", "3. Mai 1960"),
        ("00", "xx", "1960", "1960", "1960"),
        ("29", "2", "1960", "1960-02-29", "29. Februar 1960"),
    ],
)
def test_date_is_kept_as_far_as_it_is_known(day, month, year, stored, words):
    assert typed_in(BIRTH, x_day=day, x_month=month, x_year=year) == (stored, words)


@pytest.mark.parametrize(
    ("day", "month", "year", "part", "wrong"),
    [
        ("3", "", "1960", "zum Tag auch den Monat", ("month",)),
        ("", "5", "", "mindestens das Jahr", ("year",)),
        ("", "", "60", "vier Ziffern", ("year",)),
        ("", "13", "1960", "von 1 bis 12", ("month",)),
        ("30", "2", "1960", "gibt es nicht", ("day",)),
        ("", "", "2999", "nicht in der Zukunft", ("day", "month", "year")),
    ],
)
def test_date_known_in_part_tells_what_is_wrong(day, month, year, part, wrong):
    sentence, marked = typed_in(BIRTH, x_day=day, x_month=month, x_year=year)
    assert part in sentence
    assert marked == wrong


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ({"less_than": [{"answer": "x"}, "1961-05-01"]}, True),
        ({"less_than": [{"answer": "x"}, "1960-05-01"]}, None),
        ({"less_than": [{"answer": "x"}, "1960-01-01"]}, False),
        ({"greater_or_equal": [{"answer": "x"}, "1960-01-01"]}, True),
        ({"greater_than": [{"answer": "x"}, "1960-12-31"]}, False),
        ({"less_or_equal": [{"answer": "x"}, "1960-12-31"]}, True),
        ({"equal": [{"answer": "x"}, "1960-05-03"]}, None),
        ({"equal": [{"answer": "x"}, "1961"]}, False),
        ({"not_equal": [{"answer": "x"}, "1961"]}, True),
        ({"in": [{"answer": "x"}, ["1958", "1959-02"]]}, False),
        ({"less_than": [{"answer": "x"}, {"answer": "y"}]}, True),
        ({"greater_than": [{"answer": "y"}, {"answer": "x"}]}, True),
        ({"is_empty": {"answer": "x"}}, False),
    ],
)
def test_what_depends_on_an_unknown_day_is_unknown(condition, truth):
    form = one_step(field("partial_date", "x"), field("date", "y"))
    assert api.evaluate(condition, {"x": "1960", "y": "1970-01-01"}, form) is truth


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("14:30", "14:30"), ("9.05", "09:05"), ("9 Uhr", "09:00"), (" 23:59 Uhr ", "23:59"), ("0:00", "00:00")],
)
def test_time_is_stored_in_one_form(typed, stored):
    assert typed_in(one_step(field("time", "x")), x=typed) == (stored, f"{stored} Uhr")


@pytest.mark.parametrize("typed", ["24:00", "12:60", "halb drei", "1430", "١٤:٣٠", "14:30:00", "-1:00"])
def test_wrong_time_is_told_in_a_sentence(typed):
    assert "zum Beispiel 14:30" in typed_in(one_step(field("time", "x")), x=typed)[0]


def test_time_has_limits():
    form = one_step(field("time", "x", min="08:00", max="18:00"))
    assert "ab 08:00 Uhr" in typed_in(form, x="7:59")[0]
    assert "bis 18:00 Uhr" in typed_in(form, x="18:01")[0]


def test_moment_is_day_and_time():
    form = one_step(field("datetime", "x"))
    day = {"x_day": "1", "x_month": "4", "x_year": "2027"}
    assert typed_in(form, **day, x_time="9") == ("2027-04-01T09:00", "1. April 2027, 09:00 Uhr")
    assert typed_in(form, **day)[1] == ("time",)
    assert typed_in(form, **day | {"x_day": "31"}, x_time="9")[1] == ("day",)
    kept = filled(form, post(**day, x_time="9 vielleicht"))
    again = filled(form, answers=api.merge({}, kept.partial_answers))
    assert again.slots[0].raw == kept.slots[0].raw


# --- what a form reckons ----------------------------------------------------------------------------------------------

AREA = {"product": [{"answer": "./laenge"}, {"answer": "./breite"}]}
PITCH = one_step(
    group(
        "flaechen",
        field("decimal", "laenge"),
        field("decimal", "breite"),
        field("calculated", "flaeche", value=AREA, unit="m²"),
        repeat=repeat(),
    ),
    field("calculated", "summe", value={"sum": [{"answer": "flaechen.laenge"}, {"count": "flaechen"}]}, decimals=0),
    field("calculated", "schnitt", value={"quotient": ["1.00", {"difference": [{"answer": "flaechen.laenge"}, 5]}]}),
)


def test_form_reckons_exactly_and_keeps_the_result():
    plots = [{"_id": "a", "laenge": "2.50", "breite": "1000.10"}, {"_id": "b", "laenge": "3.00", "breite": "0.33"}]
    answers = {"flaechen": plots}
    assert api.effective(PITCH, answers) == {
        "flaechen": [plots[0] | {"flaeche": "2500.25"}, plots[1] | {"flaeche": "0.99"}],
        "summe": "8",
        "schnitt": "2.00",
    }
    words = {
        row.label: row.value for row in api.summary(PITCH, answers, language="de")[0].rows if row.group != "Hund 2"
    }
    assert words["Flaeche"] == "2.500,25 m²"
    assert api.check(PITCH, answers) == []


def test_result_is_unknown_while_an_answer_is_missing_or_nothing_divides():
    answers = {"flaechen": [{"_id": "a", "laenge": "5.00"}]}
    assert api.effective(PITCH, answers) == answers | {"summe": "6"}
    assert "Steht hier, sobald" in render_to_string(
        "forms_engine/step_fields.html", {"form": filled(PITCH, None, answers)}
    )


def test_page_is_renewed_when_a_number_changes_that_is_reckoned_with():
    assert ("flaechen", "laenge") in PITCH.steps[0].controlling


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ({"sum": [{"answer": "y"}]}, "lässt sich nicht rechnen"),
        ({"sum": [{"answer": "z"}]}, "gibt es nicht"),
        ({"sum": []}, "leer oder zu kurz"),
        ({"power": [2, 3]}, "Den Schlüssel „power“ gibt es hier nicht"),
        ("zwei", "Schreiben Sie die Zahl als Text mit Punkt"),
        ({"sum": [1], "product": [2]}, "zu viel"),
    ],
)
def test_formula_that_means_nothing_is_told_to_its_author(value, part):
    found = problems(definition(step("s", field("calculated", "x", value=value), field("text", "y"))))
    assert part in " ".join(found)


def test_result_that_nobody_can_read_is_unknown():
    large = {"product": [{"answer": "y"}] * 50}
    form = one_step(field("number", "y"), field("calculated", "x", value=large))
    assert api.effective(form, {"y": 10**15 - 1}) == {"y": 10**15 - 1}
