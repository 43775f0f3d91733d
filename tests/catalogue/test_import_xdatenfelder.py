"""`manage.py import_form` takes schemas and code lists of the federation beside definitions of our own."""

import json
from datetime import date

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections

from forms_engine.models import CodeList, FormVersion
from forms_engine.proposals import take_proposal
from forms_engine.publishing import blockers
from foundation import scope
from foundation.ids import new_id
from tests.catalogue.test_import_form import REMOVE
from tests.xdatenfelder.schemas import code_list, field3, group3, reference, schema3
from tests.xdatenfelder.test_proposals import rule3


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


def test_what_keeps_a_schema_back_says_whether_its_list_came_later_or_is_too_long(capsys, files, tmp_path):
    schema, boats, uri = files
    first = run(capsys, str(schema))[1][0]["warnings"][0]
    assert "(1 Frage). Laden Sie sie aus dem XRepository" in first
    other = tmp_path / "andere.xml"
    other.write_bytes(code_list(uri, {"1": "a"}, "0.1"))
    run(capsys, str(other))
    assert "hier gibt es sie in Version 0.1." in run(capsys, str(schema))[1][0]["warnings"][0]
    run(capsys, str(boats))
    with scope.system("the test looks"):
        kept = FormVersion.objects.filter(form__key="s13000000077").order_by("-no").first()
        [late] = blockers(kept.definition)
    assert "ist inzwischen da" in late

    long = tmp_path / "lang.xml"
    long.write_bytes(code_list(f"{uri}:lang", {str(number): "x" for number in range(1001)}))
    schema.write_bytes(schema.read_bytes().replace(uri.encode(), f"{uri}:lang".encode()))
    run(capsys, str(long))
    assert "hat 1.001 Einträge" in run(capsys, str(schema))[1][0]["warnings"][0]


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
    assert definition["title"]["en"] == "Register a boat"
    assert definition["steps"][0]["title"]["en"] == "Kind", "it bears the name of its only question"
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


def element(fim_id: str, label: str, more: str = "") -> str:
    return (
        f"<x:element><x:uebersetzt><x:id>{fim_id}</x:id></x:uebersetzt>"
        f"<x:bezeichnungEingabe>{label}</x:bezeichnungEingabe>{more}</x:element>"
    )


def messages(rule_id: str, *told: str) -> str:
    said = "".join(f'<x:fehler code="{number}">{text}</x:fehler>' for number, text in enumerate(told, start=1))
    return f"<x:regel><x:uebersetzt><x:id>{rule_id}</x:id></x:uebersetzt>{said}</x:regel>"


def in_english(*elements: str) -> str:
    return (
        f'<x:xdatenfelder.uebersetzung.0106 xmlns:x="{NS3}"><x:header/>'
        "<x:uebersetzt><x:id>S13000000077</x:id></x:uebersetzt>"
        f'<x:sprache lang="en" version="1">{"".join(elements)}</x:sprache></x:xdatenfelder.uebersetzung.0106>'
    )


def test_texts_that_are_shown_and_messages_of_rules_are_translated_and_the_report_tells_what_was_left(
    capsys, city, tmp_path
):
    words = "Wenn F13000000003 = JA, dann muss F13000000002 befüllt sein."
    label = field3(
        "F13000000004",
        "Hinweis",
        kind="label",
        more="<x:inhalt>Bringen Sie das &lt;b&gt;Boot&lt;/b&gt; mit.</x:inhalt>",
    )
    old = field3("F13000000005", "Alt", kind="label", more="<x:inhalt>Alt.</x:inhalt>")
    motor = [
        ("1:1", field3("F13000000003", "Motor", "bool")),
        ("0:1", field3("F13000000002", "Leistung", "num_int")),
        ("0:3", field3("F13000000006", "Name")),
        ("1:1", field3("F13000000007", "Ort")),
        ("1:1", label),
        ("1:1", old),
    ]
    rules = rule3(words) + rule3("Sprechen Sie mit uns.", "R13000000002")
    schema, english = tmp_path / "schema.xml", tmp_path / "en.xml"
    schema.write_bytes(schema3(("1:1", group3("G13000000001", "Boot", motor, rules))))
    english.write_text(
        in_english(
            element("G13000000001", "Boat", messages("R13000000001", "Tell us the power.")),
            element("F13000000002", "Power", "<x:hilfetextEingabe>In kW</x:hilfetextEingabe>"),
            element("F13000000003", "Engine", messages("R13000000002", "One", "Two") + messages("R9", "Nowhere")),
            element("F13000000004", "Hint", "<x:inhalt>Bring the &lt;b&gt;boat&lt;/b&gt;.</x:inhalt>"),
            element("F13000000005", "Old"),
            element("F13000000006", "Name"),
            element("F13000000099", "Gone"),
        )
    )
    code, [_, report] = run(capsys, str(schema), str(english))
    assert code == 0, report
    assert report["warnings"][:7] == [
        "Übersetzt: 4 Bezeichnungen, 1 fester Text, 1 Meldung einer Regel.",
        "Ohne „inhalt“ bleibt dieser Text deutsch: F13000000005.",
        "Der Hilfetext hat keinen deutschen, zu dem er gehört: F13000000002.",
        "Diese Elemente der Übersetzung hat das Formular nicht: F13000000099.",
        "Diese Elemente hat die Übersetzung nicht: F13000000007.",
        "Diese Regeln haben mehrere Meldungen. Wählen Sie bei „Sprachen“ selbst: R13000000002.",
        "Diese Regeln der Übersetzung prüft das Formular nicht: R9.",
    ]
    with scope.system("the test looks"):
        form = FormVersion.objects.filter(form__key="s13000000077").order_by("-no")[0].form
        version = take_proposal(form, "R13000000001", by=None)
    by_fim = {
        item["fim"]: item for step in version.definition["steps"] for item in below(step["items"]) if "fim" in item
    }
    assert by_fim["F13000000004"]["text"] == {"de": "Bringen Sie das Boot mit.", "en": "Bring the boat."}
    assert "en" not in by_fim["F13000000005"]["text"]
    [check] = version.definition["rules"]
    assert (check["fim"], check["message"]["en"]) == ("R13000000001", "Tell us the power.")

    code, [report] = run(capsys, str(english))
    assert report["warnings"][0] == "Übersetzt: 4 Bezeichnungen, 1 fester Text, 1 Meldung einer Regel."


def test_help_of_single_answers_is_translated(capsys, city, tmp_path):
    def values(*told: str) -> str:
        entries = (f"<x:wert><x:code>0{number}</x:code>{each}</x:wert>" for number, each in enumerate(told, start=1))
        return f"<x:werte>{''.join(entries)}</x:werte>"

    german = values(
        "<x:name>Jolle</x:name><x:hilfe>mit einem Mast</x:hilfe>",
        "<x:name>Kutter</x:name>",
        "<x:name>Ferry</x:name><x:hilfe>mit Autos</x:hilfe>",
    )
    told = values(
        "<x:name>Dinghy</x:name><x:hilfe>with one mast</x:hilfe>",
        "<x:name>Cutter</x:name><x:hilfe>?</x:hilfe>",
        "<x:hilfe>with cars</x:hilfe>",
    )
    schema, english = tmp_path / "schema.xml", tmp_path / "en.xml"
    schema.write_bytes(schema3(("1:1", field3("F13000000002", "Art", kind="select", more=german))))
    english.write_text(in_english(element("F13000000002", "Kind", told)))
    code, [_, report] = run(capsys, str(schema), str(english))
    assert code == 0, report
    assert report["warnings"][:2] == [
        "Übersetzt: 1 Bezeichnung, 2 Antworten, 2 Hilfetexte.",
        "Der Hilfetext hat keinen deutschen, zu dem er gehört: F13000000002, Antwort „02“.",
    ]
    with scope.system("the test looks"):
        newest = FormVersion.objects.filter(form__key="s13000000077").order_by("-no")[0]
    assert newest.definition["steps"][0]["items"][0]["options"] == [
        {
            "value": "01",
            "label": {"de": "Jolle", "en": "Dinghy"},
            "hint": {"de": "mit einem Mast", "en": "with one mast"},
        },
        {"value": "02", "label": {"de": "Kutter", "en": "Cutter"}},
        {"value": "03", "label": {"de": "Ferry"}, "hint": {"de": "mit Autos", "en": "with cars"}},
    ]


def test_a_shown_text_that_was_imported_without_its_number_is_known_by_its_key(capsys, city, tmp_path):
    told = field3("F13000000004", "Hinweis", kind="label", more="<x:inhalt>Bringen Sie das Boot mit.</x:inhalt>")
    schema, english = tmp_path / "schema.xml", tmp_path / "en.xml"
    schema.write_bytes(
        schema3(("1:1", group3("G13000000001", "Boot", [("1:1", field3("F13000000002", "Ort")), ("1:1", told)])))
    )
    run(capsys, str(schema))
    with scope.system("as the portal imported it before"):
        version = FormVersion.objects.get(form__key="s13000000077")
        for item in below(version.definition["steps"][0]["items"]):
            if item["type"] == "static":
                del item["fim"]
        version.save(update_fields=["definition"])
    english.write_text(
        in_english(
            element("G13000000001", "Boat"),
            element("F13000000002", "Place"),
            element("F13000000004", "Hint", "<x:inhalt>Bring the boat.</x:inhalt>"),
        )
    )
    code, [report] = run(capsys, str(english))
    assert code == 0, report
    assert report["warnings"][0] == "Übersetzt: 2 Bezeichnungen, 1 fester Text."
    with scope.system("the test looks"):
        version = FormVersion.objects.get(form__key="s13000000077")
    [shown] = [item for item in below(version.definition["steps"][0]["items"]) if item["type"] == "static"]
    assert (shown["fim"], shown["text"]["en"]) == ("F13000000004", "Bring the boat.")


def below(items):
    for item in items:
        yield item
        yield from below(item.get("items", []))
