import stat

import pytest
from django.core.management import CommandError, call_command

from foundation import vault
from foundation.ids import new_id

pytestmark = pytest.mark.usefixtures("keys")

OWNER, ROW = new_id(), new_id()


@pytest.fixture
def keys(tmp_path, settings):
    settings.KEYS_DIR = tmp_path / "keys"
    vault.create(["rostock", "schwerin"])
    return settings.KEYS_DIR


def seal(text=b"Hund", **place):
    return vault.seal("rostock", text, **({"owner": OWNER, "row": ROW, "field": "answers"} | place))


def test_sealed_value_opens_where_it_was_sealed_and_hides_its_content():
    sealed = seal()
    assert vault.open_sealed("rostock", sealed, owner=OWNER, row=ROW, field="answers") == b"Hund"
    assert b"Hund" not in sealed
    assert sealed != seal()


@pytest.mark.asvs("V11.3.3")
@pytest.mark.tr("A3.18.01")
@pytest.mark.parametrize(
    "elsewhere",
    [
        {"owner": new_id(), "row": ROW, "field": "answers"},
        {"owner": OWNER, "row": new_id(), "field": "answers"},
        {"owner": OWNER, "row": ROW, "field": "profile"},
        {"owner": ROW, "row": OWNER, "field": "answers"},
    ],
)
def test_sealed_value_moved_to_another_place_is_refused(elsewhere):
    with pytest.raises(vault.VaultError):
        vault.open_sealed("rostock", seal(), **elsewhere)


def test_sealed_value_with_another_authoritys_keyset_is_refused():
    with pytest.raises(vault.VaultError):
        vault.open_sealed("schwerin", seal(), owner=OWNER, row=ROW, field="answers")


@pytest.mark.asvs("V11.3.2", "V11.3.3")
def test_each_flipped_byte_is_noticed():
    sealed = seal()
    for place in range(len(sealed)):
        flipped = bytearray(sealed)
        flipped[place] ^= 1
        with pytest.raises(vault.VaultError):
            vault.open_sealed("rostock", bytes(flipped), owner=OWNER, row=ROW, field="answers")


@pytest.mark.asvs("V16.2.5")
def test_error_does_not_repeat_what_was_sealed():
    with pytest.raises(vault.VaultError) as error:
        vault.open_sealed("rostock", seal(b"Geheimnis"), owner=OWNER, row=new_id(), field="answers")
    assert "Geheimnis" not in repr(error.value)
    assert error.value.__cause__ is None


def test_json_keeps_every_letter():
    value = {"name": "Ğüłḷ́ẞ", "hunde": [{"_id": "k3f9x2", "steuer": "108.00"}], "leer": None}
    place = {"owner": OWNER, "row": ROW, "field": "answers"}
    assert vault.open_json("rostock", vault.seal_json("rostock", value, **place), **place) == value


def test_keyed_digest_is_stable_short_and_different_per_keyset():
    assert vault.keyed_digest("rostock", "mueller") == vault.keyed_digest("rostock", "mueller")
    assert len(vault.keyed_digest("rostock", "mueller")) == 12
    assert vault.keyed_digest("rostock", "mueller") != vault.keyed_digest("schwerin", "mueller")
    assert vault.keyed_digest("rostock", "mueller") != vault.keyed_digest("rostock", "muellers")


def test_keysets_are_readable_by_this_user_only_and_never_overwritten(keys):
    before = (keys / "rostock.json").read_text()
    assert stat.S_IMODE((keys / "rostock.json").stat().st_mode) == 0o600
    assert vault.create(["rostock", "mv"]) == ["mv"]
    assert (keys / "rostock.json").read_text() == before


def test_missing_or_broken_keyset_is_told_before_work_begins(keys):
    (keys / "broken.json").write_text('{"primaryKeyId": 1, "key": [')
    vault.require(["rostock"])
    for name in ("nowhere", "broken", "../rostock", ""):
        with pytest.raises(vault.VaultError):
            vault.require([name])


def test_command_makes_what_is_missing_and_stops_at_what_is_broken(keys, capsys):
    call_command("create_keysets", "rostock", "mv")
    assert capsys.readouterr().out == "Der Schlüsselsatz mv ist angelegt.\n"
    (keys / "accounts.json").write_text("{}")
    with pytest.raises(CommandError, match=r"accounts\.json ist nicht brauchbar"):
        call_command("create_keysets", "rostock", "accounts")
    with pytest.raises(CommandError, match="heißt nach kleinen Buchstaben"):
        call_command("create_keysets", "../rostock")
