"""What an author does on the designer's page, by form posts alone."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from forms_engine.models import Form, FormVersion
from forms_engine.use_cases import publish
from foundation import scope
from foundation.audit.models import AuditEvent
from tests.backoffice.designer import LIST, DeskPage, author_of
from tests.backoffice.test_forms import make_form

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def author() -> Client:
    return author_of("bau@example.org", "Bea")


@pytest.fixture
def desk(author: Client, request: pytest.FixtureRequest) -> DeskPage:
    """A published form, checked out by its author; its key is that of the test."""
    key = "d-" + "".join(letter for letter in request.node.name.lower() if letter.isalnum())[-50:]
    return DeskPage(author, make_form(key).form_id).begin()


def stored(desk: DeskPage) -> dict[str, Any]:
    with scope.system("a test looks at a form"):
        return FormVersion.objects.get(form=desk.form_id, published_at=None).definition


def item(desk: DeskPage, step: int = 0, number: int = 0) -> dict[str, Any]:
    return stored(desk)["steps"][step]["items"][number]


def actions(desk: DeskPage) -> list[str]:
    with scope.system("a test reads the trail"):
        return list(AuditEvent.objects.filter(object_id=desk.form_id).order_by("id").values_list("action", flat=True))


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
        ({"min_length": "9", "max_length": "3"}, "", "hat min_length größer als max_length"),
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
    assert "hat min größer als max" in desk.text


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
        ("insert", "angaben:name", {"beschriftung": " "}, "Geben Sie eine Beschriftung ein"),
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


# --- conditions ------------------------------------------------------------------------------------------------------


def with_question(desk: DeskPage) -> DeskPage:
    desk.open("angaben").press("insert", beschriftung="Gefährlich", art="yes_no")
    return desk.press("insert", beschriftung="Wesenstest", art="file")


def test_a_condition_is_built_of_rows_and_taken_apart(desk: DeskPage) -> None:
    with_question(desk).press("add-row")
    assert desk.focused == "Wenn-0-feld"
    desk.press("refresh", **{"Wenn-0-feld": "gefaehrlich"})
    assert desk.page.tree.xpath("//select[@id='Wenn-0-wert']/option/text()") == ["Bitte wählen", "Ja", "Nein"]
    desk.press("save", **{"Wenn-0-vergleich": "equal", "Wenn-0-wert": "ja"})
    assert item(desk, number=-1)["when"] == {"equal": [{"answer": "gefaehrlich"}, True]}
    assert "Die Frage erscheint, wenn „Gefährlich“ „Ja“ ist." in desk.text
    desk.press("add-row").press(
        "save",
        **{
            "Wenn-1-feld": "name",
            "Wenn-1-vergleich": "starts_with",
            "Wenn-1-wert": "B",
            "Wenn-verbunden": "or",
        },
    )
    assert list(item(desk, number=-1)["when"]) == ["or"]
    desk.press("remove-row-0").press("save")
    assert item(desk, number=-1)["when"] == {"starts_with": [{"answer": "name"}, "B"]}
    desk.press("remove-row-0").press("save")
    assert "when" not in item(desk, number=-1)


def test_a_row_that_cannot_be_understood_is_said_at_its_box(desk: DeskPage) -> None:
    with_question(desk).press("add-row")
    desk.press("save", status=422, **{"Wenn-0-feld": "gefaehrlich", "Wenn-0-vergleich": "less_than"})
    assert desk.page.count("//div[@id='fehler']//a[@href='#Wenn-0-vergleich']") == 1
    assert "Wählen Sie einen Vergleich, der passt" in desk.text
    desk.press("save", status=422, label_de="", **{"Wenn-0-feld": "gefaehrlich", "Wenn-0-vergleich": "equal"})
    assert "Füllen Sie dieses Feld aus." in desk.text
    assert "Geben Sie einen Wert für „Gefährlich“ ein." in desk.text


def test_a_circle_is_refused_with_its_chain(desk: DeskPage) -> None:
    rows = {"Wenn-0-vergleich": "is_filled", "Wenn-0-wert": ""}
    with_question(desk).press("add-row").press("save", **rows, **{"Wenn-0-feld": "name"})
    desk.open("angaben:name").press("add-row").press("save", status=422, **rows, **{"Wenn-0-feld": "wesenstest"})
    assert "Diese Bedingungen drehen sich im Kreis" in desk.text


def test_a_condition_that_rows_cannot_say_stays_until_it_is_replaced(author: Client) -> None:
    condition = {"xor": [{"is_empty": {"answer": "a"}}, {"is_empty": {"answer": "b"}}]}
    fields = [{"type": "text", "key": key, "label": {"de": key}} for key in ("a", "b", "c")]
    fields[2]["when"] = condition
    step = {"key": "s", "title": {"de": "S"}, "items": fields}
    desk = DeskPage(author, make_form("d-kept", steps=[step]).form_id).begin()
    desk.open("s:c").press("save", label_de="See")
    assert item(desk, number=2)["when"] == condition
    assert "genau eines davon zutrifft: „a“ leer ist; „b“ leer ist." in desk.text
    desk.press("add-row").press("save", **{"Wenn-ersetzen": "1", "Wenn-0-feld": "a", "Wenn-0-vergleich": "is_empty"})
    assert item(desk, number=2)["when"] == {"is_empty": {"answer": "a"}}


def test_what_a_condition_names_is_not_deleted(desk: DeskPage) -> None:
    with_question(desk).press("add-row")
    desk.press("save", **{"Wenn-0-feld": "gefaehrlich", "Wenn-0-vergleich": "equal", "Wenn-0-wert": "ja"})
    desk.open("angaben:gefaehrlich").press("remove", status=422)
    assert "„Wesenstest“ braucht „Gefährlich“. Ändern Sie das zuerst." in desk.text


# --- preview ---------------------------------------------------------------------------------------------------------


def test_preview_shows_the_page_and_its_conditions_act(desk: DeskPage) -> None:
    with_question(desk).press("add-row")
    desk.press("save", **{"Wenn-0-feld": "gefaehrlich", "Wenn-0-vergleich": "equal", "Wenn-0-wert": "ja"})
    before = stored(desk)
    assert "Gefährlich" in desk.preview
    assert "Wesenstest" not in desk.preview
    desk.try_out("refresh", gefaehrlich="true")
    assert "Wesenstest" in desk.preview
    desk.try_out("pruefen")
    assert desk.focused == "fehler"
    assert "Name" in desk.preview
    desk.press("duplicate")
    assert "gibt es jetzt zweimal" in desk.text
    desk.press("remove")
    assert stored(desk) == before
    assert actions(desk).count("form.edited") == 5


def test_preview_shows_what_is_typed_before_it_is_kept(desk: DeskPage) -> None:
    before = stored(desk)
    desk.open("angaben:name").press("look", label_de="Rufname")
    assert "Rufname" in desk.preview
    assert desk.fields()["label_de"] == ["Rufname"]
    desk.press("look", status=422, label_de="")
    assert stored(desk) == before


def test_trial_values_go_from_step_to_step_and_steps_appear(desk: DeskPage) -> None:
    desk.open("angaben").press("insert", beschriftung="Firma", art="yes_no")
    desk.press("insert-step", beschriftung="Register").press("add-row")
    desk.press("save", **{"Wenn-0-feld": "firma", "Wenn-0-vergleich": "equal", "Wenn-0-wert": "ja"})
    assert "Mit diesen Probewerten erscheint er nicht." in desk.preview
    desk.open("angaben").try_out("refresh", firma="true")
    assert "Schritt danach" in desk.preview
    desk.try_out(at="register")
    assert "Mit diesen Probewerten" not in desk.preview
    assert "Neue Frage" in desk.preview
    desk.try_out(at="angaben")
    assert desk.page.count("//input[@name='firma'][@value='true'][@checked]") == 1


def test_repetitions_can_be_tried_and_a_forged_trial_is_an_empty_one(desk: DeskPage) -> None:
    desk.open("angaben").press("insert-repeated", beschriftung="Hund")
    desk.try_out(add="hund")
    assert "Hund 2" in desk.preview
    desk.try_out(Probe="forged", Schritt="weg")
    assert "Hund 2" not in desk.preview


@pytest.mark.parametrize("width", ["", "telefon", "bildschirm", "unsinn"])
def test_preview_has_the_width_of_a_telephone_or_a_screen(desk: DeskPage, width: str) -> None:
    desk.open("angaben", breite=width)
    assert desk.page.count("//*[contains(@class, 'portal-preview--phone')]") == (width == "telefon")
    assert desk.page.count("//*[contains(@class, 'portal-desk--below')]") == (width == "bildschirm")


# --- who has the form ------------------------------------------------------------------------------------------------


def test_another_author_reads_and_may_take_over_after_a_question(desk: DeskPage) -> None:
    other = DeskPage(author_of("carl@example.org", "Carl"), desk.form_id).begin().open("angaben:name")
    assert "Bea Probe bearbeitet dieses Formular" in other.text
    assert other.page.count("//form[@id='Eig']") == 0
    assert "Vorschau" in other.text
    desk.open("angaben:name")
    question = other.author.get(f"{other.base}bearbeiten/uebernehmen/")
    assert "Möchten Sie das Formular übernehmen?" in question.content.decode()
    other.author.post(f"{other.base}bearbeiten/uebernehmen/")
    assert other.open("angaben:name").page.count("//form[@id='Eig']") == 1
    desk.press("save", status=409, label_de="Meiner")
    assert desk.fields()["label_de"] == ["Meiner"]
    assert "Carl Probe bearbeitet dieses Formular" in desk.text
    desk.press("take-over")
    assert item(desk)["label"]["de"] == "Meiner"
    assert actions(desk)[-3:] == ["form.taken_over", "form.taken_over", "form.edited"]


def test_done_and_a_day_later_the_form_is_free(desk: DeskPage) -> None:
    other = DeskPage(author_of("carl@example.org", "Carl"), desk.form_id)
    with scope.system("a day goes by"):
        FormVersion.objects.filter(form=desk.form_id, published_at=None).update(edited_at="2026-01-01T00:00Z")
    assert "bearbeitet" not in other.open().text
    assert other.begin().page.count("//form[@id='Eig']") == 1
    other.author.post(f"{other.base}bearbeiten/fertig/")
    assert other.open().page.count("//form[@id='Eig']") == 0
    assert actions(desk)[-2:] == ["form.checked_out", "form.checked_in"]


def test_who_has_it_not_cannot_put_it_back(desk: DeskPage) -> None:
    author_of("carl@example.org", "Carl").post(f"{desk.base}bearbeiten/fertig/")
    assert "Sie bearbeiten dieses Formular" in desk.open().text
    assert desk.author.get(f"{desk.base}bearbeiten/uebernehmen/").status_code == 302


# --- two at once -----------------------------------------------------------------------------------------------------


def test_two_windows_meet_in_a_page_that_shows_both(desk: DeskPage) -> None:
    window = DeskPage(desk.author, desk.form_id).open("angaben:name")
    desk.open("angaben:name").press("save", label_de="Rufname")
    window.press("save", status=409, label_de="Kosename", hint_de="Wie Sie ihn rufen")
    assert "Das Formular wurde inzwischen geändert" in window.text
    assert "Rufname" in window.text
    assert window.fields()["label_de"] == ["Kosename"]
    assert item(desk)["label"]["de"] == "Rufname"
    window.press("save")
    assert item(desk) | {"type": "text"} == item(desk)
    assert item(desk)["label"]["de"] == "Kosename"


def test_texts_for_a_place_that_has_gone_are_shown(desk: DeskPage) -> None:
    desk.open("angaben").press("insert", beschriftung="Rasse", art="text")
    window = DeskPage(desk.author, desk.form_id).open("angaben:rasse")
    desk.press("remove")
    window.press("save", status=409, label_de="Rasse des Hundes")
    assert "Die Stelle, die Sie bearbeitet haben, gibt es nicht mehr." in window.text
    assert "Rasse des Hundes" in window.text


def test_after_publishing_elsewhere_nothing_typed_is_lost(desk: DeskPage) -> None:
    desk.open("angaben:name")
    with scope.system("somebody publishes"):
        publish(FormVersion.objects.get(form=desk.form_id, published_at=None))
    desk.author.post(desk.address + "?ort=angaben:name", desk.fields() | {"label_de": "Rufname"})
    response = desk.author.post(desk.address + "?ort=angaben:name", desk.fields() | {"label_de": "Rufname"})
    assert response.status_code == 409
    assert "Rufname" in response.content.decode()


# --- making and removing ---------------------------------------------------------------------------------------------


def test_a_new_form_begins_with_its_title(author: Client) -> None:
    assert "Geben Sie einen Titel ein" in author.post(f"{LIST}neu/", {"title": " "}).content.decode()
    for key in ("spielplatz-mieten", "spielplatz-mieten-2"):
        response = author.post(f"{LIST}neu/", {"title": "Spielplatz mieten"}, follow=True)
        assert response.status_code == 200
        with scope.system("a test looks"):
            form = Form.objects.get(key=key)
        assert response.redirect_chain[-1][0].endswith(f"{form.pk}/bearbeiten/")
    desk = DeskPage(author, form.pk).open("angaben:neue_frage").press("save", label_de="Welcher Platz?")
    assert desk.chosen == "angaben:welcher_platz"


def test_an_unpublished_version_is_removed_after_a_question(desk: DeskPage) -> None:
    address = f"{desk.base}entwurf-loeschen/"
    assert "Möchten Sie den Entwurf löschen?" in desk.author.get(address).content.decode()
    other = author_of("carl@example.org", "Carl")
    refused = other.post(address, follow=True)
    assert "arbeitet gerade jemand" in refused.content.decode()
    assert desk.author.post(address, follow=True).status_code == 200
    with scope.system("a test looks"):
        assert not FormVersion.objects.filter(form=desk.form_id, published_at=None).exists()
    assert desk.author.get(address).status_code == 302


def test_a_form_that_was_never_published_goes_with_its_version(author: Client) -> None:
    version = make_form("d-weg", published=False)
    author.post(f"{LIST}{version.form_id}/entwurf-loeschen/")
    assert author.get(f"{LIST}{version.form_id}/").status_code == 404


def test_others_forms_do_not_exist(desk: DeskPage) -> None:
    stranger = author_of("rostock@example.org", "Rita", "rostock")
    for page in ("", "bearbeiten/", "bearbeiten/uebernehmen/", "entwurf-loeschen/"):
        assert stranger.get(desk.base + page).status_code == 404
    for deed in ("beginnen/", "vorschau/", "uebernehmen/", "fertig/", ""):
        assert stranger.post(f"{desk.base}bearbeiten/{deed}", {"seen": "x"}).status_code == 404
    for at in ("weg", "angaben:weg", "angaben:name.weg", "%00", ":"):
        assert desk.author.get(desk.address, {"ort": at}).status_code == 404


def test_an_unknown_place_in_a_post_does_not_exist(desk: DeskPage) -> None:
    desk.open("angaben:name").press("save")
    posted = desk.author.post(desk.address + "?ort=weg", desk.fields())
    assert posted.status_code == 404


# --- importing -------------------------------------------------------------------------------------------------------


def test_import_waits_for_who_works_on_the_form(desk: DeskPage) -> None:
    definition = stored(desk)

    def file(title: str) -> SimpleUploadedFile:
        content = json.dumps(definition | {"title": {"de": title}}).encode()
        return SimpleUploadedFile("form.json", content)

    desk.open("angaben:name").press("save", label_de="Rufname")
    refused = desk.author.post(f"{LIST}einlesen/", {"file": file("Anders")})
    assert refused.status_code == 422
    assert "arbeitet gerade jemand" in refused.content.decode()
    desk.author.post(f"{desk.base}bearbeiten/fertig/")
    done = desk.author.post(f"{LIST}einlesen/", {"file": file("Anders")})
    assert done.status_code == 200
    assert "Formular ansehen" in done.content.decode()
    assert stored(desk)["title"]["de"] == "Anders"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "Wählen Sie eine Datei aus."), (b"", "Die Datei ist leer."), (b"{", ""), (b"x" * 10_000_001, "zu groß")],
)
def test_a_file_that_is_none_is_refused_in_words(author: Client, content: bytes | None, sentence: str) -> None:
    data = {} if content is None else {"file": SimpleUploadedFile("form.json", content)}
    response = author.post(f"{LIST}einlesen/", data)
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_overview_names_steps_services_and_what_to_do(desk: DeskPage) -> None:
    text = desk._keep(desk.author.get(desk.base)).content.decode()
    assert "Sie bearbeiten dieses Formular" in text
    assert "noch keine" in text
    assert "1 Feld" in text
