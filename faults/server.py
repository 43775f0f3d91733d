"""PostgreSQL as its administrator works with it: what neither the portal nor the owner of its tables may do."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from hro_portal.stack import postgres


def connect(url: str, *, user: str = postgres.ADMIN, database: str = postgres.DATABASE) -> psycopg.Connection:
    """A connection to the server behind this address; `user` need not be the one of the address."""
    folder = str(Path(urlsplit(url).path).parent)
    return psycopg.connect(host=folder, port=postgres.PORT, user=user, dbname=database, autocommit=True)


@contextmanager
def no_connection_left(url: str) -> Iterator[int]:
    """Somebody else has every connection that the portal may have; out: how many these are."""
    with ExitStack() as opened:
        admin = opened.enter_context(connect(url))
        taken: list[int] = []
        while True:
            try:
                taken.append(opened.enter_context(connect(url, user=postgres.ROLE)).info.backend_pid)
            except psycopg.OperationalError:
                if not _end_sessions(admin, but=taken):
                    break
        yield len(taken)


@contextmanager
def snapshots_per_transaction(url: str) -> Iterator[None]:
    """All that the portal does is *repeatable read* meanwhile, so whoever comes second to a row fails at once."""
    setting = f"ALTER ROLE {postgres.ROLE} %s default_transaction_isolation"
    with connect(url) as admin:
        admin.execute(setting % "SET" + " = 'repeatable read'")
        _end_sessions(admin, but=[])
        try:
            yield
        finally:
            admin.execute(setting % "RESET")
            _end_sessions(admin, but=[])


def waiting_at_a_lock(admin: psycopg.Connection) -> int:
    """How many of the portal's sessions stand at a lock that somebody else holds."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s AND wait_event_type = 'Lock'"
    row = admin.execute(asked, [postgres.ROLE]).fetchone()
    return row[0] if row else 0


def _end_sessions(admin: psycopg.Connection, *, but: list[int]) -> int:
    asked = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = %s AND pid <> ALL(%s)"
    return len(admin.execute(asked, [postgres.ROLE, but]).fetchall())
