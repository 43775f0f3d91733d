"""What the portal's database role may do: everything but change the schema, and never change history.

Granted again after every migration, by the owner. Append-only tables are known by their trigger.
"""

from typing import Any

from django.conf import settings
from django.db import connections

_GRANT = """
GRANT USAGE ON SCHEMA public TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role};
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role};
"""
_APPEND_ONLY = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'append_only'"


def grant_portal_role(using: str, **kwargs: Any) -> None:
    """Signal handler for `post_migrate`; does nothing where the portal's role itself migrates."""
    connection = connections[using]
    if connection.settings_dict["USER"] == settings.DATABASE_ROLE:
        return
    role = connection.ops.quote_name(settings.DATABASE_ROLE)
    with connection.cursor() as cursor:
        cursor.execute(_GRANT.format(role=role))
        cursor.execute(_APPEND_ONLY)
        for (table,) in cursor.fetchall():
            cursor.execute(f"REVOKE UPDATE, DELETE ON {table} FROM {role}")
