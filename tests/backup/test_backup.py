"""One backup, taken and restored; and everything that a restore refuses before it changes anything."""

import io
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from applications.erasing.use_cases import erase_application
from applications.models import Application
from authorities.models import Authority
from foundation import durable, files, locks, scope
from foundation.erasure import journal
from foundation.files.models import StoredFile
from foundation.ids import new_id
from hro_portal.backup import archive, code, database, proving, restoring, sealing, taking
from hro_portal.backup.refusal import BackupRefused
from tests.factories import make_application

pytestmark = pytest.mark.usefixtures("city", "folders", "key")


def keep_a_file(content: bytes = b"Ein Bescheid") -> StoredFile:
    with scope.system("a test keeps a file"):
        rostock = Authority.objects.get(slug="rostock")
        return files.keep(
            content,
            authority_id=rostock.pk,
            keyset=rostock.keyset,
            subject_id=new_id(),
            media_type="application/pdf",
        )


def rows_of(table: str) -> int:
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of a city with a case and a file."""
    make_application()
    keep_a_file()
    target = tmp_path / "portal.backup"
    taking.back_up(target)
    return target


@pytest.fixture
def nothing_breached(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases that a test makes by hand have no trail, and a restore says so."""
    monkeypatch.setattr(proving, "breaches", lambda made_at: [])


def is_empty(place) -> bool:
    with place.entered():
        no_tables = not database.tables()
    return no_tables and not [path for path in place.folder.rglob("*") if path.is_file()]


def refusal_of(place, file: Path) -> str:
    """The sentence with which the command refuses; whatever it says, nothing has been changed."""
    with place.entered(), pytest.raises(CommandError) as refused:
        call_command("restore", str(file), without_erasures=True, stdout=io.StringIO())
    assert is_empty(place)
    return str(refused.value)


# --- there and back --------------------------------------------------------------------------------------------------


@pytest.mark.tr("A3.15.06")
@pytest.mark.usefixtures("nothing_breached")
def test_what_was_backed_up_is_there_again(empty_place, tmp_path: Path) -> None:
    application = make_application()
    stored = keep_a_file()
    call_command("backup", str(tmp_path / "portal.backup"), stdout=io.StringIO())
    with empty_place.entered():
        call_command("restore", str(tmp_path / "portal.backup"), without_erasures=True, stdout=(said := io.StringIO()))
        # The portal's own role reads it, behind the second wall and with the keysets that came along.
        with scope.authority(application.authority_id):
            again = Application.objects.get(pk=application.pk)
            assert again.reference == application.reference
            assert again.answers == application.answers
            assert files.read(StoredFile.objects.get(pk=stored.pk)) == b"Ein Bescheid"
        assert rows_of("django_session") == 0
    assert "Alle Sitzungen sind beendet" in said.getvalue()
    assert "Was seit der Sicherung gelöscht wurde, ist wieder da" in said.getvalue()


@pytest.mark.usefixtures("nothing_breached")
def test_what_was_erased_since_is_erased_again(empty_place, tmp_path: Path) -> None:
    kept, erased = make_application(), make_application()
    taking.back_up(tmp_path / "portal.backup")
    line = {"kind": "application", "id": str(erased.pk), "reason": "person"}
    (tmp_path / "copy.jsonl").write_text(json.dumps(line) + "\n")
    with empty_place.entered():
        journal = ["--erasures", str(tmp_path / "copy.jsonl")]
        call_command("restore", str(tmp_path / "portal.backup"), *journal, stdout=(said := io.StringIO()))
        with scope.system("a test looks what is left"):
            assert list(Application.objects.values_list("pk", flat=True)) == [kept.pk]
    assert "1 Vorgänge wieder gelöscht" in said.getvalue()
    # The next restore in this place will know of it, too.
    assert str(erased.pk) in (empty_place.folder / "erasures.jsonl").read_text()


def test_nothing_is_restored_before_somebody_has_thought_of_the_erasures(empty_place, backup: Path, tmp_path) -> None:
    """Without the journal, what people had erased since would be back without a word."""
    (tmp_path / "copy.jsonl").write_text("")
    both = ["--erasures", str(tmp_path / "copy.jsonl"), "--without-erasures"]
    for how, why in (([], "mit „--erasures DATEI“"), (both, "--without-erasures: not allowed with .* --erasures")):
        with empty_place.entered(), pytest.raises(CommandError, match=why):
            call_command("restore", str(backup), *how, stdout=io.StringIO())
        assert is_empty(empty_place)


@pytest.mark.usefixtures("nothing_breached")
def test_the_journal_that_lies_here_and_the_copy_are_both_done_again(empty_place, tmp_path: Path) -> None:
    kept, here, copied = make_application(), make_application(), make_application()
    taking.back_up(tmp_path / "portal.backup")
    lines = [json.dumps({"kind": "application", "id": str(case.pk), "reason": "person"}) for case in (here, copied)]
    (tmp_path / "copy.jsonl").write_text(f"{lines[1]}\n")
    empty_place.folder.mkdir()
    (empty_place.folder / "erasures.jsonl").write_text(f"{lines[0]}\n")
    with empty_place.entered():
        how = {"erasures": tmp_path / "copy.jsonl", "stdout": (said := io.StringIO())}
        call_command("restore", str(tmp_path / "portal.backup"), **how)
        with scope.system("a test looks what is left"):
            assert list(Application.objects.values_list("pk", flat=True)) == [kept.pk]
    assert "2 Vorgänge wieder gelöscht" in said.getvalue()


@pytest.mark.usefixtures("nothing_breached")
def test_a_journal_that_is_older_than_the_backup_is_told(empty_place, tmp_path: Path) -> None:
    erase_application(make_application().pk, "person")
    taking.back_up(tmp_path / "portal.backup")
    (tmp_path / "old.jsonl").write_text("")
    with empty_place.entered():
        how = {"erasures": tmp_path / "old.jsonl", "stdout": (said := io.StringIO())}
        call_command("restore", str(tmp_path / "portal.backup"), **how)
    assert "1 Löschungen von vor der Sicherung fehlten im Verzeichnis. Ist es eine alte Kopie?" in said.getvalue()


def test_a_backup_adds_to_the_journal_what_a_crash_kept_out(folders, tmp_path: Path, settings, monkeypatch) -> None:
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    case = make_application()
    with monkeypatch.context() as crashed:
        crashed.setattr(journal, "append", lambda entry: None)
        erase_application(case.pk, "person")
    assert not journal.file().exists()
    call_command("backup", str(tmp_path / "portal.backup"), stdout=io.StringIO())
    assert [entry.object_id for entry in journal.read(journal.file())] == [case.pk]
    journal.file().write_text("no entry\n")
    with pytest.raises(CommandError, match=r"Die Sicherung ist geschrieben\. Doch: Das Verzeichnis der Löschungen"):
        call_command("backup", str(tmp_path / "second.backup"), stdout=io.StringIO())
    assert (tmp_path / "second.backup").exists()


def test_the_name_of_a_backup_is_durable(tmp_path: Path, monkeypatch) -> None:
    """A name is on disk only with its folder: a cut of the power must not take what was told as written."""
    synced = []
    monkeypatch.setattr(
        durable, "sync_folder", lambda folder: synced.append((folder, (tmp_path / "portal.backup").exists()))
    )
    taking.back_up(tmp_path / "portal.backup")
    assert (tmp_path, True) in synced


def test_a_promise_that_does_not_hold_is_told(empty_place, backup: Path, capsys) -> None:
    with empty_place.entered(), pytest.raises(CommandError, match="Zusagen halten nicht"):
        call_command("restore", str(backup), without_erasures=True, stdout=io.StringIO())
    assert "Das Protokoll nennt" in capsys.readouterr().err


def test_a_broken_journal_is_refused_before_anything_is_changed(empty_place, backup: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.jsonl").write_text('{"kind": "application"}\n')
    for name in ("copy.jsonl", "nowhere.jsonl"):
        with empty_place.entered(), pytest.raises(CommandError, match="Verzeichnis der Löschungen"):
            call_command("restore", str(backup), "--erasures", str(tmp_path / name))
        assert is_empty(empty_place)


def test_no_table_is_left_out_because_of_a_policy(folders) -> None:
    """Who backs up sees every row: each policy for readers lets the system's scope through."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            """SELECT tablename FROM pg_policies WHERE cmd IN ('SELECT', 'ALL') AND qual <> 'true'
               AND qual NOT LIKE '%portal.system%' AND qual NOT LIKE '%parent%'"""
        )
        assert cursor.fetchall() == []


def test_what_happens_during_a_backup_is_in_the_next_one(tmp_path: Path, monkeypatch) -> None:
    """A row that comes and a file that goes between the snapshot and the copying change nothing of the set."""
    stays = keep_a_file()
    path = files.storage._path(stays.storage_key)
    dump = database.dump

    def meanwhile(snapshot: str):
        deleting = threading.Thread(target=_delete, args=[stays])
        deleting.start()
        deleting.join()
        return dump(snapshot)

    monkeypatch.setattr(database, "dump", meanwhile)
    before = rows_of("files_storedfile")
    manifest = taking.back_up(tmp_path / "portal.backup")
    assert manifest["rows"]["files_storedfile"] == before == manifest["parts"]["files"]["members"]
    assert rows_of("files_storedfile") == before - 1
    # Its bytes have waited for the backup; the daily sweep takes them.
    assert path.exists()
    os.utime(path, (0, 0))
    assert files.remove_orphans() == 1
    assert not path.exists()


def _delete(stored: StoredFile) -> None:
    with scope.system("a test deletes a file"):
        files.delete(StoredFile.objects.get(pk=stored.pk))
    connections.close_all()


def test_bytes_leave_at_once_when_no_backup_runs() -> None:
    stored = keep_a_file()
    path = files.storage._path(stored.storage_key)
    _delete(stored)
    assert not path.exists()


def test_a_lost_file_does_not_cost_the_backup(tmp_path: Path) -> None:
    lost = keep_a_file()
    files.storage._path(lost.storage_key).unlink()
    with pytest.raises(CommandError, match="1 Dateien fehlen"):
        call_command("backup", str(tmp_path / "portal.backup"), stdout=io.StringIO())
    assert (tmp_path / "portal.backup").exists()


def test_nothing_of_it_can_be_read_without_the_key(backup: Path) -> None:
    content = backup.read_bytes()
    assert not [
        word for word in (b"PGDMP", b"manifest", b"CREATE TABLE", b"rostock", b"primaryKeyId") if word in content
    ]
    assert backup.stat().st_mode & 0o077 == 0


# --- what a restore refuses ------------------------------------------------------------------------------------------


def test_a_damaged_file_is_refused(empty_place, backup: Path, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    middle = len(whole) // 2
    damages = {
        "cut": whole[:middle],
        "cut at the end": whole[:-1],
        "only its first line": whole[:34],
        "a byte flipped": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        "the last byte flipped": whole[:-1] + bytes([whole[-1] ^ 1]),
        "more behind it": whole + b"\0" * 100,
    }
    for name, content in damages.items():
        (tmp_path / "damaged").write_bytes(content)
        assert "beschädigt oder unvollständig" in refusal_of(empty_place, tmp_path / "damaged"), name


def test_another_file_is_no_backup(empty_place, tmp_path: Path) -> None:
    for content in (b"", b"PK\3\4" * 100):
        (tmp_path / "other").write_bytes(content)
        assert "keine Sicherung" in refusal_of(empty_place, tmp_path / "other")
    assert "nicht lesbar" in refusal_of(empty_place, tmp_path / "nowhere")


def test_another_key_does_not_open_it(empty_place, backup: Path, tmp_path: Path, settings) -> None:
    sealing.create_key(tmp_path / "another.key")
    settings.BACKUP_KEY_FILE = str(tmp_path / "another.key")
    assert "anderen Schlüssel" in refusal_of(empty_place, backup)


def test_the_key_lies_apart(tmp_path: Path, settings, backup: Path, empty_place) -> None:
    settings.BACKUP_KEY_FILE = str(settings.KEYS_DIR / "backup.key")
    with pytest.raises(BackupRefused, match="anderen Ordner"):
        taking.back_up(tmp_path / "next.backup")
    settings.BACKUP_KEY_FILE = ""
    with pytest.raises(BackupRefused, match="PORTAL_BACKUP_KEY_FILE"):
        taking.back_up(tmp_path / "next.backup")
    settings.BACKUP_KEY = "{}"
    with pytest.raises(BackupRefused, match="nicht lesbar"):
        taking.back_up(tmp_path / "next.backup")


def test_no_key_is_ever_overwritten(key: Path) -> None:
    before = key.read_bytes()
    with pytest.raises(CommandError, match="nie überschrieben"):
        call_command("create_backup_key", str(key))
    assert key.read_bytes() == before


def test_too_little_space_is_told_before_anything_is_written(empty_place, backup: Path, monkeypatch) -> None:
    monkeypatch.setattr(restoring.shutil, "disk_usage", lambda folder: SimpleNamespace(free=10))
    assert "zu wenig Platz" in refusal_of(empty_place, backup)


def test_code_of_another_release_is_refused(empty_place, backup: Path, monkeypatch) -> None:
    monkeypatch.setattr(database, "migrations_of_the_code", lambda: ["applications.0099_of_tomorrow"])
    assert "anderen Stand" in refusal_of(empty_place, backup)
    assert code.version().startswith("0.1.0")


def test_what_is_there_is_never_overwritten(backup: Path, empty_place) -> None:
    with pytest.raises(BackupRefused, match="Datenbank ist nicht leer"):
        restoring.restore(backup)
    (empty_place.folder / "files").mkdir(parents=True)
    (empty_place.folder / "files" / "old").touch()
    with empty_place.entered(), pytest.raises(BackupRefused, match="nicht leer"):
        restoring.restore(backup)
    with pytest.raises(BackupRefused, match="gibt es schon"):
        taking.back_up(backup)


def test_an_end_in_between_leaves_nothing(empty_place, backup: Path, monkeypatch) -> None:
    """The disk is full, or pg_restore fails, when half of it is there."""

    def broken(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "sync", broken)
    assert "nichts geändert" in refusal_of(empty_place, backup)
    monkeypatch.undo()
    pieces = archive.Member.pieces

    def garbled(member: archive.Member) -> Iterator[bytes]:
        return (piece[::-1] if member.part == archive.DATABASE else piece for piece in pieces(member))

    monkeypatch.setattr(restoring, "_look_through", lambda file, key: {})
    monkeypatch.setattr(archive.Member, "pieces", garbled)
    with empty_place.entered(), pytest.raises(BackupRefused, match="pg_restore"):
        restoring.restore(backup)
    assert is_empty(empty_place)


def test_two_backups_do_not_meet(tmp_path: Path, monkeypatch) -> None:
    """A second one waits, and then says so; it would let files go that the first one still needs."""
    monkeypatch.setattr(taking, "PATIENCE", "100ms")
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [locks.BACKUP])
        try:
            with pytest.raises(BackupRefused, match="läuft schon eine Sicherung"):
                taking.back_up(tmp_path / "second.backup")
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [locks.BACKUP])
    assert not list(tmp_path.glob("*second*"))
