"""`manage.py import_form` takes schemas and code lists of the federation beside definitions of our own."""

import json
from datetime import date

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections

from forms_engine.models import CodeList, FormVersion
from foundation import scope
from foundation.ids import new_id
from tests.catalogue.test_import_form import REMOVE
from tests.xdatenfelder.schemas import code_list, field3, reference, schema3


@pytest.fixture(autouse=True)
def _forget_the_form(city):
    yield
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE forms_engine_formversion DISABLE TRIGGER published_version_stays")
        cursor.execute(REMOVE.replace("'fundsache'", "'s13000000077'"))
        cursor.execute("ALTER TABLE forms_engine_formversion ENABLE TRIGGER published_version_stays")


def run(capsys, *arguments: str) -> tuple[int, list[dict]]:
    code = 0
    try:
        call_command("import_form", *arguments, "--authority=rostock", "--json")
    except SystemExit as stop:
        code = int(stop.code)
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture
def files(tmp_path):
    uri = f"urn:boote:{new_id()}"
    schema, boats = tmp_path / "schema.xml", tmp_path / "liste.xml"
    schema.write_bytes(schema3(("1:1", field3("F13000000001", "Art", kind="select", more=reference(uri, "1.0")))))
    boats.write_bytes(code_list(uri, {"01": "Jolle"}))
    return schema, boats, uri


def test_a_list_is_taken_in_before_the_schema_that_names_it(capsys, files):
    schema, boats, uri = files
    code, reports = run(capsys, str(schema), str(boats), "--publish")

    assert code == 0
    assert [report["file"] for report in reports] == [str(schema), str(boats)]
    assert reports[0] | {"warnings": 0} == {
        "file": str(schema),
        "ok": True,
        "form": "s13000000077",
        "version": 1,
        "service_url": None,
        "schema_url": f"{settings.BASE_URL}/formulare/rostock/s13000000077/1/schema.json",
        "steps": 1,
        "fields": 1,
        "groups": 0,
        "rules": 0,
        "warnings": 0,
        "searchable": [],
        "error": None,
    }
    assert "1 Einträge" in reports[1]["warnings"][0]
    with scope.system("the test looks"):
        definition = FormVersion.objects.get(form__key="s13000000077").definition
    assert definition["steps"][0]["items"][0]["code_list"] == {"uri": uri, "version": "1.0"}


def test_without_its_list_a_schema_is_kept_and_not_published(capsys, files):
    schema, _, uri = files
    code, [report] = run(capsys, str(schema), "--publish")

    assert code == 1
    assert not report["ok"]
    assert report["version"] == 1
    assert f"Die Codeliste {uri} (1.0) fehlt" in report["error"]
    with scope.system("the test looks"):
        assert FormVersion.objects.get(form__key="s13000000077").published_at is None
    assert run(capsys, str(schema))[0] == 0


def test_a_version_of_a_list_never_changes(capsys, files):
    _, boats, uri = files
    run(capsys, str(boats))
    boats.write_bytes(code_list(uri, {"01": "Kutter"}))
    code, [report] = run(capsys, str(boats))

    assert code == 1
    assert "ist schon da und hat andere Zeilen" in report["error"]
    assert CodeList.objects.get(uri=uri).entries["rows"] == [{"Code": "01", "Name": "Jolle"}]


def test_a_list_holds_from_the_day_that_is_named(capsys, files):
    _, boats, uri = files
    assert run(capsys, str(boats), "--valid-from=2027-01-01")[0] == 0
    assert CodeList.objects.get(uri=uri).valid_from == date(2027, 1, 1)

    code, [report] = run(capsys, str(boats), "--valid-from=2027-02-01")
    assert code == 1
    assert "ist schon da und gilt ab 01.01.2027. Das bleibt." in report["error"]
    with pytest.raises(CommandError, match="valid-from"):
        run(capsys, str(boats), "--valid-from=morgen")


NS3 = "urn:xoev-de:fim:standard:xdatenfelder_3.0.0"
ENGLISH = f"""<x:xdatenfelder.uebersetzung.0106 xmlns:x="{NS3}"><x:header/>
<x:uebersetzt><x:id>S13000000077</x:id><x:version>1.0.0</x:version></x:uebersetzt>
<x:sprache lang="fr"><x:element><x:uebersetzt><x:id>F13000000001</x:id></x:uebersetzt></x:element></x:sprache>
<x:sprache lang="en" version="1"><x:element><x:uebersetzt><x:id>S13000000077</x:id></x:uebersetzt>
<x:bezeichnungEingabe>Register a boat</x:bezeichnungEingabe></x:element>
<x:element><x:uebersetzt><x:id>F13000000001</x:id></x:uebersetzt><x:bezeichnungEingabe>Kind</x:bezeichnungEingabe>
<x:werte><x:wert><x:code>01</x:code><x:name>Dinghy</x:name></x:wert></x:werte></x:element></x:sprache>
</x:xdatenfelder.uebersetzung.0106>"""


def test_a_translation_fills_the_english_texts_of_the_form(capsys, files, tmp_path):
    schema, boats, _ = files
    english = tmp_path / "englisch.xml"
    english.write_text(ENGLISH)
    code, reports = run(capsys, str(english), str(boats), str(schema))

    assert code == 0, reports
    with scope.system("the test looks"):
        definition = FormVersion.objects.get(form__key="s13000000077").definition
    assert definition["title"]["en"] == definition["steps"][0]["title"]["en"] == "Register a boat"
    [item] = definition["steps"][0]["items"]
    assert item["label"]["en"] == "Kind"
    assert item["options"][0]["label"] == {"de": "Jolle", "en": "Dinghy"}


def test_a_translation_without_its_form_or_without_english_is_refused(capsys, tmp_path):
    english, french = tmp_path / "englisch.xml", tmp_path / "ohne.xml"
    english.write_text(ENGLISH.replace("S13000000077", "S13000000099"))
    french.write_text(ENGLISH.replace('lang="en"', 'lang="it"'))
    code, reports = run(capsys, str(english), str(french))
    assert code == 1
    assert "Übernehmen Sie zuerst das Schema" in reports[0]["error"]
    assert "kein Englisch" in reports[1]["error"]
