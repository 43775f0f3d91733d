"""A city with a few cases, and an empty place beside it: another database of the same server, other folders."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from django.db import connections
from django.test import override_settings
from psycopg import sql

from hro_portal.backup import sealing

EMPTY_DATABASE = "test_restored"


@pytest.fixture
def key(tmp_path: Path, settings) -> Path:
    settings.BACKUP_KEY_FILE = str(tmp_path / "backup.key")
    sealing.create_key(tmp_path / "backup.key")
    return tmp_path / "backup.key"


@pytest.fixture
def folders(portal_db: None, tmp_path: Path, settings) -> Path:
    """The files of this test alone; the keysets are those of the session."""
    settings.FILES_DIR = tmp_path / "files"
    settings.FILES_DIR.mkdir()
    settings.DEMO = True
    settings.CLAMD_URL = ""
    return tmp_path


@pytest.fixture
def empty_place(folders: Path) -> Iterator[SimpleNamespace]:
    """`empty_place.entered()` lets the block's code see an empty database and empty folders."""
    of_the_owner = connections["owner"].get_connection_params()
    given = {name: of_the_owner[name] for name in ("host", "port", "user", "password") if of_the_owner.get(name)}
    name = f"{EMPTY_DATABASE}_{connections['owner'].settings_dict['NAME']}"

    def execute(statement: str) -> None:
        with psycopg.connect(dbname="postgres", autocommit=True, **given) as owner:
            owner.execute(sql.SQL(statement).format(sql.Identifier(name)))

    @contextmanager
    def entered() -> Iterator[None]:
        before = connections["owner"].settings_dict["NAME"]
        _use(name)
        try:
            new = folders / "new"
            with override_settings(DATA_DIR=new, FILES_DIR=new / "files", KEYS_DIR=new / "keys"):
                yield
        finally:
            _use(before)

    execute("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    execute("CREATE DATABASE {}")
    yield SimpleNamespace(entered=entered, folder=folders / "new")
    # Without force: PostgreSQL then ends its own cleaners there, which our role may not.
    execute("DROP DATABASE {}")


def _use(name: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
