"""Who has a form, two at once, and how forms come and go."""

import json
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from forms_engine.models import CodeList, Form, FormVersion
from forms_engine.use_cases import publish
from forms_engine.xdatenfelder.code_lists import read_code_list
from forms_engine.xdatenfelder.elements import parse
from forms_engine.xdatenfelder.keeping import keep
from foundation import scope
from tests.backoffice.designer import LIST, DeskPage, actions, author_of, item, stored
from tests.backoffice.test_forms import make_form, page_of
from tests.xdatenfelder.schemas import code_list, field3, schema3

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
    other = author_of("carl@example.org", "Carl")
    refused = other.post(f"{LIST}einlesen/", {"file": file("Anders")})
    assert refused.status_code == 422
    assert "arbeitet gerade jemand" in refused.content.decode()
    desk.author.post(f"{desk.base}bearbeiten/fertig/")
    done = other.post(f"{LIST}einlesen/", {"file": file("Anders")})
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


def test_translated_rules_are_read_in_beside_the_schema_that_they_are_for(author: Client) -> None:
    rule = {
        "bearer": "S13000000079",
        "action": ["forbidden"],
        "target": "F13000000002",
        "condition": {"not_equal": [{"identifier": "F13000000001"}, True]},
    }
    schema = schema3(
        ("1:1", field3("F13000000001", "Motor", "bool")),
        ("0:1", field3("F13000000002", "Leistung")),
        fim_id="S13000000079",
    )

    def send(rules: bytes) -> Any:
        files = {"file": SimpleUploadedFile("schema.xml", schema), "rules": SimpleUploadedFile("regeln.json", rules)}
        return author.post(f"{LIST}einlesen/", files)

    page_of(author, f"{LIST}einlesen/")
    assert send(json.dumps([rule]).encode()).status_code == 200
    with scope.system("look"):
        newest = FormVersion.objects.filter(form__key="s13000000079").order_by("-no").first()
    assert newest.definition["steps"][0]["items"][1]["when"]
    refused = send(b"{")
    assert refused.status_code == 422
    assert "Die Datei mit Regeln" in refused.content.decode()


def test_overview_names_steps_services_and_what_to_do(desk: DeskPage) -> None:
    text = desk._keep(desk.author.get(desk.base)).content.decode()
    assert "Sie bearbeiten dieses Formular" in text
    assert "noch keine" in text
    assert "1 Feld" in text


# --- code lists ------------------------------------------------------------------------------------------------------


def test_a_code_list_is_taken_in_from_a_day_on(author: Client) -> None:
    def send(version: str, day: str) -> Any:
        file = SimpleUploadedFile("liste.xml", code_list("urn:probe:tag", {"01": "Jolle"}, version))
        return author.post(f"{LIST}einlesen/", {"file": file, "valid_from": day})

    page_of(author, f"{LIST}einlesen/")
    assert send("1", "").status_code == 200
    assert send("2", "1.1.2090").status_code == 200
    days = CodeList.objects.filter(uri="urn:probe:tag").order_by("version").values_list("valid_from", flat=True)
    assert list(days) == [None, date(2090, 1, 1)]
    for day, sentence in (("gestern", "Geben Sie ein Datum ein"), ("2020-01-01", "einen Tag nach heute")):
        refused = send("3", day)
        assert refused.status_code == 422
        assert sentence in refused.content.decode()
    assert not CodeList.objects.filter(uri="urn:probe:tag", version="3").exists()


def test_overview_names_the_lists_that_a_form_follows(author: Client) -> None:
    """The form is not published: an author sees what is missing before."""
    items = [
        {"type": "choice", "key": key, "label": {"de": key, "en": key}, "code_list": {"uri": uri, "follow": True}}
        for key, uri in (("a", "urn:probe:a"), ("b", "urn:probe:b"), ("c", "urn:probe:c"))
    ]
    steps = [{"key": "s", "title": {"de": "S", "en": "S"}, "items": items}]
    version = make_form("d-listen", published=False, steps=steps)
    for uri, number, day in (("urn:probe:a", "7", date(2026, 1, 2)), ("urn:probe:b", "8", None)):
        keep(read_code_list(parse(code_list(uri, {"01": "Jolle"}, number))), day)
    page = page_of(author, f"{LIST}{version.form_id}/")
    told = [" ".join(each.text_content().split()) for each in page.tree.xpath("//dd")]
    assert told[-3:] == [
        "urn:probe:a: Version 7, gilt ab 02.01.2026",
        "urn:probe:b: Version 8, gilt seit jeher",
        "urn:probe:c: heute gilt keine Fassung",
    ]
