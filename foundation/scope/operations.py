"""Migration operations that put a table behind the second wall.

Conditions are compared by equality on plain columns, so that they can use an index: under row-level
security only leakproof operators may.
"""

from django.db import migrations

BY_AUTHORITY = "authority_id = current_setting('portal.authority')::uuid"
BY_PARTY = "party_id = current_setting('portal.party')::uuid"
BY_CODE = "access_digest = decode(current_setting('portal.code'), 'hex')"
BY_SYSTEM = "current_setting('portal.system') <> ''"
ANYONE = "true"


def any_of(*conditions: str) -> str:
    """`a OR b`, with the authority first: its cast is what makes a forgotten scope fail."""
    return " OR ".join(f"({condition})" for condition in conditions)


def by_parent(table: str, column: str = "application_id") -> str:
    """Whoever may see the parent row may see this one; the parent's own policy decides."""
    return f"EXISTS (SELECT 1 FROM {table} parent WHERE parent.id = {column})"  # noqa: S608 - names from migrations  # nosec B608


class RowSecurity(migrations.RunSQL):
    """Forces row-level security on a table: rows are read `using`, and written `check` (default: the same)."""

    def __init__(self, table: str, *, using: str, check: str | None = None) -> None:
        check = check or using
        super().__init__(
            sql=f"""
                ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
                ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
                CREATE POLICY readers ON {table} FOR SELECT USING ({using});
                CREATE POLICY inserters ON {table} FOR INSERT WITH CHECK ({check});
                CREATE POLICY changers ON {table} FOR UPDATE USING ({check}) WITH CHECK ({check});
                CREATE POLICY removers ON {table} FOR DELETE USING ({check});
            """,
            reverse_sql=f"""
                DROP POLICY readers ON {table}; DROP POLICY inserters ON {table};
                DROP POLICY changers ON {table}; DROP POLICY removers ON {table};
                ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
                ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
            """,
        )
        self._arguments = {"table": table, "using": using, "check": check}

    def deconstruct(self) -> tuple[str, list, dict]:
        return self.__class__.__name__, [], self._arguments


class AppendOnly(migrations.RunSQL):
    """Rows of this table are never changed or removed: a trigger says so to everyone, the owner included.

    The missing privilege of the portal's role is the other half (`foundation.scope.grants`), which
    finds the tables by this trigger. Flushing a test database (TRUNCATE, as the owner) stays possible.
    """

    def __init__(self, table: str) -> None:
        super().__init__(
            sql=f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();",
            reverse_sql=f"DROP TRIGGER append_only ON {table};",
        )
        self._arguments = {"table": table}

    def deconstruct(self) -> tuple[str, list, dict]:
        return self.__class__.__name__, [], self._arguments
