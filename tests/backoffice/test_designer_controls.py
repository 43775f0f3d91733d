"""What an author says beyond labels and limits: lists, answers with a condition, rules, areas, the browser's help."""

from typing import Any

import pytest
from django.test import Client

from forms_engine.models import CodeList
from forms_engine.xdatenfelder.code_lists import read_code_list
from forms_engine.xdatenfelder.elements import parse
from tests.backoffice.designer import DeskPage, author_of, item, stored
from tests.backoffice.test_forms import make_form
from tests.xdatenfelder.schemas import code_list

URI = "urn:probe:rassen"


def listed(version: str, rows: dict[str, str], uri: str = URI) -> None:
    read = read_code_list(parse(code_list(uri, rows, version)))
    CodeList.objects.create(uri=uri, version=version, entries=read.as_json(), sha256=read.sha256)


def field(kind: str, key: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "key": key, "label": {"de": key.capitalize()}} | more


def desk_of(author: Client, key: str, *fields: dict[str, Any], **changes: Any) -> DeskPage:
    step = {"key": "angaben", "title": {"de": "Angaben"}, "items": list(fields)}
    return DeskPage(author, make_form(key, steps=[step], **changes).form_id).begin()


# --- code lists ------------------------------------------------------------------------------------------------------


def test_a_choice_follows_a_list_of_the_portal_or_keeps_what_it_says_today(desk: DeskPage) -> None:
    listed("1", {"01": "Dackel", "02": "Pudel"})
    desk.open("angaben").press("insert", beschriftung="Rasse", art="choice")
    desk.press("save", list_uri=URI, list_follow="on")
    assert item(desk, number=-1)["code_list"] == {"uri": URI, "follow": True}
    assert "options" not in item(desk, number=-1)
    assert "Dackel" in desk.preview
    desk.press("save")
    assert item(desk, number=-1)["code_list"] == {"uri": URI, "follow": True}, "what stands on the page says the same"
    fields = desk.fields()
    del fields["list_follow"]
    desk._keep(desk.author.post(f"{desk.address}?ort=angaben:rasse", fields | {"tun": "save"}, follow=True))
    assert item(desk, number=-1)["code_list"] == {"uri": URI, "version": "1"}
    assert [option["value"] for option in item(desk, number=-1)["options"]] == ["01", "02"]
    desk.press("save", options_de="Dackel\nWindhund")
    assert [option["value"] for option in item(desk, number=-1)["options"]] == ["01", "02"]
    desk.press("save", list_uri="")
    assert "code_list" not in item(desk, number=-1)


def test_who_stops_following_a_list_goes_on_with_its_answers_of_today(author: Client) -> None:
    listed("1", {"01": "Dackel"})
    desk = desk_of(author, "d-stops", field("choice", "rasse", code_list={"uri": URI, "follow": True}))
    desk.open("angaben:rasse").press("save", list_uri="")
    assert item(desk)["options"] == [{"value": "01", "label": {"de": "Dackel"}}]
    assert "code_list" not in item(desk)


def test_a_list_that_is_missing_here_stays_named(author: Client) -> None:
    named = {"uri": "urn:anderswo", "version": "3"}
    desk = desk_of(author, "d-missing", field("choice", "rasse", code_list=named), published=False)
    desk.open("angaben:rasse").press("save", label_de="Welche Rasse?")
    assert "urn:anderswo, die hier fehlt" in desk.text
    assert item(desk)["code_list"] == named


def test_a_list_that_is_too_long_is_refused_at_its_box(desk: DeskPage) -> None:
    listed("1", {f"{number:04}": f"Rasse {number}" for number in range(1001)})
    desk.open("angaben").press("insert", beschriftung="Rasse", art="choice")
    desk.press("save", status=422, label_de="Welche?", list_uri=URI, list_follow="on")
    assert "hat 1.001 Einträge. Eine Frage bietet höchstens 1.000 an." in desk.text
    assert desk.page.count("//div[@id='fehler']//a[@href='#Eig-list_uri']") == 1
    assert (desk.fields()["label_de"], desk.fields()["list_uri"]) == (["Welche?"], [URI])


def test_a_condition_names_an_answer_of_a_followed_list_by_its_words(author: Client) -> None:
    listed("1", {"01": "Dackel", "02": "Pudel"})
    follows = field("choice", "rasse", code_list={"uri": URI, "follow": True})
    desk = desk_of(author, "d-listed", follows, field("text", "mehr"))
    desk.open("angaben:mehr").press("add-row").press("refresh", **{"Wenn-0-feld": "rasse"})
    assert desk.page.tree.xpath("//select[@id='Wenn-0-wert']/option/text()") == ["Bitte wählen", "Dackel", "Pudel"]
    desk.press("save", **{"Wenn-0-vergleich": "equal", "Wenn-0-wert": "02"})
    assert item(desk, number=1)["when"] == {"equal": [{"answer": "rasse"}, "02"]}


# --- answers with a condition ----------------------------------------------------------------------------------------

OPTIONS = [{"value": value, "label": {"de": value.capitalize()}} for value in ("welpe", "rentner", "dienst")]


def test_an_answer_has_a_condition_of_its_own(author: Client) -> None:
    desk = desk_of(author, "d-option", field("number", "alter"), field("choice", "art", options=OPTIONS))
    desk.open("angaben:art").press("add-option-rows", antwort="rentner")
    assert desk.focused == "Antwort-rentner-0-feld"
    assert "Antwort „Rentner“ nur zeigen, wenn" in desk.text
    desk.press("Antwort-rentner:refresh", **{"Antwort-rentner-0-feld": "alter"})
    rows = {"Antwort-rentner-0-vergleich": "greater_than", "Antwort-rentner-0-wert": "viele"}
    desk.press("save", status=422, label_de="Welche Art?", **rows)
    assert desk.page.count("//div[@id='fehler']//a[@href='#Antwort-rentner-0-wert']") == 1
    assert (desk.fields()["Antwort-rentner-0-wert"], desk.fields()["label_de"]) == (["viele"], ["Welche Art?"])
    desk.press("save", options_de="Welpe\nIm Ruhestand\nDienst", **{"Antwort-rentner-0-wert": "10"})
    assert item(desk, number=1)["options"][1] == {
        "value": "rentner",
        "label": {"de": "Im Ruhestand"},
        "when": {"greater_than": [{"answer": "alter"}, 10]},
    }
    assert "Die Antwort steht da, wenn gilt: „Alter“ ist größer als 10." in desk.text
    assert "Im Ruhestand" not in desk.preview.partition("Welche Art?")[2]
    desk.press("Antwort-rentner:remove-row-0").press("save")
    assert "when" not in item(desk, number=1)["options"][1]


def test_what_an_answer_depends_on_is_renamed_with_its_condition(author: Client) -> None:
    options = [*OPTIONS[:2], OPTIONS[2] | {"when": {"equal": [{"answer": "alter"}, 3]}}]
    desk = desk_of(author, "d-renamed", field("number", "alter"), field("choice", "art", options=options))
    desk.open("angaben:art").press("save", label_de="Welche Art?")
    assert item(desk, number=1)["options"][2]["when"] == {"equal": [{"answer": "alter"}, 3]}
    desk.open("angaben:alter").press("save", key="jahre")
    assert item(desk, number=1)["options"][2]["when"] == {"equal": [{"answer": "jahre"}, 3]}


# --- rules across questions ------------------------------------------------------------------------------------------


def test_a_rule_compares_two_answers_and_says_its_sentence_at_a_question(author: Client) -> None:
    desk = desk_of(author, "d-rule", field("date", "beginn"), field("date", "ende"), field("text", "name"))
    desk.open("*").press("add-rule")
    assert desk.focused == "Regel-0-0-feld"
    desk.press("Regel-0:refresh", **{"Regel-0-0-feld": "ende"})
    others = desk.page.tree.xpath("//select[@id='Regel-0-0-frage']/option/@value")
    assert others == ["", "beginn"], "only what can be compared"
    rule = {"Regel-0-0-vergleich": "greater_than", "Regel-0-0-frage": "beginn", "Regel-0-at": "ende"}
    desk.press("save", status=422, title_de="Anderer Titel", **rule)
    assert desk.page.count("//div[@id='fehler']//a[@href='#Regel-0-message_de']") == 1
    assert (desk.fields()["Regel-0-0-frage"], desk.fields()["title_de"]) == (["beginn"], ["Anderer Titel"])
    desk.press("save", **{"Regel-0-message_de": "Das Ende muss nach dem Beginn liegen."})
    kept = {
        "require": {"greater_than": [{"answer": "ende"}, {"answer": "beginn"}]},
        "at": "ende",
        "message": {"de": "Das Ende muss nach dem Beginn liegen."},
    }
    assert stored(desk)["rules"] == [kept]
    desk.press("save")
    assert stored(desk)["rules"] == [kept], "what stands on the page says the same"
    dates = {f"{key}_{part}": value for key in ("beginn", "ende") for part, value in (("month", "5"), ("year", "2027"))}
    desk.try_out("pruefen", **dates, beginn_day="4", ende_day="3", name="Ada")
    assert "Das Ende muss nach dem Beginn liegen." in desk.preview
    desk.open("*").press("remove-rule-0").press("save")
    assert "rules" not in stored(desk)


def test_a_rule_without_a_row_is_told_and_an_untouched_one_is_none(author: Client) -> None:
    desk = desk_of(author, "d-norow", field("text", "name"))
    desk.open("*").press("add-rule").press("save")
    assert "rules" not in stored(desk)
    desk.press("add-rule").press("save", status=422, **{"Regel-0-message_de": "So nicht.", "Regel-0-at": "name"})
    assert desk.page.count("//div[@id='fehler']//a[@href='#Regel-0']") == 1
    assert desk.fields()["Regel-0-message_de"] == ["So nicht."]


def test_a_rule_that_rows_cannot_say_stays_as_it_is(author: Client) -> None:
    rule: dict[str, Any] = {
        "require": {"xor": [{"is_empty": {"answer": "a"}}, {"is_empty": {"answer": "b"}}]},
        "at": "b",
        "message": {"de": "Nennen Sie eins von beiden."},
    }
    desk = desk_of(author, "d-kept-rule", field("text", "a"), field("text", "b"), rules=[rule])
    desk.open("*").press("save", **{"Regel-0-message_en": "Name one of them."})
    assert stored(desk)["rules"] == [rule | {"message": rule["message"] | {"en": "Name one of them."}}]


def test_a_rule_of_a_repeated_group_asks_within_the_instance(author: Client) -> None:
    group = {
        "type": "group",
        "key": "hunde",
        "title": {"de": "Hunde"},
        "repeat": {"min": 1, "max": 5, "instance": {"de": "Hund"}, "add": {"de": "Noch einen"}},
        "items": [field("date", "geboren"), field("date", "seit")],
    }
    desk = desk_of(author, "d-group-rule", group)
    desk.open("angaben:hunde").press("add-rule").press("Regel-0:refresh", **{"Regel-0-0-feld": "./seit"})
    rule = {"Regel-0-0-vergleich": "greater_or_equal", "Regel-0-0-frage": "./geboren"}
    desk.press("save", **rule, **{"Regel-0-at": "./seit", "Regel-0-message_de": "Erst geboren, dann gehalten."})
    require = {"greater_or_equal": [{"answer": "./seit"}, {"answer": "./geboren"}]}
    assert item(desk)["rules"] == [
        {"require": require, "at": "./seit", "message": {"de": "Erst geboren, dann gehalten."}}
    ]


# --- areas -----------------------------------------------------------------------------------------------------------


def test_areas_are_lists_of_streets_that_conditions_name(author: Client) -> None:
    desk = desk_of(author, "d-areas", field("address", "anschrift"), field("text", "tonne"))
    desk.open("*").press("add-area")
    assert desk.focused == "Gebiet-0-name"
    wrong = {"Gebiet-0-name": "Nord", "Gebiet-0-stretches": "Lange Straße; 40; 2\n;;;schief"}
    desk.press("save", status=422, **wrong)
    assert "Zeile 1: Die erste Hausnummer ist größer als die letzte." in desk.text
    assert "Zeile 2: „schief“ ist weder gerade noch ungerade" in desk.text
    assert desk.fields()["Gebiet-0-stretches"] == [wrong["Gebiet-0-stretches"]]
    lines = "Lange Str.; 2; 40; gerade; 18055\nSchillingallee\n18057"
    desk.press("save", **{"Gebiet-0-stretches": lines})
    assert stored(desk)["areas"] == {
        "Nord": [
            {"street": "Lange Str.", "parity": "even", "from": 2, "to": 40, "postal_code": "18055"},
            {"street": "Schillingallee"},
            {"postal_code": "18057"},
        ]
    }
    assert desk.fields()["Gebiet-0-stretches"] == [lines]
    desk.open("angaben:tonne").press("add-row").press("refresh", **{"Wenn-0-feld": "anschrift"})
    desk.press("save", **{"Wenn-0-vergleich": "outside_area", "Wenn-0-wert": "Nord"})
    outside = {"not": {"in_area": [{"answer": "anschrift"}, "Nord"]}}
    assert item(desk, number=1)["when"] == outside
    desk.open("*").press("save", **{"Gebiet-0-name": "Mitte"})
    assert list(stored(desk)["areas"]) == ["Mitte"]
    assert item(desk, number=1)["when"] == {"not": {"in_area": [{"answer": "anschrift"}, "Mitte"]}}
    desk.press("remove-area-0").press("save", status=422)
    assert "„Tonne“: Das Gebiet „Mitte“ gibt es nicht." in desk.text
    assert list(stored(desk)["areas"]) == ["Mitte"]


def test_two_areas_of_one_name_are_told(author: Client) -> None:
    desk = desk_of(author, "d-twice", field("text", "name"), areas={"Nord": [{"street": "Am Markt", "parity": "all"}]})
    desk.open("*").press("save")
    assert stored(desk)["areas"] == {"Nord": [{"street": "Am Markt", "parity": "all"}]}
    desk.press("add-area").press("save", status=422, **{"Gebiet-1-name": "Nord", "Gebiet-1-stretches": "Am Strande"})
    assert "So heißt schon ein Gebiet." in desk.text
    assert desk.fields()["Gebiet-1-stretches"] == ["Am Strande"]


def test_what_somebody_else_changed_meanwhile_is_not_taken_for_something_else(author: Client) -> None:
    areas = {"Nord": [{"street": "Am Strande"}], "Süd": [{"street": "Am Markt"}]}
    kept = [{"xor": [{"is_empty": {"answer": name}}, {"is_empty": {"answer": "b"}}]} for name in ("a", "c")]
    rules = [
        {"require": each, "at": "b", "message": {"de": f"Satz {number}."}} for number, each in enumerate(kept, start=1)
    ]
    inside = {"when": {"in_area": [{"answer": "anschrift"}, "Süd"]}}
    fields = [field("text", "a"), field("text", "b"), field("text", "c"), field("address", "anschrift")]
    desk = desk_of(author, "d-meanwhile", *fields, field("text", "tonne", **inside), areas=areas, rules=rules)
    slow = DeskPage(author, desk.form_id).open("*")
    desk.open("*").press("remove-area-0").press("remove-rule-0").press("save")
    slow.press("save", status=409, **{"Gebiet-0-name": "Norden"})
    slow.press("save", status=422)
    assert slow.page.count("//div[@id='fehler']//a[@href='#Regel-0']") == 1, "its condition is gone, and said to be"
    slow.press("remove-rule-0", **{"Gebiet-0-name": "Norden"}).press("save")
    assert stored(slow)["areas"] == {"Norden": [{"street": "Am Strande"}], "Süd": [{"street": "Am Markt"}]}
    assert item(slow, number=4)["when"] == inside["when"]
    assert stored(slow)["rules"] == [rules[1]]


# --- the browser's help ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "token", "other"),
    [
        ("text", "organization", "street-address"),
        ("multiline", "street-address", "name"),
        ("email", "email", "tel"),
        ("phone", "tel", "email"),
        ("country", "country", "name"),
        ("choice", "sex", "bday"),
        ("postal_code", "postal-code", "name"),
    ],
)
def test_a_question_says_what_it_is_to_the_browser(author: Client, kind: str, token: str, other: str) -> None:
    options = {"options": [{"value": str(n), "label": {"de": str(n)}} for n in range(9)]} if kind == "choice" else {}
    desk = desk_of(author, f"d-purpose-{kind.replace('_', '-')}", field(kind, "frage", **options))
    desk.open("angaben:frage").press("save", autocomplete=token)
    assert item(desk)["autocomplete"] == token
    assert desk.page.count(f"//*[@name='frage'][@autocomplete='{token}']") == 1
    desk.press("save", status=422, autocomplete=other)
    desk.press("save", autocomplete="")
    assert "autocomplete" not in item(desk)


def test_what_comes_from_the_account_may_be_locked_and_unlocked(author: Client) -> None:
    desk = desk_of(author, "d-locked", field("text", "frage"), field("number", "jahr"), field("date", "tag"))
    desk.open("angaben:frage").press("save", status=422, locked="on")
    assert desk.page.count("//div[@id='fehler']//a[@href='#Eig-locked']") == 1
    assert "Wählen Sie aus, womit das Konto die Angabe ausfüllt." in desk.text
    desk.press("save", locked="on", prefill="family_name")
    assert (item(desk)["locked"], item(desk)["prefill"]) == (True, "family_name")
    fields = desk.fields()
    del fields["locked"]
    desk._keep(desk.author.post(f"{desk.address}?ort=angaben:frage", fields | {"tun": "save"}, follow=True))
    assert "locked" not in item(desk)
    desk.open("angaben:jahr").press("save", prefill="birth_year", locked="on")
    assert (item(desk, number=1)["locked"], item(desk, number=1)["prefill"]) == (True, "birth_year")
    assert "locked" not in desk.open("angaben:tag").fields()
    assert desk.page.count("//*[@name='locked']") == 0


def test_a_purpose_that_no_author_can_choose_stays(author: Client) -> None:
    desk = desk_of(author, "d-purpose", field("text", "frage", autocomplete="shipping name"))
    desk.open("angaben:frage").press("save", label_de="Empfang")
    assert item(desk)["autocomplete"] == "shipping name"


def test_who_only_reads_sees_rules_areas_and_conditions_of_answers(author: Client, city: None) -> None:
    rule = {"require": {"is_empty": {"answer": "name"}}, "at": "name", "message": {"de": "Lassen Sie das leer."}}
    areas = {"Nord": [{"street": "Am Markt"}]}
    desk = desk_of(author, "d-reading", field("text", "name"), rules=[rule], areas=areas)
    other = DeskPage(author_of("leser@example.org", "Leo"), desk.form_id).open("*")
    assert "Bei „Name“ muss gelten" in other.text
    assert "Am Markt" in other.text


# --- formulas --------------------------------------------------------------------------------------------------------


def a_floor(author: Client, key: str, formula: Any = 1) -> DeskPage:
    """A form that reckons: two questions and rooms, then what follows from them."""
    rooms = {
        "type": "group",
        "key": "zimmer",
        "title": {"de": "Zimmer"},
        "items": [field("number", "flaeche", label={"de": "Fläche"})],
        "repeat": {"min": 1, "max": 5, "instance": {"de": "Zimmer"}, "add": {"de": "Zimmer hinzufügen"}},
    }
    reckoned = field("calculated", "ergebnis", value=formula)
    return desk_of(author, key, field("number", "laenge"), field("number", "breite"), rooms, reckoned)


def test_a_formula_is_typed_as_on_paper_and_written_back(author: Client) -> None:
    desk = a_floor(author, "d-formula").open("angaben:ergebnis")
    assert desk.fields()["value"] == ["1"]
    for text in ("laenge", "breite", "Summe(zimmer.flaeche)", "Anzahl(zimmer)"):
        assert desk.page.count(f"//details//code[.='{text}']") == 1
    assert "Summe(zimmer.flaeche) – Zimmer › Fläche, alle zusammen" in desk.text
    desk.press("save", value="(laenge+breite) * 2,5 + Summe(zimmer.flaeche)")
    assert item(desk, number=-1)["value"] == {
        "sum": [
            {"product": [{"sum": [{"answer": "laenge"}, {"answer": "breite"}]}, "2.5"]},
            {"answer": "zimmer.flaeche"},
        ]
    }
    assert desk.fields()["value"] == ["(laenge + breite) * 2,5 + Summe(zimmer.flaeche)"]


def test_a_formula_follows_the_keys_it_names(author: Client) -> None:
    desk = a_floor(author, "d-follows", {"product": [{"answer": "laenge"}, {"answer": "breite"}]})
    desk.open("angaben:laenge").press("save", key="tiefe")
    assert desk.open("angaben:ergebnis").fields()["value"] == ["tiefe * breite"]


def test_a_wrong_formula_is_refused_at_its_box_and_stays_typed(author: Client) -> None:
    desk = a_floor(author, "d-wrong").open("angaben:ergebnis")
    before = stored(desk)
    desk.press("save", status=422, value="laenge * (breit + 2")
    assert "Zeichen 11, „breit“: Dieses Feld gibt es nicht. Meinen Sie „breite“?" in desk.text
    assert desk.page.count("//div[@id='fehler']//a[@href='#Eig-value']") == 1
    assert desk.fields()["value"] == ["laenge * (breit + 2"]
    desk.press("save", status=422, value=" ")
    assert "Füllen Sie dieses Feld aus." in desk.text
    assert stored(desk) == before


def test_a_form_without_numbers_says_so_beside_the_formula(author: Client) -> None:
    desk = desk_of(author, "d-none", field("text", "name"), field("calculated", "ergebnis", value=1))
    assert "fragt noch kein Feld nach einer Zahl" in desk.open("angaben:ergebnis").text
