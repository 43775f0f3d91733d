"""PostgreSQL's own tools, and what is asked of the database around them. All of it as the owner of the tables."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, cast

from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from psycopg import conninfo, sql

from foundation.scope.grants import grant_portal_role
from hro_portal.backup.archive import PIECE_BYTES
from hro_portal.backup.refusal import BackupRefused
from hro_portal.stack import StackRefusal, postgres

OWNER = "owner"
#: A sitting and a count of tries end with the house that they were in.
LEFT_OUT = ("django_session", "portal_cache")
#: What Django adds for itself.
_OF_DJANGO = {"client_encoding", "context", "cursor_factory", "prepare_threshold", "password"}

NO_OWNER = "DATABASE_OWNER_URL fehlt. Sichern und Einspielen braucht die Rolle, der die Tabellen gehören."
NO_TOOL = (
    "Es gibt kein „{tool}“ für PostgreSQL {version}. "
    "Installieren Sie die Programme von PostgreSQL {version}, und starten Sie erneut."
)
TOOL_FAILED = "„{tool}“ ist gescheitert: {reason}"


def require_owner() -> None:
    if OWNER not in connections:
        raise BackupRefused(NO_OWNER)


def tables() -> list[str]:
    """The tables of the portal's database, in the order of their names."""
    with connections[OWNER].cursor() as cursor:
        return sorted(connections[OWNER].introspection.table_names(cursor))


def rows() -> dict[str, int]:
    """How many rows each table has whose rows are backed up, as the current transaction sees it."""
    counted = {}
    with connections[OWNER].cursor() as cursor:
        for table in tables():
            if table not in LEFT_OUT:
                cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
                [counted[table]] = cursor.fetchone()
    return counted


def applied_migrations() -> list[str]:
    """The state of the tables: `app.name` of each migration that has been applied."""
    loader = MigrationExecutor(connections[OWNER]).loader
    return sorted(f"{app}.{name}" for app, name in loader.applied_migrations if (app, name) in loader.disk_migrations)


def migrations_of_the_code() -> list[str]:
    """The state that the tables of this code have."""
    return sorted(f"{app}.{name}" for app, name in MigrationExecutor(None).loader.graph.nodes)


def dump(snapshot: str) -> Iterator[bytes]:
    """The database as that snapshot sees it, in PostgreSQL's own format and in pieces."""
    left_out = [f"--exclude-table-data={table}" for table in LEFT_OUT]
    # The owner is bound by row-level security, too; its connection carries the scope that sees every row.
    how = ["--format=custom", "--enable-row-security", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
    with _running("pg_dump", *how, *left_out, stdout=subprocess.PIPE) as process:
        while piece := cast(IO[bytes], process.stdout).read(PIECE_BYTES):
            yield piece


@contextmanager
def restoring() -> Iterator[IO[bytes]]:
    """Takes a dump; all of it is there when the block has ended well, and nothing of it otherwise."""
    how = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    with _running("pg_restore", *how, stdin=subprocess.PIPE) as process:
        yield cast(IO[bytes], process.stdin)
        cast(IO[bytes], process.stdin).close()


def settle() -> None:
    """What a dump does not carry: the rights of the portal's role, and what the planner knows of the tables."""
    grant_portal_role(OWNER)
    with connections[OWNER].cursor() as cursor:
        for table in tables():
            cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))


@contextmanager
def _running(tool: str, *arguments: str, **pipes: Any) -> Iterator[subprocess.Popen[bytes]]:
    """One of PostgreSQL's tools on the portal's database; it is ended when the block fails."""
    # The server's details of an error may show a row, so they are kept from the terminal and its logs.
    with tempfile.TemporaryFile() as complaints:
        command = [_tool(tool), f"--dbname={_address()}", *arguments]
        # No shell; the tool is PostgreSQL's, its words are ours and the operator's settings.
        process = subprocess.Popen(command, env=_environment(), stderr=complaints, **pipes)  # noqa: S603
        try:
            yield process
        except BrokenPipeError:
            pass  # it has ended before us, and says why below
        except BaseException:
            process.kill()
            process.wait()
            raise
        if process.wait():
            complaints.seek(0)
            raise BackupRefused(TOOL_FAILED.format(tool=tool, reason=_first_complaint(complaints.read(4096))))


def _first_complaint(said: bytes) -> str:
    lines = re.findall(r"error: (.*)", said.decode(errors="replace"))
    return lines[0][:200] if lines else "kein Grund genannt"


def _tool(name: str) -> str:
    """The tool of this machine if it is not older than the server, else the one of the Python environment."""
    [major, *_] = connections[OWNER].get_database_version()
    for path in (shutil.which(name), _embedded(name)):
        if path and _version(path) >= major:
            return path
    raise BackupRefused(NO_TOOL.format(tool=name, version=major))


def _embedded(name: str) -> str | None:
    try:
        return str(postgres.binary(name))
    except StackRefusal:
        return None


def _version(path: str) -> int:
    said = subprocess.run(  # noqa: S603 - a tool found under a name of ours
        [path, "--version"], capture_output=True, text=True, check=False
    ).stdout
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0


def _address() -> str:
    given = connections[OWNER].get_connection_params()
    return conninfo.make_conninfo(**{name: value for name, value in given.items() if name not in _OF_DJANGO})


def _environment() -> dict[str, str]:
    # Arguments can be read by everybody on the machine, the environment cannot.
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "PGPASSWORD": settings.DATABASES[OWNER].get("PASSWORD") or ""}
