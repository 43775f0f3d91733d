"""What an author does on the designer's page, by form posts alone: properties, and the tree."""

import pytest

from forms_engine.models import FormVersion
from foundation import scope
from tests.backoffice.designer import DeskPage, actions, item, stored

# --- properties ------------------------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_and_said(desk: DeskPage) -> None:
    desk.open("angaben:name").press(
        "save",
        label_de="Name des Hundes",
        label_en="Name of the dog",
        hint_de="Wie im Heimtierausweis",
        required="no",
        max_length="40",
        pattern_re="[A-Z].*",
        pattern_message_de="Ein großer Buchstabe am Anfang.",
        charset="A",
        search="on",
        special="on",
        error_missing_de="Geben Sie den Namen ein.",
        key="rufname",
    )
    assert "„Name des Hundes“ ist gespeichert." in desk.text
    assert desk.chosen == "angaben:rufname"
    assert desk.focused == "Eig-titel"
    assert item(desk) == {
        "type": "text",
        "key": "rufname",
        "label": {"de": "Name des Hundes", "en": "Name of the dog"},
        "hint": {"de": "Wie im Heimtierausweis"},
        "required": False,
        "max_length": 40,
        "pattern": {"re": "[A-Z].*", "message": {"de": "Ein großer Buchstabe am Anfang."}},
        "charset": "A",
        "search": True,
        "privacy": {"special": True},
        "error": {"missing": {"de": "Geben Sie den Namen ein."}},
    }
    before = item(desk)
    desk.press("save")
    assert item(desk) == before, "what stands on the page says the same"
    assert actions(desk) == ["form.checked_out", "form.edited", "form.edited"]


@pytest.mark.parametrize(
    ("typed", "at", "sentence"),
    [
        ({"label_de": ""}, "Eig-label_de", "Füllen Sie dieses Feld aus."),
        ({"hint_en": "Hint"}, "Eig-hint_de", "Schreiben Sie den Text auch auf Deutsch."),
        ({"max_length": "viel"}, "Eig-max_length", "Geben Sie eine ganze Zahl ein"),
        (
            {"min_length": "9", "max_length": "3"},
            "Eig-min_length",
            "mindestens mehr Zeichen, als höchstens erlaubt sind",
        ),
        ({"max_length": "99999"}, "Eig-max_length", "Die Zahl 99999 ist zu groß. Erlaubt sind höchstens"),
        ({"max_length": "999999"}, "Eig-max_length", "Geben Sie eine ganze Zahl ein"),
        ({"pattern_re": "(", "pattern_message_de": "x"}, "Eig-pattern_re", "versteht RE2 nicht"),
        ({"pattern_re": "x"}, "Eig-pattern_message_de", "Sagen Sie, wie die Angabe aussieht"),
        ({"key": "Ä"}, "Eig-key", "Ein Schlüssel besteht aus kleinen Buchstaben"),
        ({"key": "version"}, "Eig-key", "braucht die Seite selbst"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_box_and_stays_typed(
    desk: DeskPage, typed: dict[str, str], at: str, sentence: str
) -> None:
    before = stored(desk)
    desk.open("angaben:name").press("save", status=422, **({"label_de": "Neuer Name"} | typed))
    assert desk.focused == "fehler"
    assert sentence in desk.text
    if at:
        assert desk.page.count(f"//div[@id='fehler']//a[@href='#{at}']") == 1
        assert desk.page.count(f"//*[@id='{at}_error']") == 1
    for name, value in typed.items():
        assert desk.fields()[name] == [value]
    assert stored(desk) == before


def test_each_kind_has_its_own_boxes(desk: DeskPage) -> None:
    desk.open("angaben:name")
    kinds = desk.page.tree.xpath("//select[@id='Eig-art']/option/@value")
    assert len(kinds) == 28
    for kind in kinds:
        desk.open("angaben").press("insert", beschriftung=f"Neu {kind}", art=kind)
        assert f"„Neu {kind}“ ist eingefügt." in desk.text
        desk.press("save")
        assert item(desk, number=-1)["type"] == kind


def test_limits_are_written_as_an_author_says_them(desk: DeskPage) -> None:
    desk.open("angaben").press("insert", beschriftung="Beginn", art="date")
    desk.press("save", min="heute - 30", max="1.4.2027")
    assert (item(desk, number=-1)["min"], item(desk, number=-1)["max"]) == ("today-30", "2027-04-01")
    assert (desk.fields()["min"], desk.fields()["max"]) == (["heute-30"], ["1.4.2027"])
    desk.press("save", status=422, min="bald")
    assert "Geben Sie einen Tag ein, zum Beispiel 3.5.2027." in desk.text
    desk.open("angaben").press("insert", beschriftung="Betrag", art="currency").press("save", min="1,50")
    assert item(desk, number=-1)["min"] == "1.50"


def test_options_keep_their_values(desk: DeskPage) -> None:
    desk.open("angaben").press("insert", beschriftung="Rasse", art="choice")
    desk.press("save", options_de="Dackel\nGroßer Hund\n", options_en="Dachshund")
    first, second = item(desk, number=-1)["options"]
    assert first == {"value": "erste_antwort", "label": {"de": "Dackel", "en": "Dachshund"}}
    assert second["label"] == {"de": "Großer Hund"}
    desk.press("save", options_de="Pudel\nGroßer Hund\nDackel", options_en="")
    assert [option["value"] for option in item(desk, number=-1)["options"]] == [
        "pudel",
        "zweite_antwort",
        "erste_antwort",
    ]
    desk.press("save", status=422, options_de="Pudel\n\nDackel", options_en="a\nb\nc\nd")
    assert "Löschen Sie leere Zeilen." in desk.text
    assert "Schreiben Sie nicht mehr Zeilen als auf Deutsch." in desk.text


def test_an_answer_may_have_help_of_its_own(desk: DeskPage) -> None:
    desk.open("angaben").press("insert", beschriftung="Rasse", art="choice")
    desk.press(
        "save", options_de="Dackel\nGroßer Hund", options_hint_de="\nüber 40 cm", options_hint_en="\nabove 40 cm"
    )
    first, second = item(desk, number=-1)["options"]
    assert "hint" not in first
    assert second["hint"] == {"de": "über 40 cm", "en": "above 40 cm"}
    assert "über 40 cm" in desk.preview
    desk.press("save", options_de="Dackel\nRiese")
    assert item(desk, number=-1)["options"][1]["hint"] == second["hint"]
    before = stored(desk)
    desk.press("save", status=422, options_hint_de="a\nb\nc")
    assert "Schreiben Sie nicht mehr Zeilen, als es Antworten gibt." in desk.text
    desk.press("save", status=422, options_hint_de="klein", options_hint_en="small\nlarge")
    assert "Schreiben Sie den Text auch auf Deutsch." in desk.text
    assert stored(desk) == before


def test_help_of_several_lines_stays_at_its_answer(desk: DeskPage) -> None:
    desk.open("angaben").press("insert", beschriftung="Rasse", art="choice")
    desk.press("save", options_de="Dackel\nBoxer", options_hint_de="klein\ngroß")
    with scope.system("it was translated in a box of several lines"):
        version = FormVersion.objects.get(form=desk.form_id, published_at=None)
        for option in version.definition["steps"][0]["items"][-1]["options"]:
            option["hint"] = {"de": option["hint"]["de"] + "\nund treu", "en": "small\nand loyal"}
        version.save(update_fields=["definition"])
    desk.open("angaben:rasse").press("save", hint_de="Steht im Heimtierausweis")
    assert [option["hint"] for option in item(desk, number=-1)["options"]] == [
        {"de": "klein und treu", "en": "small and loyal"},
        {"de": "groß und treu", "en": "small and loyal"},
    ]


def test_help_without_an_answer_is_refused(desk: DeskPage) -> None:
    desk.open("angaben").press("insert", beschriftung="Rasse", art="choice")
    desk.press("save", status=422, options_de="", options_hint_de="klein")
    assert "Hier steht noch keine Antwort, zu der die Hilfe gehört." in desk.text


def test_one_answer_twice_is_refused_at_its_box(desk: DeskPage) -> None:
    desk.open("angaben").press("insert", beschriftung="Rasse", art="choice")
    before = stored(desk)
    desk.press("save", status=422, options_de="Pudel\nDackel\n pudel", options_en="")
    assert "„pudel“ steht mehrmals da. Löschen Sie eine der Zeilen." in desk.text
    assert desk.page.count("//div[@id='fehler']//a[@href='#Eig-options_de']") == 1
    assert desk.fields()["options_de"] == ["Pudel\nDackel\n pudel"]
    assert stored(desk) == before


def test_a_group_repeats_as_its_author_says(desk: DeskPage) -> None:
    desk.open("angaben").press("insert-group", beschriftung="Hunde")
    desk.press(
        "save", occurs="many", repeat_min="1", repeat_max="3", repeat_instance_de="Hund", repeat_add_de="Noch einen"
    )
    assert item(desk, number=-1)["repeat"] == {
        "min": 1,
        "max": 3,
        "instance": {"de": "Hund"},
        "add": {"de": "Noch einen"},
    }
    desk.press("save", occurs="maybe")
    assert "repeat" not in item(desk, number=-1)
    assert item(desk, number=-1)["optional"] is True
    desk.press("save", status=422, occurs="many", repeat_min="4", repeat_max="3")
    assert "„Hunde“ soll mindestens öfter vorkommen, als höchstens erlaubt ist." in desk.text
    assert desk.page.count("//div[@id='fehler']//a[@href='#Eig-repeat_min']") == 1
    desk.press("save", status=422, occurs="many", repeat_max="99")
    assert desk.page.count("//div[@id='fehler']//a[@href='#Eig-repeat_max']") == 1


def test_titles_of_form_and_step(desk: DeskPage) -> None:
    desk.open("*").press("save", title_de="Hund anmelden", title_en="Register a dog")
    assert desk.page.headings() == ["Hund anmelden"]
    desk.press("up", status=422)
    desk.open("angaben").press("save", title_de="Zum Hund", intro_de="Erst der Hund.")
    assert stored(desk)["steps"][0]["intro"] == {"de": "Erst der Hund."}
    assert "1 Zum Hund" in desk.tree


# --- the tree --------------------------------------------------------------------------------------------------------


def test_things_are_inserted_moved_doubled_and_deleted(desk: DeskPage) -> None:
    desk.open("angaben:name").press("insert", beschriftung="Rasse", art="text")
    desk.press("insert-group", beschriftung="Halter")
    desk.open("angaben:name").press("insert-step", beschriftung="Zahlung")
    assert desk.chosen == "zahlung"
    assert desk.tree[1:] == ["1 Angaben", "Name", "Rasse", "Halter", "Neue Frage", "2 Zahlung", "Neue Frage"]
    desk.open("angaben:rasse").press("up")
    assert desk.focused == "up"
    assert "„Rasse“ steht jetzt weiter oben." in desk.text
    desk.press("down").press("down").press("in")
    assert desk.chosen == "angaben:halter.rasse"
    desk.press("out").press("to-step", schritt="zahlung")
    assert desk.chosen == "zahlung:rasse"
    desk.press("duplicate")
    assert desk.chosen == "zahlung:rasse_2"
    desk.press("remove")
    assert desk.chosen == "zahlung:rasse"
    assert "„Rasse“ ist gelöscht." in desk.text
    desk.open("zahlung").press("up")
    assert desk.tree[1] == "1 Zahlung"


@pytest.mark.parametrize(
    ("button", "at", "typed", "sentence"),
    [
        ("up", "angaben:name", {}, "„Name“ steht schon ganz oben."),
        ("in", "angaben:name", {}, "Vor „Name“ steht keine Gruppe."),
        ("out", "angaben:name", {}, "„Name“ steht in keiner Gruppe."),
        ("remove", "angaben:name", {}, "„Name“ steht allein in „Angaben“."),
        ("remove", "angaben", {}, "Ein Formular braucht mindestens einen Schritt."),
        ("to-step", "angaben:name", {"schritt": "weg"}, "Diese Stelle gibt es im Formular nicht mehr."),
        ("insert", "angaben:name", {"beschriftung": " "}, "Geben Sie dem Neuen einen Namen"),
        ("insert", "angaben:name", {"beschriftung": "A", "art": "knopf"}, "Die Art „knopf“ gibt es nicht."),
    ],
)
def test_a_refused_button_says_why(desk: DeskPage, button: str, at: str, typed: dict[str, str], sentence: str) -> None:
    before = stored(desk)
    desk.open(at).press(button, status=422, **typed)
    assert sentence in desk.text
    assert stored(desk) == before


def test_what_is_typed_is_kept_before_a_button_acts(desk: DeskPage) -> None:
    desk.open("angaben:name").press("duplicate", label_de="Rufname")
    assert [each["label"]["de"] for each in stored(desk)["steps"][0]["items"]] == ["Rufname", "Rufname"]


def test_enter_in_the_box_of_something_new_inserts_it(desk: DeskPage) -> None:
    desk.open("angaben:name").press("save", beschriftung="Rasse", art="text")
    assert desk.chosen == "angaben:rasse"
