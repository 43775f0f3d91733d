"""The supervisor, tried on its stores: they need no Django and start in half a second."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import celery
import psycopg
import pytest
import redis

from hro_portal.stack import Stack, StackRefusal, portal
from hro_portal.stack.portal import ROOT
from hro_portal.stack.postgres import PORT

STORES = ("postgres", "redis")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that PostgreSQL's user may pass through, which pytest's own are not."""
    with tempfile.TemporaryDirectory(prefix="hro-tests-") as path:
        Path(path).chmod(0o711)
        yield Path(path) / "data"


def connect(stack: Stack, role: str) -> psycopg.Connection:
    host = stack.owner_env["DATABASE_URL"].split(f":{PORT}/")[1].removesuffix("/portal")
    return psycopg.connect(host=host, port=PORT, user=role, dbname="portal")


def wait_until(condition: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def test_the_portal_role_owns_nothing_and_cannot_step_over_row_security(folder: Path) -> None:
    with Stack(folder, only=STORES, durable=False) as stack, connect(stack, "portal") as portal:
        rights = "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = %s"
        assert portal.execute(rights, ["portal"]).fetchone() == (False, False, False, False)
        assert portal.execute(rights, ["portal_owner"]).fetchone() == (False, False, True, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            portal.execute("CREATE TABLE mine (id int)")


def test_the_database_sorts_the_same_on_every_machine(folder: Path) -> None:
    with Stack(folder, only=STORES, durable=False) as stack, connect(stack, "portal") as portal:
        query = (
            "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'portal'"
        )
        assert portal.execute(query).fetchone() == ("b", "C.UTF-8", "UTF8")


def test_data_outlive_the_stack_and_the_secret_key_stays(folder: Path) -> None:
    with Stack(folder, only=STORES) as first, connect(first, "portal_owner") as owner:
        owner.execute("CREATE TABLE kept (id int)")
        secret = first.env["SECRET_KEY"]
    with Stack(folder, only=STORES) as second, connect(second, "portal_owner") as owner:
        assert owner.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        assert second.env["SECRET_KEY"] == secret
    assert (folder / "secret-key").stat().st_mode & 0o077 == 0


def test_only_who_migrates_is_told_the_owner(folder: Path) -> None:
    with Stack(folder, only=STORES, durable=False) as stack:
        assert "DATABASE_OWNER_URL" not in stack.env
        assert "portal_owner" in stack.owner_env["DATABASE_OWNER_URL"]


@pytest.mark.parametrize("name", STORES)
def test_a_killed_child_is_restarted(folder: Path, name: str) -> None:
    with Stack(folder, only=STORES) as stack:
        before = stack.process(name).pid
        stack.process(name).kill()
        wait_until(lambda: stack.process(name).pid not in (None, before))
        stack.process(name).wait_ready()


def test_a_stopped_child_stays_down_until_it_is_started(folder: Path) -> None:
    with Stack(folder, only=STORES, durable=False) as stack:
        stack.process("redis").stop()
        watched_twice = time.monotonic() + 1
        wait_until(lambda: time.monotonic() > watched_twice)
        assert not stack.process("redis").alive
        stack.process("redis").start()
        stack.process("redis").wait_ready()
        with redis.Redis(unix_socket_path=stack.env["REDIS_URL"].removeprefix("redis+socket://")) as client:
            assert client.ping()


def test_a_second_stack_on_the_same_data_is_refused(folder: Path) -> None:
    with Stack(folder, only=STORES, durable=False), pytest.raises(StackRefusal, match="läuft schon"):
        Stack(folder, only=STORES).__enter__()


def test_a_taken_port_is_refused_in_one_sentence(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StackRefusal, match=f"Der Port {port} ist belegt.*PORT={port + 1} make run"):
            Stack(folder, port=port).__enter__()


def test_one_role_without_the_other_is_refused(folder: Path) -> None:
    with pytest.raises(StackRefusal, match="Setzen Sie beide"):
        Stack(folder, only=STORES, given={"DATABASE_URL": "postgres://portal@db/portal"}).__enter__()


def test_what_is_given_is_not_embedded(folder: Path) -> None:
    given = {
        "DATABASE_URL": "postgres://portal@db/portal",
        "DATABASE_OWNER_URL": "postgres://portal_owner@db/portal",
        "REDIS_URL": "redis://broker:6379/0",
    }
    with Stack(folder, only=STORES, given=given) as stack:
        assert stack.owner_env.items() >= given.items()
        assert not (folder / "postgres").exists()


KILLED_SUPERVISOR = """
import signal, sys, pathlib
from hro_portal.stack import Stack
with Stack(pathlib.Path(sys.argv[1]), only=("postgres", "redis")) as stack:
    print(stack.process("postgres").pid, stack.process("redis").pid, flush=True)
    signal.pause()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent died")
def test_no_orphan_stays_when_the_supervisor_is_killed(folder: Path) -> None:
    command = [sys.executable, "-c", KILLED_SUPERVISOR, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        children = [int(pid) for pid in supervisor.stdout.readline().split()]
        assert len(children) == 2
        supervisor.send_signal(signal.SIGKILL)
    wait_until(lambda: not any(_runs(pid) for pid in children))
    with Stack(folder, only=STORES):
        pass


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to hand PostgreSQL to another user")
def test_a_folder_that_postgresql_cannot_enter_is_told_with_the_way_out(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o700)
    with pytest.raises(StackRefusal, match="den alle betreten dürfen"):
        Stack(folder / "deep", only=STORES).__enter__()


def test_asking_the_worker_leaves_the_celery_of_this_process_alone() -> None:
    """A process that starts a stack and gives hints itself would give them to the stack's Redis, gone or not."""
    ours = celery.current_app.main
    assert not portal._worker_answers("redis://127.0.0.1:1/0", "worker@stack")
    assert celery.current_app.main == ours == "hro_portal"
