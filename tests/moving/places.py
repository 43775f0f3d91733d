"""An installation: a database of its own, copied from the test's, with its own files and keys."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from psycopg import sql

from authorities.models import Authority
from foundation import sealing
from hro_portal.moving import seals


@dataclass(frozen=True)
class Place:
    database: str
    folder: Path

    @contextmanager
    def entered(self) -> Iterator[None]:
        before = connections["owner"].settings_dict["NAME"]
        _use(self.database)
        try:
            with override_settings(
                DATA_DIR=self.folder, FILES_DIR=self.folder / "files", KEYS_DIR=self.folder / "keys", DEMO=True
            ):
                yield
        finally:
            _use(before)

    def files(self) -> list[str]:
        return sorted(path.name for path in (self.folder / "files").rglob("*") if path.is_file())


@contextmanager
def founded(name: str, folder: Path) -> Iterator[Place]:
    """A new installation with the demo's authorities; it is gone when the block ends."""
    template = connections["owner"].settings_dict["NAME"]
    place = Place(f"{template}_{name}", folder / name)
    _use(template)  # nobody may be connected to what is copied
    _execute("DROP DATABASE IF EXISTS {}", place.database)
    _execute("CREATE DATABASE {} TEMPLATE {}", place.database, template)
    place.folder.mkdir()
    try:
        with place.entered():
            call_command("create_keysets", "accounts", "sessions", "rostock", "schwerin", "mv", verbosity=0)
            sealing.create(dict(Authority.objects.values_list("keyset", "name")))
        yield place
    finally:
        _execute("DROP DATABASE IF EXISTS {}", place.database)


def _execute(statement: str, *names: str) -> None:
    given = connections["owner"].get_connection_params()
    where = {key: given[key] for key in ("host", "port", "user", "password") if given.get(key)}
    with psycopg.connect(dbname="postgres", autocommit=True, **where) as owner:
        owner.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _use(name: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def export(slug: str = "schwerin", *, to: Path) -> Path:
    call_command("export_authority", slug, str(to), stdout=io.StringIO())
    return to


def remove(slug: str = "schwerin", **how: Any) -> None:
    call_command("remove_authority", slug, stdout=io.StringIO(), **how)


def take(source: Path, **how: Any) -> str:
    """Out: what the command said. Somebody has compared the seals, unless the test says how they were dealt with."""
    said = io.StringIO()
    how = how or {"fingerprints": [seal.fingerprint for seal in seals.in_folder(source)]}
    call_command("import_authority", str(source), stdout=said, **how)
    return said.getvalue()
