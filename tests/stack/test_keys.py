"""Fault F33: who cannot seal and open does not start, and no key is made anew where data need the old one."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as portal_settings
from django.db import connections, transaction

from foundation import vault
from foundation.vault import keysets
from hro_portal import keys
from hro_portal.celery import require_keys_and_role
from tests.factories import make_application, make_user

pytestmark = [pytest.mark.usefixtures("city"), pytest.mark.tr("A3.5.01-02"), pytest.mark.asvs("V16.5.3")]
ALL = {"accounts", "sessions", "rostock", "schwerin", "mv"}


@pytest.fixture(autouse=True)
def empty(tmp_path, settings):
    settings.KEYS_DIR = tmp_path / "keys"
    return settings.KEYS_DIR


def test_a_new_house_gets_its_keysets():
    assert set(keys.create_missing()) == ALL
    assert keys.create_missing() == []
    keys.require_all()


@pytest.mark.parametrize("part", [keysets.SEALING, keysets.SEARCHING])
def test_a_keyset_that_data_need_is_not_made_anew(part):
    keys.create_missing()
    make_application()
    keysets.path("rostock", part).unlink()
    keysets.path("schwerin", part).unlink()
    with pytest.raises(vault.VaultError, match="Es fehlt: rostock"):
        keys.create_missing()
    assert not keysets.path("schwerin", part).exists()


def test_the_keyset_of_accounts_is_not_made_anew():
    keys.create_missing()
    make_user()
    keysets.path("accounts").unlink()
    with pytest.raises(vault.VaultError, match="Es fehlt: accounts"):
        keys.create_missing()


def test_a_wrong_keyset_is_told_in_a_sentence():
    keys.create_missing()
    make_application()
    keysets.path("rostock").write_bytes(keysets.path("schwerin").read_bytes())
    with pytest.raises(vault.VaultError, match="rostock öffnet nicht, was mit ihm versiegelt ist"):
        keys.require_all()


def test_one_damaged_value_is_no_wrong_keyset():
    """Fault F18: it would keep everybody out, at the next restart, over one row."""
    keys.create_missing()
    make_application()
    damaged = make_application()
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE applications_application DISABLE TRIGGER USER")
        cursor.execute("UPDATE applications_application SET answers = 'x' WHERE id = %s", [damaged.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE applications_application ENABLE TRIGGER USER")
    keys.require_all()


def test_a_worker_without_a_key_does_not_start():
    keys.create_missing()
    require_keys_and_role()
    keysets.path("rostock").unlink()
    with pytest.raises(SystemExit, match="startet nicht: Der Schlüsselsatz rostock"):
        require_keys_and_role()


def test_a_web_server_without_a_key_does_not_start(empty):
    keys.create_missing()
    keysets.path("mv").unlink()
    given = connections["default"].settings_dict
    address = f"postgres://{given['USER']}@:{given['PORT']}/{given['HOST']}/{given['NAME']}"
    env = os.environ | {"PORTAL_KEYS_DIR": str(empty), "DATABASE_URL": address}
    started = subprocess.run(
        [sys.executable, "-c", "import hro_portal.wsgi"],
        cwd=portal_settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
    )
    assert started.returncode == 1
    assert "Das Portal startet nicht: Der Schlüsselsatz mv.json ist nicht brauchbar" in started.stderr
