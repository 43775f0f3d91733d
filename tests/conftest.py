"""The database of the tests: set up and emptied by the owner, used by the portal's own role.

Nothing is wrapped in a transaction: scopes commit, hooks run, and a forgotten scope fails as it would in the
city. After each test the owner empties the tables that hold rows of people; what a city sets up (authorities,
services, forms) stays.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from django.utils import translation
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

from foundation import sealing

pytest_plugins = ["tests.chromium"]

KEPT = {
    "authorities_authority",
    "authorities_department",
    "catalogue_service",
    "catalogue_service_situations",
    "catalogue_situation",
    "catalogue_offering",
    "catalogue_routerule",
    "forms_engine_form",
    "forms_engine_formversion",
    "applications_legaltransition",
    "django_migrations",
    "django_content_type",
    "auth_permission",
}
ROOT = Path(settings.BASE_DIR)
TEMPLATE_LOCK = 7_000_001


@pytest.fixture(scope="session")
def django_db_setup(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Each process of the run gets its own copy of one migrated and furnished database, its own keys and files."""
    folder = tmp_path_factory.mktemp("data")
    name = f"test_portal_{worker_id}"
    with (
        override_settings(
            DATA_DIR=folder,
            FILES_DIR=folder / "files",
            KEYS_DIR=folder / "keys",
            PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
            STORAGES=settings.STORAGES
            | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
        ),
        django_db_blocker.unblock(),
    ):
        _make_database(name)
        call_command("create_keysets", "accounts", "sessions", "rostock", "schwerin", "mv", verbosity=0)
        sealing.create({"rostock": "Hanse- und Universitätsstadt Rostock", "schwerin": "Schwerin", "mv": "Ministerium"})
        yield
        connections.close_all()


@pytest.fixture
def portal_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The real database, through the portal's own role; emptied by the owner afterwards."""
    with django_db_blocker.unblock():
        yield
        connections["default"].close()
        _empty()
        cache.close()


def _make_database(name: str) -> None:
    template = f"test_template_{_state_of_the_code()}"
    with psycopg.connect(**_owner(), autocommit=True) as owner:
        owner.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        if not owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone():
            owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(template)))
            _use(template)
            call_command("migrate", database="owner", verbosity=0)
            from hro_portal.demo.city import load_city

            load_city()
            _empty()
            connections.close_all()
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        owner.execute("SELECT pg_advisory_unlock(%s)", [TEMPLATE_LOCK])
    _use(name)


def _use(name: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def _owner() -> dict[str, str]:
    given = settings.DATABASES["owner"]
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    return {key: str(given[name]) for key, name in names.items() if given.get(name)}


def _state_of_the_code() -> str:
    """Changes with every migration and with what a city is furnished with."""
    files = sorted(
        [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/*/migrations/*.py"), *ROOT.glob("hro_portal/demo/**/*")]
    )
    content = hashlib.sha256()
    for file in files:
        if file.suffix in (".py", ".json"):
            content.update(file.read_bytes())
    return content.hexdigest()[:16]


def _empty() -> None:
    with connections["owner"].cursor() as cursor:
        tables = [table for table in connections["owner"].introspection.table_names(cursor) if table not in KEPT]
        # The owner's connection carries the system's scope, or FORCE would hide the rows from it.
        filled = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in tables)
        cursor.execute(filled)
        if names := [name for (name,) in cursor.fetchall()]:
            cursor.execute(f"TRUNCATE {', '.join(names)} CASCADE")
        # The city's forms stay, and all of them are offered; what a test made of its own goes, published or not.
        cursor.execute(
            "SELECT 1 FROM forms_engine_form WHERE id NOT IN (SELECT form_id FROM catalogue_offering) LIMIT 1"
        )
        if cursor.fetchone():
            cursor.execute("ALTER TABLE forms_engine_formversion DISABLE TRIGGER published_version_stays")
            cursor.execute(
                "DELETE FROM forms_engine_formversion WHERE form_id NOT IN (SELECT form_id FROM catalogue_offering)"
            )
            cursor.execute("DELETE FROM forms_engine_form WHERE id NOT IN (SELECT form_id FROM catalogue_offering)")
            cursor.execute("ALTER TABLE forms_engine_formversion ENABLE TRIGGER published_version_stays")
        cursor.execute("DELETE FROM forms_engine_formversion WHERE published_at IS NULL")


@pytest.fixture
def city(portal_db: None) -> None:
    """The authorities, services and forms of the demo, which every test database holds."""


@pytest.fixture
def form_of_its_own(city: None) -> Iterator[None]:
    """What `tests.carrying.forms` makes is gone again after the test."""
    yield
    _empty()
    from tests.carrying.forms import remove

    remove()


@pytest.fixture(autouse=True)
def german() -> None:
    """The language in which the test before was last answered stays in the thread; this one begins anew."""
    translation.activate(settings.LANGUAGE_CODE)
