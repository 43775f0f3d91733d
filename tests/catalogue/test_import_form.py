"""`manage.py import_form`: one report per file, exit 1 if one failed, never a traceback."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections

from catalogue.models import Offering
from forms_engine.models import FormVersion
from foundation import scope

DEFINITION = {
    "format": 1,
    "key": "fundsache",
    "title": {"de": "Fundsache melden", "en": "Report a lost item"},
    "steps": [
        {
            "key": "sache",
            "title": {"de": "Die Sache", "en": "The item"},
            "items": [{"type": "text", "key": "was", "label": {"de": "Was ist es?", "en": "What is it?"}}],
        }
    ],
}

REMOVE = """
    WITH forms AS (SELECT id FROM forms_engine_form WHERE key = 'fundsache'),
         offerings AS (SELECT id FROM catalogue_offering WHERE form_id IN (SELECT id FROM forms)),
         rules AS (DELETE FROM catalogue_routerule WHERE offering_id IN (SELECT id FROM offerings)),
         offered AS (DELETE FROM catalogue_offering WHERE id IN (SELECT id FROM offerings)),
         services AS (DELETE FROM catalogue_service WHERE slug = 'fundsache'),
         versions AS (DELETE FROM forms_engine_formversion WHERE form_id IN (SELECT id FROM forms))
    DELETE FROM forms_engine_form WHERE id IN (SELECT id FROM forms)
"""


@pytest.fixture
def definition(tmp_path: Path) -> Path:
    file = tmp_path / "fundsache.json"
    file.write_text(json.dumps(DEFINITION))
    return file


@pytest.fixture(autouse=True)
def _forget_what_is_kept_between_tests(city):
    """Forms and services stay in the test database; these tests take theirs away again."""
    yield
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE forms_engine_formversion DISABLE TRIGGER published_version_stays")
        cursor.execute(REMOVE)
        cursor.execute("ALTER TABLE forms_engine_formversion ENABLE TRIGGER published_version_stays")


def run(capsys, *arguments: str) -> tuple[int, list[dict]]:
    code = 0
    try:
        call_command("import_form", *arguments, "--json")
    except SystemExit as stop:
        code = int(stop.code)
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_published_form_becomes_a_service(capsys, definition, client):
    code, reports = run(
        capsys, str(definition), "--authority=rostock", "--service=fundsache", "--department=stadtamt", "--publish"
    )

    assert code == 0
    assert reports == [
        {
            "file": str(definition),
            "ok": True,
            "form": "fundsache",
            "version": 1,
            "service_url": f"{settings.BASE_URL}/leistungen/rostock/fundsache/",
            "schema_url": f"{settings.BASE_URL}/formulare/rostock/fundsache/1/schema.json",
            "steps": 1,
            "fields": 1,
            "groups": 0,
            "rules": 0,
            "warnings": [],
            "searchable": [],
            "error": None,
        }
    ]
    assert "Fundsache melden" in client.get("/leistungen/rostock/fundsache/").content.decode()


def test_without_publish_nobody_can_fill_it_in(capsys, definition):
    _, [report] = run(capsys, str(definition), "--authority=rostock", "--service=fundsache", "--department=stadtamt")

    assert report["ok"]
    assert report["service_url"] is None
    assert not Offering.objects.filter(service__slug="fundsache").exists()


def test_the_same_definition_is_the_same_version(capsys, definition):
    run(capsys, str(definition), "--authority=rostock", "--publish")
    _, [report] = run(capsys, str(definition), "--authority=rostock", "--publish")

    assert report["version"] == 1


def test_one_faulty_file_does_not_stop_the_others(capsys, definition, tmp_path):
    faulty = tmp_path / "faulty.json"
    faulty.write_text(json.dumps(DEFINITION | {"farbe": "blau"}))
    missing = tmp_path / "missing.json"

    code, reports = run(capsys, str(faulty), str(missing), str(definition), "--authority=rostock")

    assert code == 1
    assert [report["ok"] for report in reports] == [False, False, True]
    assert "farbe" in reports[0]["error"]
    assert "nicht lesbar" in reports[1]["error"]


def test_a_new_service_needs_a_department(capsys, definition):
    code, [report] = run(capsys, str(definition), "--authority=rostock", "--service=fundsache", "--publish")

    assert code == 1
    assert "--department" in report["error"]
    with scope.system("look"):
        assert not FormVersion.objects.filter(form__key="fundsache").exists()


def test_an_unknown_authority_is_named_with_the_known_ones(definition):
    with pytest.raises(CommandError, match=r"„bremen“ gibt es nicht.*rostock"):
        call_command("import_form", str(definition), "--authority=bremen")


@pytest.mark.tr("A3.16.01")
def test_the_author_is_told_what_a_searchable_answer_means(capsys, definition):
    found = json.loads(definition.read_text())
    found["steps"][0]["items"][0]["search"] = True
    definition.write_text(json.dumps(found))
    _, [report] = run(capsys, str(definition), "--authority=rostock")
    assert len(report["searchable"]) == 1
    call_command("import_form", str(definition), "--authority=rostock")
    told = capsys.readouterr().out
    assert f"als Prüfwerte mit Schlüssel: {report['searchable'][0]}." in told
