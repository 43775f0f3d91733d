"""Conditions built of rows, and the preview in which they act."""

import pytest
from django.test import Client

from tests.backoffice.designer import DeskPage, actions, item, stored
from tests.backoffice.test_forms import make_form


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
    assert "Die Frage erscheint, wenn gilt: „Gefährlich“ ist Ja." in desk.text
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


def test_the_focus_stays_where_it_is_when_the_page_itself_asks_for_values(desk: DeskPage) -> None:
    with_question(desk).press("add-row")
    typed = desk.fields() | {"tun": "refresh", "Wenn-0-feld": "gefaehrlich"}
    address = desk.address + "?ort=angaben:wesenstest"
    pressed = desk.author.post(address, typed).content.decode()
    by_itself = desk.author.post(address, typed, headers={"HX-Request": "true"}).content.decode()
    assert "Wenn-0-wert" in pressed
    assert "Wenn-0-wert" in by_itself
    assert pressed.count(" autofocus") == 1
    assert " autofocus" not in by_itself


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
    assert "genau eins davon gilt: „a“ ist leer; „b“ ist leer." in desk.text
    assert "xor" not in desk.text
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
    typed = desk.fields() | {"tun": "look", "label_de": ""}
    for quiet in (typed, typed | {"label_de": "Name", "seen": "old"}):
        assert (
            desk.author.post(desk.address + "?ort=angaben:name", quiet, headers={"HX-Request": "true"}).status_code
            == 204
        )
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
