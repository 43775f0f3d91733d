"""A new key while people work: nothing stops opening, nothing that was saved meanwhile is lost."""

import json
import re
from threading import Event, Thread

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from accounts import second_factor
from applications.models import Draft
from foundation import files, locks, moment, scope, vault
from foundation.files.models import StoredFile
from foundation.ids import new_id
from foundation.vault import columns, keysets, rotation
from foundation.vault.columns import Resealed
from tests.factories import make_user
from tests.house.sealed import SAID, furnish_sealed, opened, rows_of

pytestmark = [pytest.mark.usefixtures("city", "keys"), pytest.mark.asvs("V11.3.2"), pytest.mark.tr("A3.5.01-02")]


@pytest.fixture
def keys(tmp_path, settings):
    settings.KEYS_DIR = tmp_path / "keys"
    vault.create(["rostock", "schwerin", "accounts"])
    return settings.KEYS_DIR


def test_everything_is_sealed_again_and_opens_without_the_old_key(capsys):
    furnish_sealed("rostock")
    furnish_sealed("schwerin")
    schwerin = (keysets.path("schwerin")).read_bytes()
    call_command("rotate_keys", "rostock", "accounts")
    told = capsys.readouterr().out
    assert "rostock: 0 values" not in told
    assert "accounts: 0 values" not in told
    call_command("rotate_keys", "rostock", "accounts", retire=True)
    for column in columns.columns:
        for row in rows_of(column):
            assert opened(column, row) == SAID
            assert rotation.is_current(column.place(row).keyset, bytes(getattr(row, column.name)))
    with scope.system("a test looks", read_only=True):
        assert [files.read(stored)[:5] for stored in StoredFile.objects.all()] == [b"%PDF-"] * 4
    assert (keysets.path("schwerin")).read_bytes() == schwerin
    assert [key["status"] for key in keysets.read("rostock")["key"]] == ["DISABLED", "ENABLED"]


def test_second_factors_are_sealed_again():
    user = make_user()
    place = {"owner": user.pk, "row": user.pk, "field": second_factor.FIELD}
    sealed = vault.seal_json("accounts", "JBSWY3DPEHPK3PXP", **place).hex()
    factor = Authenticator.objects.create(user=user, type="totp", data={"secret": sealed})
    call_command("rotate_keys", "accounts")
    call_command("rotate_keys", "accounts", retire=True)
    factor.refresh_from_db()
    assert factor.data["secret"] != sealed
    assert vault.open_json("accounts", bytes.fromhex(factor.data["secret"]), **place) == "JBSWY3DPEHPK3PXP"


def test_a_second_run_finds_nothing_to_do():
    furnish_sealed("rostock")
    call_command("rotate_keys", "rostock")
    assert rotation.reseal("rostock") == Resealed()


def test_what_is_saved_while_it_is_sealed_again_is_not_lost(monkeypatch):
    """A person saves between our reading of the row and our writing of it."""
    furnish_sealed("rostock")
    rotation.add_key("rostock")
    rotation.promote("rostock")
    real = rotation.open_sealed

    def open_slowly(keyset, sealed, **place):
        if place["field"] == "answers":
            saver = Thread(target=_save_in_another_tab)
            saver.start()
            saver.join()
        return real(keyset, sealed, **place)

    monkeypatch.setattr(rotation, "open_sealed", open_slowly)
    rotation.reseal("rostock")
    with scope.system("a test looks", read_only=True):
        draft = Draft.objects.get()
        assert draft.read_answers() == {"name": "neu"}
    assert rotation.is_current("rostock", bytes(draft.answers))


def _save_in_another_tab():
    with scope.system("a test saves"):
        draft = Draft.objects.get()
        draft.answers = draft.seal("answers", {"name": "neu"})
        draft.save(update_fields=["answers"])
    connection.close()


def test_a_process_that_has_used_the_old_keyset_opens_what_another_sealed_with_the_new_key(keys):
    place = {"owner": new_id(), "row": new_id(), "field": "answers"}
    old = vault.seal("rostock", b"alt", **place)
    rotation.add_key("rostock")
    waiting = vault.seal("rostock", b"bald", **place)
    assert waiting[:5] == old[:5]
    number = rotation.promote("rostock")
    new = vault.seal("rostock", b"neu", **place)
    assert new[1:5] == number.to_bytes(4, "big")
    assert [vault.open_sealed("rostock", sealed, **place) for sealed in (old, waiting, new)] == [
        b"alt",
        b"bald",
        b"neu",
    ]


def test_people_who_read_and_save_all_the_time_notice_nothing(keys):
    place = {"owner": new_id(), "row": new_id(), "field": "answers"}
    done, failures, kept = Event(), [], [vault.seal("rostock", b"0", **place)]

    def work() -> None:
        while not done.is_set():
            try:
                vault.open_sealed("rostock", kept[0], **place)
                kept[0] = vault.seal("rostock", b"x", **place)
            except vault.VaultError as error:
                failures.append(error)

    people = [Thread(target=work) for _ in range(3)]
    for person in people:
        person.start()
    for _ in range(20):
        rotation.add_key("rostock")
        rotation.promote("rostock")
    done.set()
    for person in people:
        person.join()
    assert failures == []


def test_old_keys_are_not_put_away_while_something_needs_them():
    furnish_sealed("rostock")
    rotation.add_key("rostock")
    rotation.promote("rostock")
    with pytest.raises(CommandError, match="noch mit einem alten Schlüssel versiegelt"):
        call_command("rotate_keys", "rostock", retire=True)
    call_command("rotate_keys", "rostock", retire=True)


# --- what nobody can open --------------------------------------------------------------------------------------------


def spoil_answers() -> str:
    """A bit has flipped in what the database holds; out: what the command calls it."""
    with scope.system("a test looks", read_only=True):
        draft = Draft.objects.get()
    spoilt = bytes(draft.answers[:-1]) + bytes([draft.answers[-1] ^ 1])
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE applications_draft SET answers = %s WHERE id = %s", [spoilt, draft.pk])
    return f"applications.Draft.answers:{draft.pk}"


def spoil_file() -> str:
    with scope.system("a test looks", read_only=True):
        stored = StoredFile.objects.filter(keyset="rostock").order_by("pk").first()
    path = files.path_of(stored)
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    return f"files.StoredFile:{stored.pk}"


def assert_sealed_anew(*, but: list[str]) -> None:
    """Everything of Rostock's opens and lies under its newest key, all but what nobody can open."""
    for column in columns.columns:
        for row in rows_of(column):
            if f"{column}:{row.pk}" not in but:
                assert opened(column, row) == SAID
                assert rotation.is_current(column.place(row).keyset, bytes(getattr(row, column.name)))


def still_old(keyset: str) -> int:
    """How many files are sealed with another key than the first."""
    with scope.system("a test looks", read_only=True):
        paths = [files.path_of(stored) for stored in StoredFile.objects.filter(keyset=keyset)]
    return sum(not rotation.is_current(keyset, path.read_bytes()) for path in paths)


def test_what_nobody_can_open_stops_neither_the_rest_nor_the_next_run():
    furnish_sealed("rostock")
    lost = sorted([spoil_answers(), spoil_file()])
    sentence = f"2 Werte lassen sich nicht öffnen: {', '.join(lost)}. Holen Sie diese aus einer Sicherung."
    for options in ({}, {"reseal_only": True}):
        with pytest.raises(CommandError) as refused:
            call_command("rotate_keys", "rostock", **options)
        assert str(refused.value) == f"{sentence} Alles andere ist neu versiegelt."
    assert still_old("rostock") == 1
    assert_sealed_anew(but=lost)


def test_a_second_factor_that_nobody_can_open_keeps_no_other_on_the_old_key():
    factors = []
    for email in ("anna@example.org", "bea@example.org"):
        user = make_user(email)
        place = {"owner": user.pk, "row": user.pk, "field": second_factor.FIELD}
        sealed = vault.seal_json("accounts", "JBSWY3DPEHPK3PXP", **place)
        factors.append(Authenticator.objects.create(user=user, type="totp", data={"secret": sealed.hex()}))
    broken, sound = factors
    Authenticator.objects.filter(pk=broken.pk).update(data={"secret": "no hexadecimal"})
    with pytest.raises(CommandError, match=f"1 Werte lassen sich nicht öffnen: mfa.Authenticator:{broken.pk}."):
        call_command("rotate_keys", "accounts")
    sound.refresh_from_db()
    assert rotation.is_current("accounts", bytes.fromhex(sound.data["secret"]))


def test_old_keys_are_put_away_once_what_is_lost_has_been_named(capsys):
    furnish_sealed("rostock")
    lost = [spoil_answers(), spoil_file()]
    with pytest.raises(CommandError, match="2 Werte"):
        call_command("rotate_keys", "rostock")
    before = keysets.path("rostock").read_bytes()
    for named, why in (
        ([], "2 Werte lassen sich nicht öffnen"),
        (lost[:1], f"1 Werte lassen sich nicht öffnen: {lost[1]}."),
        ([*lost, "files.StoredFile:x"], "Das lässt sich öffnen oder gibt es nicht: files.StoredFile:x."),
    ):
        with pytest.raises(CommandError, match=re.escape(why)):
            call_command("rotate_keys", "rostock", retire=True, lost=named)
    for names, options in ((["rostock", "accounts"], {"retire": True}), (["rostock"], {})):
        with pytest.raises(CommandError, match="„--lost“ gilt mit „--retire“"):
            call_command("rotate_keys", *names, lost=lost, **options)
    assert keysets.path("rostock").read_bytes() == before
    call_command("rotate_keys", "rostock", retire=True, lost=lost)
    assert_sealed_anew(but=lost)
    assert [key["status"] for key in keysets.read("rostock")["key"]] == ["DISABLED", "ENABLED"]


def test_a_keyset_that_breaks_on_the_way_is_no_loss_of_values(monkeypatch):
    furnish_sealed("rostock")
    rotation.add_key("rostock")
    rotation.promote("rostock")
    real = rotation._prefix

    def gone(name: str) -> bytes:
        prefix = real(name)
        keysets.path(name).unlink()
        return prefix

    monkeypatch.setattr(rotation, "_prefix", gone)
    with pytest.raises(vault.VaultError, match="ist nicht brauchbar"):
        rotation.reseal("rostock")


def test_old_keys_are_not_put_away_while_a_backup_runs():
    """It would hold values under the old key, and the keyset in which that key is disabled."""
    call_command("rotate_keys", "rostock")
    before = keysets.path("rostock").read_bytes()
    backup = connections.create_connection("owner")
    with backup.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [locks.BACKUP])
        try:
            with pytest.raises(
                CommandError, match=r"Es läuft eine Sicherung\. Starten Sie den Befehl danach noch einmal"
            ):
                call_command("rotate_keys", "rostock", retire=True)
        finally:
            # Said, not left to the end of the connection: the server notices that when it has time for it.
            cursor.execute("SELECT pg_advisory_unlock(%s)", [locks.BACKUP])
    backup.close()
    assert keysets.path("rostock").read_bytes() == before
    call_command("rotate_keys", "rostock", retire=True)


def test_no_backup_begins_while_old_keys_are_put_away(monkeypatch):
    call_command("rotate_keys", "rostock")
    could_begin = []

    def write(*_: object) -> None:
        backup = connections.create_connection("owner")
        with backup.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [locks.BACKUP])
            could_begin.extend(cursor.fetchone())
        backup.close()

    monkeypatch.setattr(rotation, "_write", write)
    rotation.retire("rostock")
    assert could_begin == [False]
    with moment.no_backup("owner") as is_free:
        assert is_free


@pytest.mark.parametrize("wait", ["-1", "nan", "inf", "bald"])
def test_a_wait_that_is_none_is_refused_before_a_key_is_added(wait):
    before = keysets.path("rostock").read_bytes()
    with pytest.raises(CommandError, match="--wait versteht Sekunden"):
        call_command("rotate_keys", "rostock", "--wait", wait)
    assert keysets.path("rostock").read_bytes() == before


def test_a_keyset_from_the_environment_wins_and_is_rotated_there(settings, keys):
    place = {"owner": new_id(), "row": new_id(), "field": "answers"}
    sealed = vault.seal("rostock", b"x", **place)
    digest = vault.keyed_digest("rostock", "x")
    settings.KEYSETS = {
        "rostock": {part: json.loads(keysets.path("rostock", part).read_text()) for part in ("sealing", "searching")}
    }
    for part in ("sealing", "searching"):
        keysets.path("rostock", part).unlink()
    assert vault.open_sealed("rostock", sealed, **place) == b"x"
    assert vault.keyed_digest("rostock", "x") == digest
    assert vault.create(["rostock"]) == []
    with pytest.raises(CommandError, match="PORTAL_KEYSETS"):
        call_command("rotate_keys", "rostock")


def test_the_owner_replaces_sealed_bytes_only_and_only_when_saying_so():
    furnish_sealed("rostock")
    for table, column in (("applications_message", "sender"), ("applications_application", "reference")):
        assert "never change" in _refusal("owner", f"UPDATE {table} SET {column} = 'x'")
    for table, column in (("applications_message", "text"), ("applications_application", "answers")):
        assert "never change" in _refusal("owner", f"UPDATE {table} SET {column} = 'x'", says_so=False)
        assert re.search("permission denied|never change", _refusal("default", f"UPDATE {table} SET {column} = 'x'"))
        assert _refusal("owner", f"UPDATE {table} SET {column} = 'x'") == ""


def _refusal(using: str, statement: str, *, says_so: bool = True) -> str:
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        if using == "default":
            for name, value in (("authority", str(scope.NOBODY)), ("party", str(scope.NOBODY)), ("code", "")):
                cursor.execute("SELECT set_config(%s, %s, true)", [f"portal.{name}", value])
            cursor.execute("SELECT set_config('portal.system', 'a test tries', true)")
        if says_so:
            cursor.execute("SELECT set_config('portal.resealing', 'on', true)")
        try:
            cursor.execute(statement)
        except DatabaseError as error:
            return str(error)
        finally:
            transaction.set_rollback(True, using=using)
    return ""
