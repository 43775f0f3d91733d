"""The doors of a process: every place where it does something that outlives it.

`watch` is called once, in the process that is to be struck. From then on `before` is called before each side effect
and `after` behind it; either may kill the process, wait, or call `door.fail()`, which raises what this door raises when
the other side is gone. Files are watched by an audit hook, the rest by wrapping the one function that all calls pass.
"""

import itertools
import os
import re
import smtplib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EIO
from functools import wraps
from typing import Any, NoReturn

import celery
import httpx
import kombu.exceptions
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from foundation import documents

KINDS = ("write", "commit", "file", "hint", "render", "mail", "hand-over", "answer")
_WRITES = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
_CHANGES_OF_FILES = {"os.rename": "rename", "os.remove": "remove"}


@dataclass(frozen=True)
class Door:
    """The `no`-th side effect of this process (from 1): its kind, what it touches, and how it fails."""

    no: int
    kind: str
    where: str
    fail: Callable[[], NoReturn]


Look = Callable[[Door], None]


def nothing(door: Door) -> None:
    """For whoever looks at one side of the doors only."""


def watch(before: Look, after: Look = nothing, *, files: str) -> None:
    """Begins to count in this process. `files` is the folder whose files count."""
    numbers = itertools.count(1)

    @contextmanager
    def passing(kind: str, where: str, fail: Callable[[], NoReturn]) -> Iterator[None]:
        door = Door(next(numbers), kind, where, fail)
        before(door)
        yield
        after(door)

    _watch_database(passing)
    _watch_files(passing, files)
    _wrap(celery.Celery, "send_task", passing, "hint", _raising(kombu.exceptions.OperationalError("no broker")))
    _wrap(smtplib.SMTP, "sendmail", passing, "mail", _raising(smtplib.SMTPServerDisconnected("cut")))
    _wrap(httpx.HTTPTransport, "handle_request", passing, "hand-over", _raising(httpx.ReadError("cut")))
    _wrap(documents, "render_pdf", passing, "render", _raising(MemoryError()))
    _wrap_answer(passing)


def _raising(error: Exception) -> Callable[[], NoReturn]:
    def fail() -> NoReturn:
        raise error

    return fail


def _wrap(owner: Any, name: str, passing: Any, kind: str, fail: Callable[[], NoReturn]) -> None:
    usual = getattr(owner, name)

    @wraps(usual)
    def watched(*args: Any, **kwargs: Any) -> Any:
        with passing(kind, name, fail):
            return usual(*args, **kwargs)

    setattr(owner, name, watched)


def _wrap_answer(passing: Any) -> None:
    """The last moment of a request: everything is done, and nobody was told."""
    usual = WSGIHandler.__call__

    def watched(self: WSGIHandler, environ: Any, start_response: Any) -> Any:
        response = usual(self, environ, start_response)
        with passing("answer", environ["REQUEST_METHOD"], _raising(ConnectionResetError())):
            return response

    WSGIHandler.__call__ = watched  # type: ignore[method-assign]  # seen from outside: the portal knows no door


def _watch_database(passing: Any) -> None:
    wrote: set[int] = set()

    def loses(connection: BaseDatabaseWrapper) -> Callable[[], NoReturn]:
        def fail() -> NoReturn:
            connection.connection.close()
            raise OperationalError("the connection is gone")

        return fail

    def write(execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        found = _WRITES.match(sql) if isinstance(sql, str) else None
        if found is None:
            return execute(sql, params, many, context)
        connection = context["connection"]
        if connection.in_atomic_block:
            wrote.add(id(connection))
        with passing("write", f"{found[1].split()[0].upper()} {found[2]}", loses(connection)):
            return execute(sql, params, many, context)

    def on_connect(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
        if write not in connection.execute_wrappers:
            connection.execute_wrappers.append(write)

    commit, rollback = BaseDatabaseWrapper.commit, BaseDatabaseWrapper.rollback

    def watched_commit(self: BaseDatabaseWrapper) -> None:
        if id(self) not in wrote:
            return commit(self)
        wrote.discard(id(self))
        with passing("commit", "COMMIT", loses(self)):
            return commit(self)

    def watched_rollback(self: BaseDatabaseWrapper) -> None:
        wrote.discard(id(self))
        rollback(self)

    connection_created.connect(on_connect, weak=False)
    for connection in connections.all(initialized_only=True):
        on_connect(connection)
    BaseDatabaseWrapper.commit = watched_commit  # type: ignore[method-assign]  # as above
    BaseDatabaseWrapper.rollback = watched_rollback  # type: ignore[method-assign]  # as above


def _watch_files(passing: Any, folder: str) -> None:
    """Opening for writing, renaming, removing, and making durable; below the folder only."""
    broken = _raising(OSError(EIO, os.strerror(EIO)))

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            path, _mode, flags = args
            what = "create" if isinstance(flags, int) and flags & os.O_CREAT else None
        elif event in _CHANGES_OF_FILES:
            path, what = args[0], _CHANGES_OF_FILES[event]
        else:
            return
        if what and isinstance(path, str | os.PathLike) and os.fspath(path).startswith(folder):
            with passing("file", what, broken):
                return

    sys.addaudithook(hook)
    _wrap(os, "fsync", passing, "file", broken)
