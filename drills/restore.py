"""The host is lost. There is a backup, taken while people filed, its key, and the journal of erasures.

An empty host gets the backup. Everything that people had been shown before the backup began is there, once; what was
erased after it is gone again; nobody is signed in; people file on.
"""

import shutil
import time
from pathlib import Path

from drills.portal import STORES, Filing, ask, ask_one, file_one, folder, furnish, must_run, run, wait_until_done
from drills.report import Report
from hro_portal.stack import Stack

JOURNAL = "erasures.jsonl"
EVERY_TABLE = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
SIGN_IN = """
from importlib import import_module
from django.conf import settings
store = import_module(settings.SESSION_ENGINE).SessionStore()
store["somebody"] = "is here"
store.save()
"""
ERASE = """
from applications.erasing.use_cases import erase_application
from applications.models import Application
from foundation import scope
with scope.system("the drill looks for a case"):
    application_id = Application.objects.get(reference="{}").pk
erase_application(application_id, "person")
"""


def drill(report: Report) -> None:
    with folder() as place:
        key, backup = place / "backup.key", place / "portal.backup"
        begun = time.monotonic()
        furnish(place / "host")
        report.say(f"Die Stadt ist eingerichtet ({time.monotonic() - begun:.0f} s).")
        safe, later, erased = _a_day_at_work(place, key, backup, report)
        shutil.rmtree(place / "host")
        report.say("Der Rechner ist zerstört.")
        _another_host(place, key, backup, report, safe, later, erased)


def _a_day_at_work(place: Path, key: Path, backup: Path, report: Report) -> tuple[list[str], list[str], str]:
    """Out: what people had been shown before the backup began, what they were shown later, and what was erased."""
    with Stack(place / "host", demo=True, durable=False, given={}) as stack:
        must_run(stack, "manage.py", "create_backup_key", str(key))
        must_run(stack, "manage.py", "shell", "-c", SIGN_IN)
        erased = file_one(stack.base_url, "erased@example.org")
        people = Filing(stack.base_url)
        people.start()
        people.wait_for(3)
        safe = [erased, *people.references]
        begun = time.monotonic()
        said = must_run(stack, "manage.py", "backup", str(backup), PORTAL_BACKUP_KEY_FILE=str(key))
        during = len(people.references) + 1 - len(safe)
        people.wait_for(1)
        later = [reference for reference in people.stop() if reference not in safe]
        report.say(f"{said} ({time.monotonic() - begun:.1f} s, dabei {during} Anträge abgesendet)")
        report.require(not people.failed, "während der Sicherung bekommt jede Person ihre Vorgangsnummer")
        wait_until_done(stack)
        must_run(stack, "manage.py", "shell", "-c", ERASE.format(erased))
        shutil.copy(stack.data_dir / JOURNAL, place / JOURNAL)
    return safe, later, erased


def _another_host(
    place: Path, key: Path, backup: Path, report: Report, safe: list[str], later: list[str], erased: str
) -> None:
    given = {"PORTAL_BACKUP_KEY_FILE": str(key)}
    begun = time.monotonic()
    with Stack(place / "new", demo=True, only=STORES, given={}) as stack:
        command = ("manage.py", "restore", str(backup), "--erasures", str(place / JOURNAL))
        _refuses(stack, backup, place / "damaged", given, report)
        restoring = time.monotonic()
        report.say(must_run(stack, *command, **given).replace("\n", "\n  "))
        restored = time.monotonic() - restoring
        again = run(stack, *command, **given)
        report.require(again.returncode == 1 and "nicht leer" in again.stderr, "eingespielt wird nur ins Leere")
        _require_what_was_safe(stack, report, safe, erased)
    starting = time.monotonic()
    with Stack(place / "new", demo=True, given={}) as stack:
        started = time.monotonic() - starting
        report.say(f"Wiederherstellung: {restored:.1f} s einspielen, {started:.1f} s bis das Portal antwortet.")
        wait_until_done(stack)
        new = file_one(stack.base_url, "after@example.org")
        report.require(new not in {*safe, *later}, "eine neue Vorgangsnummer ist keine, die schon jemand hat")
        wait_until_done(stack)
        checked = run(stack, "manage.py", "verify_invariants", "--files", "--settled")
        report.require(checked.returncode == 0, f"verify_invariants: {checked.stdout.strip() or checked.stderr[-300:]}")
    report.say(f"Die ganze Übung auf dem neuen Rechner: {time.monotonic() - begun:.0f} s.")


def _refuses(stack: Stack, backup: Path, damaged: Path, given: dict[str, str], report: Report) -> None:
    """A backup that lost its end is refused, and the empty host stays empty."""
    damaged.write_bytes(backup.read_bytes()[:-1000])
    silent = run(stack, "manage.py", "restore", str(backup), **given)
    report.require(
        silent.returncode == 1 and "--without-erasures" in silent.stderr and not ask(stack, EVERY_TABLE),
        "ohne Verzeichnis der Löschungen wird nichts eingespielt, und nichts ist geändert",
    )
    refused = run(stack, "manage.py", "restore", str(damaged), "--without-erasures", **given)
    report.require(
        refused.returncode == 1 and "beschädigt" in refused.stderr and not ask(stack, EVERY_TABLE),
        "eine abgeschnittene Sicherung wird abgelehnt, und nichts ist geändert",
    )


def _require_what_was_safe(stack: Stack, report: Report, safe: list[str], erased: str) -> None:
    found = [reference for (reference,) in ask(stack, "SELECT reference FROM applications_application")]
    kept = [reference for reference in safe if reference != erased]
    report.require(
        all(found.count(reference) == 1 for reference in kept),
        f"alle {len(kept)} Vorgänge von vor der Sicherung sind da, jeder einmal",
    )
    report.require(erased not in found, "was nach der Sicherung gelöscht wurde, ist wieder gelöscht")
    report.require(not ask_one(stack, "SELECT count(*) FROM django_session"), "alle Sitzungen sind beendet")
    on_disk = {f"{path.parent.name}/{path.name}" for path in (stack.data_dir / "files").glob("*/*")}
    known = {name for (name,) in ask(stack, "SELECT storage_key FROM files_storedfile")}
    report.require(known == on_disk, f"zu jeder der {len(known)} Zeilen gibt es die Datei, und keine mehr")
