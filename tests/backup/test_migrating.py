"""A migration that meets people at work: it waits shortly, tries again, and says so when it cannot go on."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.apps import apps
from django.db import OperationalError, connections

from hro_portal.stack import StackRefusal, linting, migrating

TABLE = "accounts_party"
LOCK = f"DO 'BEGIN LOCK TABLE {TABLE} IN ACCESS EXCLUSIVE MODE; END'"


@pytest.fixture
def hurried(portal_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """One migration is left to do; it wants to lock a table. Nobody has time."""
    monkeypatch.setattr(migrating.MigrationExecutor, "migration_plan", lambda *arguments: ["one"])
    monkeypatch.setattr(migrating, "LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr(migrating, "PAUSE_SECONDS", 0.02)
    monkeypatch.setattr(migrating, "_apply", lambda *target: execute(LOCK))


def execute(statement: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def somebody_at_work() -> Iterator[psycopg.Connection]:
    """A transaction that has read the table and is not over."""
    given = connections["default"].get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    with psycopg.connect(**{name: given[name] for name in names if given.get(name)}) as other:
        other.execute(f"SELECT count(*) FROM {TABLE}")
        yield other


@pytest.mark.usefixtures("hurried")
def test_a_table_in_use_is_tried_again() -> None:
    with somebody_at_work() as other:
        ending = threading.Timer(0.2, other.rollback)
        ending.start()
        migrating.migrate()
        ending.join()


@pytest.mark.usefixtures("hurried")
def test_a_table_that_stays_in_use_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "TRIES", 3)
    with somebody_at_work(), pytest.raises(StackRefusal, match="3-mal belegt"):
        migrating.migrate()


@pytest.mark.usefixtures("hurried")
def test_a_statement_without_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "STATEMENT_TIMEOUT", "50ms")
    monkeypatch.setattr(migrating, "_apply", lambda *target: execute("SELECT pg_sleep(5)"))
    with pytest.raises(StackRefusal, match="länger als 50ms"):
        migrating.migrate()


@pytest.mark.usefixtures("hurried")
def test_other_failures_are_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost() -> None:
        raise OperationalError("the server is gone")

    monkeypatch.setattr(migrating, "_apply", lost)
    with pytest.raises(OperationalError, match="gone"):
        migrating.migrate()


def test_only_migrations_after_the_first_release_are_linted() -> None:
    own = {"applications", "younger"}
    assert not linting.is_linted("applications", "0006_decisions_that_live", own=own)
    assert linting.is_linted("applications", "0007_next", own=own)
    assert linting.is_linted("younger", "0001_initial", own=own)
    assert not linting.is_linted("allauth", "0099_far", own=own)


def test_what_old_code_would_fail_on_is_not_let_through(
    portal_db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before the first release columns were required at once; had a city been at work, this would have stopped it."""
    others = dict.fromkeys((config.label for config in apps.get_app_configs()), "9999")
    monkeypatch.setattr(linting, "FIRST_RELEASE", others | {"authorities": "0003_public_pages"})
    assert linting.main() == 1
    told = capsys.readouterr().out
    assert "(authorities, 0004_areas)... ERR" in told
    assert "erst ergänzen, dann füllen, dann verlangen" in told
