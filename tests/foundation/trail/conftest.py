"""A folder for the anchors, and the hand of an administrator."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connections

from hro_portal.stack.postgres import ADMIN
from tests.foundation.trail.events import Sql


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def by_hand() -> Iterator[Sql]:
    """SQL as the superuser, past triggers and foreign keys."""
    given = connections["default"].settings_dict
    where = {"host": given["HOST"], "port": given["PORT"], "dbname": given["NAME"], "user": ADMIN}
    with psycopg.connect(**where, autocommit=True) as session:
        session.execute("SET session_replication_role = replica")
        yield lambda statement, *values: session.execute(statement, values)
