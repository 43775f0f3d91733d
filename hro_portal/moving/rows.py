"""Rows as PostgreSQL writes them in JSON, with what is sealed in clear text; and back again.

PostgreSQL's own `to_jsonb` and `jsonb_populate_recordset` lose nothing: no microsecond, no digit.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import connections
from django.db.models import AutoField, BigAutoField, Func, JSONField, Q
from psycopg import sql

from accounts import second_factor
from foundation import vault
from foundation.vault import SealedColumn, columns
from hro_portal.backup.database import OWNER
from hro_portal.moving.belongings import Table
from hro_portal.moving.refusal import MovingRefused

Row = dict[str, Any]
Each = TypeVar("Each")
AT_ONCE = 500
#: How PostgreSQL's JSON writes bytes; none of them, until they are sealed.
_EMPTY = "\\x"

NOT_OPEN = "Ein Wert in {table} lässt sich nicht öffnen. Prüfen Sie die Schlüssel, und starten Sie erneut."


def read(table: Table, condition: Q) -> Iterator[Row]:
    """The rows in the order of their keys; what is sealed has been opened."""
    sealed = sealed_columns(table)
    related = {name for column in sealed for name in column.related}
    found = table._base_manager.using(OWNER).filter(condition).order_by("pk")
    if related:
        found = found.select_related(*related)
    whole = Func(template=f'to_jsonb("{table._meta.db_table}")', output_field=JSONField())
    for row in found.annotate(_whole=whole).iterator(AT_ONCE):
        said = {name: row._whole[name] for name in column_names(table)}
        try:
            yield said | _opened(row, sealed)
        except (vault.VaultError, UnicodeDecodeError):
            raise MovingRefused(NOT_OPEN.format(table=table._meta.label)) from None


def write(table: Table, rows: Iterable[Row]) -> None:
    """Adds the rows; those with sealed columns get them by a second statement, bound to the row that is there now."""
    sealed = sealed_columns(table)
    for page in pages(rows, AT_ONCE):
        _insert(table, [row | _not_yet_sealed(table, row, sealed) for row in page])
        if sealed:
            _seal(table, {str(row[key_of(table)]): row for row in page}, sealed)


def pages(all_of_them: Iterable[Each], most: int) -> Iterator[list[Each]]:
    """The same in lists that are not longer than that; none of them is empty."""
    rest = iter(all_of_them)
    while page := list(islice(rest, most)):
        yield page


def column_names(table: Table) -> list[str]:
    """What is carried of a row: neither what the database makes of it, nor a number that it counts itself."""
    counted = (AutoField, BigAutoField)
    fields = table._meta.concrete_fields
    return [
        field.column
        for field in fields
        if field.column and not getattr(field, "generated", False) and not isinstance(field, counted)
    ]


def key_of(table: Table) -> str:
    return str(table._meta.pk.column)


def sealed_columns(table: Table) -> list[SealedColumn]:
    return [column for column in columns.columns if column.model is table]


def _opened(row: Any, sealed: Sequence[SealedColumn]) -> Row:
    clear: Row = {}
    for column in sealed:
        if kept := getattr(row, column.name):
            place = column.place(row)
            clear[column.name] = vault.open_sealed(place.keyset, bytes(kept), **place.bound()).decode()
    return clear | ({"data": _second_factor(row, opened=True)} if isinstance(row, Authenticator) else {})


def _not_yet_sealed(table: Table, row: Row, sealed: Sequence[SealedColumn]) -> Row:
    """No clear text goes into a table, not for a moment: the log of the database would keep it."""
    waiting: Row = {column.name: _EMPTY for column in sealed if row[column.name] is not None}
    if table is Authenticator:
        waiting["data"] = _second_factor(Authenticator(user_id=row["user_id"], data=row["data"]), opened=False)
    return waiting


def _second_factor(row: Authenticator, *, opened: bool) -> Row:
    """The secrets of a second factor lie sealed inside of JSON, bound to their user."""
    owner = row.user_id if isinstance(row.user_id, UUID) else UUID(str(row.user_id))
    place = columns.Place(second_factor.KEYSET, owner, owner, second_factor.FIELD)
    changed: Row = {}
    for name in second_factor.SEALED:
        if name in row.data and opened:
            kept = bytes.fromhex(row.data[name])
            changed[name] = vault.open_sealed(place.keyset, kept, **place.bound()).decode()
        elif name in row.data:
            changed[name] = vault.seal(place.keyset, row.data[name].encode(), **place.bound()).hex()
    return row.data | changed


def _insert(table: Table, rows: Sequence[Row]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, column_names(table)))
    statement = sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)"
    ).format(table=sql.Identifier(table._meta.db_table), names=names)
    with connections[OWNER].cursor() as cursor:
        cursor.execute(statement, [json.dumps(rows)])


def _seal(table: Table, clear: Mapping[str, Row], sealed: Sequence[SealedColumn]) -> None:
    related = {name for column in sealed for name in column.related}
    found = table._base_manager.using(OWNER).filter(pk__in=list(clear))
    with connections[OWNER].cursor() as cursor:
        # What never changes is guarded by triggers: they let the owner replace sealed bytes, and nothing else.
        cursor.execute("SELECT set_config('portal.resealing', 'on', true)")
    for row in found.select_related(*related) if related else found:
        said = clear[str(row.pk)]
        fresh = {}
        for column in sealed:
            if said[column.name] not in (None, _EMPTY):
                place = column.place(row)
                fresh[column.name] = vault.seal(place.keyset, said[column.name].encode(), **place.bound())
        if fresh:
            table._base_manager.using(OWNER).filter(pk=row.pk).update(**fresh)
