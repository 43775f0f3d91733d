"""Commands answer a wrong call in German; what keeps any command from beginning is a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.base import CommandError

from foundation.commands import PortalCommand, in_german

ROOT = Path(__file__).parents[2]
OURS = ("foundation", "authorities", "accounts", "catalogue", "applications", "hro_portal")
NOWHERE = "postgres://portal:geheim@127.0.0.1:1/portal"


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a command with these settings and no others."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=inherited | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("settings", "missing"),
    [
        ({}, "SECRET_KEY, DATABASE_URL"),
        ({"SECRET_KEY": "x"}, "DATABASE_URL"),
        ({"DATABASE_URL": NOWHERE}, "SECRET_KEY"),
        ({"SECRET_KEY": "", "DATABASE_URL": ""}, "SECRET_KEY, DATABASE_URL"),
    ],
)
@pytest.mark.parametrize("command", ["migrate", "verify_invariants"])
def test_missing_setting_is_named_in_a_sentence(command: str, settings: dict[str, str], missing: str) -> None:
    answer = manage(command, **settings)
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert answer.stderr.splitlines() == [
        f"Diese Einstellung fehlt: {missing}. Setzen Sie sie als Umgebungsvariable. "
        "docs/operations.md nennt alle Einstellungen."
    ]


@pytest.mark.parametrize("command", ["migrate", "verify_invariants"])
def test_database_that_does_not_answer_is_told_in_a_sentence(command: str, tmp_path: Path) -> None:
    answer = manage(command, SECRET_KEY="x", DATABASE_URL=NOWHERE, DATA_DIR=str(tmp_path), PORTAL_DEMO="1")
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    assert "Die Datenbank antwortet nicht. Prüfen Sie, ob PostgreSQL läuft" in answer.stderr
    assert "127.0.0.1" in answer.stderr
    assert "geheim" not in answer.stderr


def test_fault_comes_out_as_it_is_for_whoever_asks_for_it() -> None:
    answer = manage("migrate", "--traceback")
    assert answer.returncode == 1
    assert "ImproperlyConfigured" in answer.stderr


def test_every_command_of_ours_tells_its_call_in_german() -> None:
    ours = {name: app for name, app in get_commands().items() if str(app).startswith(OURS)}
    assert len(ours) >= 20
    for name, app in ours.items():
        command = load_command_class(app, name)
        assert isinstance(command, PortalCommand), name
        told = command.create_parser("manage.py", name).format_help()
        assert told.startswith("Aufruf: manage.py"), name
        for english in ("options:", "positional arguments:", "show this help", "usage:"):
            assert english not in told, (name, english)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (["backup"], "Es fehlt: DATEI."),
        (["backup", "a", "b"], "Das kennt der Befehl nicht: b."),
        (["put_online", "a", "--forms"], "Nach --forms fehlt eine Angabe."),
    ],
)
def test_wrong_call_is_refused_in_german(
    call: list[str], sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = load_command_class(get_commands()[call[0]], call[0])
    assert isinstance(command, PortalCommand)
    monkeypatch.setattr(command, "_called_from_command_line", True)
    with pytest.raises(SystemExit) as ended:
        command.run_from_argv(["manage.py", *call])
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert told.startswith(f"Aufruf: manage.py {call[0]}")
    assert f"Der Aufruf stimmt nicht. {sentence}\nHilfe: manage.py {call[0]} --help\n" in told


def test_wrong_call_from_a_program_is_an_error_of_that_program() -> None:
    command = load_command_class(get_commands()["backup"], "backup")
    with pytest.raises(CommandError):
        command.create_parser("manage.py", "backup").parse_args([])


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ("one of the arguments --on --off is required", "Nennen Sie eines davon: --on --off."),
        ("argument --on: not allowed with argument --off", "Nennen Sie --on oder --off, nicht beides."),
        ("argument --n: invalid int value: 'viele'", "--n: 'viele' ist so nicht lesbar."),
        ("argument -r: invalid choice: 'x' (choose from 'a', 'b')", "-r: 'x' gibt es nicht. Wählen Sie: 'a', 'b'."),
        ("argument --tag: Der Tag fehlt.", "--tag: Der Tag fehlt."),
        ("something new", "something new"),
    ],
)
def test_words_of_argparse_are_said_in_german(message: str, sentence: str) -> None:
    assert in_german(message) == sentence
