"""What the database of the stack holds, seen from outside of the portal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg

_SEES_ALL = """SELECT set_config('portal.authority', %(nobody)s, true), set_config('portal.party', %(nobody)s, true),
                      set_config('portal.code', '', true), set_config('portal.system', 'a journey looks', true)"""
_NOBODY = str(UUID(int=0))


class Records:
    """Reads and changes rows as the owner of the tables, with the system's scope."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def read(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._connection.transaction():
            self._connection.execute(_SEES_ALL, {"nobody": _NOBODY})
            return self._connection.execute(query, values).fetchall()

    def change(self, statement: str, *values: Any) -> None:
        with self._connection.transaction():
            self._connection.execute(_SEES_ALL, {"nobody": _NOBODY})
            self._connection.execute(statement, values)

    @contextmanager
    def locked(self, table: str) -> Iterator[None]:
        """Nobody writes to the table in the meantime; who tries, waits. Reading goes on, also here."""
        with psycopg.connect(self._connection.info.dsn) as other:
            other.execute(f"LOCK TABLE {table} IN SHARE MODE")
            yield
            other.rollback()

    def count(self, table: str, condition: str = "true", *values: Any) -> int:
        return self.read(f"SELECT count(*) FROM {table} WHERE {condition}", *values)[0][0]
