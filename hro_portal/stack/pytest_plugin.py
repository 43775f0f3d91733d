"""Gives a pytest session its own PostgreSQL and Redis, before Django reads its settings.

Loaded by `-p hro_portal.stack.pytest_plugin`. What the environment names already is used as it is, so the
processes of pytest-xdist share the session's one, and its folder.
"""

import os
import tempfile
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest

from hro_portal.stack import Stack
from hro_portal.stack.environment import given_from_outside
from hro_portal.stack.memory import quick_place

#: Names the session's folder to its processes; PostgreSQL's user may pass through it.
FOLDER = "PORTAL_TEST_FOLDER"

_session = ExitStack()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    if FOLDER not in os.environ:
        folder = Path(_session.enter_context(tempfile.TemporaryDirectory(prefix="hro-tests-", dir=quick_place())))
        folder.chmod(0o711)
        os.environ[FOLDER] = str(folder)
    if "DATABASE_URL" not in os.environ:
        folder = Path(os.environ[FOLDER])
        stack = Stack(folder / "data", demo=True, only=("postgres", "redis"), durable=False, given=given_from_outside())
        _session.enter_context(stack)
        os.environ.update(stack.owner_env)
        (stack.data_dir / "static").mkdir()  # WhiteNoise warns at every client where it is missing
    return (yield)


def pytest_unconfigure() -> None:
    _session.close()
