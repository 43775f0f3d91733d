"""Scopes: who asks, told to the database once per transaction (architecture § 3a).

Each scope is one durable transaction and one `set_config`. Row-level security reads the setting; a
query on an owned table outside of any scope fails loudly, because the empty setting is no UUID.
"""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.db import connection, transaction

NOBODY = uuid.UUID(int=0)

_SET = """SELECT set_config('portal.authority', %s, true), set_config('portal.party', %s, true),
                 set_config('portal.code', %s, true), set_config('portal.system', %s, true)"""

#: What stands around a question in one round trip, so that its scope does not stay.
_ALONE = "", ""
_IN_A_TRANSACTION = "SAVEPOINT asking;", "ROLLBACK TO SAVEPOINT asking; RELEASE SAVEPOINT asking"


@contextmanager
def _scope(*, authority: uuid.UUID, party: uuid.UUID, code: bytes, system: str, read_only: bool) -> Iterator[None]:
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            if read_only:
                cursor.execute("SET TRANSACTION READ ONLY")
            cursor.execute(_SET, [str(authority), str(party), code.hex(), system])
        yield


@contextmanager
def authority(authority_id: uuid.UUID, *, read_only: bool = False) -> Iterator[None]:
    """All rows of one authority: clerks' pages, and work on an application whose authority is known."""
    with _scope(authority=authority_id, party=NOBODY, code=b"", system="", read_only=read_only):
        yield


@contextmanager
def party(party_id: uuid.UUID, *, read_only: bool = False) -> Iterator[None]:
    """All rows of one person or organisation, at whatever authority."""
    with _scope(authority=NOBODY, party=party_id, code=b"", system="", read_only=read_only):
        yield


@contextmanager
def code(digest: bytes, *, read_only: bool = False) -> Iterator[None]:
    """The one draft or application that an access code opens."""
    with _scope(authority=NOBODY, party=NOBODY, code=digest, system="", read_only=read_only):
        yield


@contextmanager
def system(reason: str, *, read_only: bool = False) -> Iterator[None]:
    """Every row, for work of the portal itself; the reason stands in the code that opens it."""
    if not reason:
        raise ValueError("A system scope needs a reason.")
    with _scope(authority=NOBODY, party=NOBODY, code=b"", system=reason, read_only=read_only):
        yield


@contextmanager
def widened(reason: str) -> Iterator[None]:
    """Within a scope: every row for a moment, as in `system`, then what it was before. For what must be known of all
    rows in the transaction of one person, such as how many there are; nothing of them may be given out.

    A fault inside takes the widening back with everything else that was done in it.
    """
    if not reason:
        raise ValueError("A widened scope needs a reason.")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.system', %s, true)", [reason])
        yield
        cursor.execute("SELECT set_config('portal.system', '', true)")


def ask_once(party_id: uuid.UUID, sql: str, params: Iterable[Any]) -> list[tuple[Any, ...]]:
    """The rows of one SELECT in the scope of a party, in one round trip: for what every page asks besides.

    PostgreSQL runs what is sent together as one transaction, and the scope ends with it. Inside of a transaction it is
    a savepoint that is taken back, so that the scope of the page is what it was.
    """
    with connection.cursor() as cursor:
        before, after = _IN_A_TRANSACTION if connection.in_atomic_block else _ALONE
        cursor.execute(f"{before} {_SET}; {sql}; {after}", [str(NOBODY), str(party_id), "", "", *params])
        answers = []
        more: bool | None = True
        while more:
            if cursor.description:
                answers.append(cursor.fetchall())
            more = cursor.nextset()
    return answers[-1]


def for_person(person: object, *, read_only: bool = False) -> AbstractContextManager[None]:
    """The scope of whoever acts, told by what they carry: a party, an access code, or the authority they work for."""
    match person:
        case object(party_id=uuid.UUID() as party_id):
            return party(party_id, read_only=read_only)
        case object(digest=bytes() as digest):
            return code(digest, read_only=read_only)
        case object(authority_id=uuid.UUID() as authority_id):
            return authority(authority_id, read_only=read_only)
    raise TypeError(type(person).__name__)
