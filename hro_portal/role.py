"""The second wall stands only for a role that obeys it: whoever could step over it must not start."""

import logging
import sys

from django.db import OperationalError, connection

logger = logging.getLogger(__name__)

_FAULTS = """
SELECT rolsuper, rolbypassrls,
       EXISTS (SELECT 1 FROM pg_class WHERE pg_has_role(current_user, relowner, 'MEMBER')
               AND relnamespace = 'public'::regnamespace),
       EXISTS (SELECT 1 FROM pg_roles other WHERE (other.rolsuper OR other.rolbypassrls)
               AND other.rolname <> current_user AND pg_has_role(current_user, other.oid, 'MEMBER')),
       has_schema_privilege('public', 'CREATE')
FROM pg_roles WHERE rolname = current_user
"""
_WORDS = (
    "it is a superuser",
    "it has BYPASSRLS",
    "it owns tables of the portal, or is a member of the role that does",
    "it is a member of a role that row-level security does not bind",
    "it may create in the schema",
)


class RoleRefused(Exception):
    """The database role may step over row-level security."""


def require_obedient() -> None:
    """Raises `RoleRefused` with what is wrong with the role that this process connects as."""
    with connection.cursor() as cursor:
        cursor.execute(_FAULTS)
        found = cursor.fetchone()
    faults = [words for words, holds in zip(_WORDS, found, strict=True) if holds]
    if faults:
        raise RoleRefused(
            f"the role of DATABASE_URL is not bound by row-level security: {'; '.join(faults)}. "
            "Name the role that owns nothing (docs/operations.md)."
        )


def require_obedient_or_exit() -> None:
    """For the start of a process: ends it with a sentence. A database that is away is waited for by whoever asks it."""
    try:
        require_obedient()
    except RoleRefused as refusal:
        # An exception would be logged and passed over by Celery.
        sys.exit(f"The portal does not start: {refusal}")
    except OperationalError:
        logger.warning("role: not proved, the database does not answer")
    finally:
        # What is forked from here must not share a connection.
        connection.close()
