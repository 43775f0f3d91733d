"""What lies in the place that is entered: a case of the authority that moves, and the rows of all tables."""

from typing import Any

from django.db import connections

from applications.models import Application
from foundation.vault import columns
from hro_portal.moving import belongings
from tests.factories import make_application


def case_at_schwerin(**who: Any) -> Application:
    return make_application(authority="schwerin", department="finanzen", **who)


def everything() -> dict[str, set[str]]:
    """The rows of all tables, without what is another each time: sealed bytes, and numbers that the database counts."""
    found = {}
    with connections["owner"].cursor() as cursor:
        for table in belongings.all_tables():
            other = [column.name for column in columns.columns if column.model is table]
            other += ["id"] if table._meta.auto_field else []
            cursor.execute(f"SELECT (to_jsonb(t) - %s::text[])::text FROM {table._meta.db_table} t", [other])
            found[table._meta.label] = {row for (row,) in cursor.fetchall()}
    return found
