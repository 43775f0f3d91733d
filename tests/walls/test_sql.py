"""The second wall by itself: SQL as the portal's role, against the database, for every table that the catalogue knows.

What the role may do at all stands in privileges; which rows it meets, in policies. Nothing here trusts the code.
"""

from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connection, connections

from foundation import scope
from foundation.ids import new_id
from tests.house.rows import Furnished, furnish
from tests.house.test_laws import OF_AN_AUTHORITY, PUBLIC, WALLED, tables

pytestmark = [pytest.mark.usefixtures("city"), pytest.mark.asvs("V8.4.1")]

#: Tables without row-level security, and why.
OPEN = {
    "outbox_outboxrow": "ids and codes only; worked before the authority of a row is known",
    "authorities_authority": "what a city tells everybody",
    "catalogue_service": "what a city tells everybody",
    "catalogue_service_situations": "what a city tells everybody",
    "catalogue_situation": "what a city tells everybody",
    "forms_engine_codelist": "published lists",
    "applications_legaltransition": "the law of states, the same for everybody",
    "accounts_user": "signing in comes before any scope; the profile is sealed",
    "accounts_party": "an id, and the name of an organisation that its members' switch shows",
    "accounts_membership": "asked before the scope of the organisation can be opened",
    "accounts_invitation": "asked for by address, before there is a membership",
    "accounts_mandate": "ids only",
    "accounts_user_groups": "Django's own, empty",
    "accounts_user_user_permissions": "Django's own, empty",
    "auth_group": "Django's own, empty",
    "auth_group_permissions": "Django's own, empty",
    "auth_permission": "Django's own",
    "account_emailaddress": "signing in comes before any scope",
    "account_emailconfirmation": "signing in comes before any scope",
    "mfa_authenticator": "signing in comes before any scope; the secrets are sealed",
    "usersessions_usersession": "signing in comes before any scope",
    "django_session": "known by an unguessable key",
    "portal_cache": "counted tries",
    "health_heartbeat": "when a worker was last alive",
    "applications_line": "whether an endpoint of a department answers; no case is named",
    "django_admin_log": "what operators did in the admin; holds no answers",
    "django_content_type": "Django's own",
    "django_migrations": "Django's own; the portal's role only reads it",
}
#: Unique values that are neither random ids nor the owner's own, and why they tell nothing.
UNIQUE_BY_CHANCE = {
    (
        "applications_application",
        "reference",
    ): "drawn by the portal, never typed; a reference that is taken is drawn again",
    ("applications_draft", "reference"): "drawn by the portal, never typed; a reference that is taken is drawn again",
    ("applications_issueddocument", "access_digest"): "the digest of a random token",
    ("files_storedfile", "storage_key"): "a random name",
}
#: Owned by people, or public in part: looked at in tests/house.
NOT_AN_AUTHORITYS = {"applications_draft", "forms_engine_formversion"}
OWNING = {
    "authority_id",
    "party_id",
    "application_id",
    "request_id",
    "decision_id",
    "form_id",
    "subject_id",
    "offering_id",
}


@pytest.fixture
def rostock(city: None) -> Any:
    return furnish("rostock")


@pytest.fixture
def schwerin(city: None) -> Furnished:
    return furnish("schwerin")


def rows(query: str, *values: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def refusal(statement: str, *values: object, authority_id: UUID | None = None) -> str:
    """SQLSTATE and words with which the statement is refused in an authority's scope; empty if it passed."""
    try:
        with scope.authority(authority_id or scope.NOBODY), connection.cursor() as cursor:
            cursor.execute(statement, values)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            passed = cursor.rowcount
            raise _Undo
    except _Undo:
        return "" if passed else "no row"
    except DatabaseError as error:
        cause = error.__cause__
        assert isinstance(cause, psycopg.Error)
        return f"{cause.sqlstate} {cause.diag.message_primary}"


class _Undo(Exception):
    """Takes back what passed."""


def test_every_table_is_behind_the_wall_or_named_with_a_reason() -> None:
    every = tables("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace")
    assert every - tables(WALLED) == OPEN.keys()


def test_every_wall_covers_reading_and_each_way_of_writing() -> None:
    found = rows("SELECT tablename, array_agg(DISTINCT cmd) FROM pg_policies GROUP BY tablename")
    covered = {table for table, commands in found if "ALL" in commands or len(commands) == 4}
    assert tables(WALLED) - covered == set()


def test_no_policy_is_for_somebody_else_than_everybody_or_lets_a_forgotten_scope_pass() -> None:
    """`current_setting(x, true)` would answer NULL instead of failing."""
    lax = rows(
        "SELECT tablename, policyname FROM pg_policies WHERE coalesce(qual, '') || coalesce(with_check, '') ~ ', true'"
    )
    assert lax == []
    assert rows("SELECT tablename FROM pg_policies WHERE roles <> '{public}'") == []


def test_copying_out_gives_no_row_of_another_authority(rostock: Furnished, schwerin: Furnished) -> None:
    for table in sorted((tables(OF_AN_AUTHORITY) & tables(WALLED)) - PUBLIC - NOT_AN_AUTHORITYS):
        content = _copied_out(table, rostock.authority_id)
        assert str(rostock.authority_id) in content, f"{table} holds nothing that could be copied"
        assert str(schwerin.authority_id) not in content, table


def _copied_out(table: str, authority_id: UUID) -> str:
    with (
        scope.authority(authority_id),
        connection.cursor() as cursor,
        cursor.cursor.copy(f"COPY {table} TO STDOUT") as copy,
    ):
        return b"".join(bytes(part) for part in copy).decode(errors="replace")


@pytest.mark.parametrize(
    "statement",
    [
        "SET LOCAL row_security = off",
        "WITH x AS (SELECT set_config('row_security', 'off', true)) SELECT count(*) FROM x",
    ],
)
def test_turning_row_security_off_refuses_instead_of_showing_more(schwerin: Furnished, statement: str) -> None:
    def look() -> None:
        with scope.authority(new_id()), connection.cursor() as cursor:
            cursor.execute(statement)
            cursor.execute("SELECT count(*) FROM applications_application")

    with pytest.raises(DatabaseError, match="row-level security"):
        look()


@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE portal_owner",
        "SET SESSION AUTHORIZATION portal_owner",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY applications_application TO '/tmp/out'",
        "COPY applications_application TO PROGRAM 'cat'",
        "SELECT lo_import('/etc/passwd')",
        "TRUNCATE applications_searchterm",
        "TRUNCATE outbox_outboxrow",
        "LOCK TABLE django_migrations IN ACCESS EXCLUSIVE MODE",
        "CREATE TABLE stolen (id int)",
        "CREATE VIEW stolen AS SELECT 1",
        "CREATE FUNCTION stolen() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        "CREATE EXTENSION dblink",
        "ALTER TABLE applications_application DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE applications_application NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE audit_auditevent DISABLE TRIGGER append_only",
        "DROP POLICY readers ON applications_application",
        "CREATE POLICY mine ON applications_application USING (true)",
        "DROP TABLE applications_draft",
        "CREATE TRIGGER spy AFTER INSERT ON applications_draft EXECUTE FUNCTION portal_refuse_change()",
        "ALTER ROLE portal BYPASSRLS",
        "CREATE ROLE other",
        "UPDATE django_migrations SET name = name",
        "SET LOCAL session_replication_role = replica",
    ],
)
def test_what_the_portals_role_may_not_do_at_all(statement: str) -> None:
    assert refusal(statement)[:5] in ("42501", "0A000", "22023"), refusal(statement)


def test_no_table_gives_more_than_rows() -> None:
    """TRUNCATE, TRIGGER and REFERENCES go round policies."""
    more = rows(
        """SELECT c.relname, p FROM pg_class c, unnest(ARRAY['TRUNCATE', 'TRIGGER', 'REFERENCES']) p
           WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relnamespace = 'public'::regnamespace
             AND has_table_privilege(c.oid, p)"""
    )
    assert more == []


def test_views_and_functions_do_not_go_round_the_wall() -> None:
    """A view without `security_invoker` and a function with SECURITY DEFINER see as their owner."""
    assert rows("SELECT viewname FROM pg_views WHERE schemaname = 'public'") == []
    assert rows("SELECT matviewname FROM pg_matviews WHERE schemaname = 'public'") == []
    as_owner = rows("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef")
    assert {name for (name,) in as_owner} <= {"portal_erase_application"}


def test_nothing_is_announced_that_others_could_listen_to() -> None:
    assert rows("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosrc ~* 'notify'") == []


def test_a_leaky_function_of_ones_own_sees_no_foreign_row(rostock: Furnished, schwerin: Furnished) -> None:
    """The planner asks cheap functions first, unless a policy stands before them."""
    heard: list[str] = []
    with scope.authority(rostock.authority_id), connection.cursor() as cursor:
        connection.connection.add_notice_handler(lambda notice: heard.append(notice.message_primary or ""))
        cursor.execute(
            """CREATE FUNCTION pg_temp.leak(value text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS
               $$ BEGIN RAISE NOTICE '%', value; RETURN true; END $$"""
        )
        cursor.execute("SELECT count(*) FROM applications_application WHERE pg_temp.leak(reference)")
    assert rostock.application.reference in heard
    assert schwerin.application.reference not in heard


def test_statistics_of_walled_tables_are_hidden(rostock: Furnished) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE applications_application")
    shown = {table for (table,) in rows("SELECT DISTINCT tablename FROM pg_stats WHERE schemaname = 'public'")}
    assert shown & tables(WALLED) == set()


def test_uniqueness_is_about_ones_own_rows_or_about_random_ids() -> None:
    """A refused double tells that there is such a row: only values that nobody guesses, or one's own, may be unique."""
    found = rows(
        """SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum), bool_or(a.atttypid = 'uuid'::regtype)
           FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
           JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
           WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace AND c.relname = ANY (%s)
           GROUP BY c.relname, i.indexrelid""",
        sorted(tables(WALLED)),
    )
    telling = {(table, *columns) for table, columns, random in found if not random and not OWNING.intersection(columns)}
    assert telling == UNIQUE_BY_CHANCE.keys()


def test_a_foreign_key_tells_nothing_of_another_authoritys_rows(rostock: Furnished, schwerin: Furnished) -> None:
    """PostgreSQL checks references without policies: pointing at a foreign row must fail like pointing at none."""
    told = []
    for table, column, parent in _references():
        foreign, unknown = _id_of(parent, schwerin.authority_id), new_id()
        template = _row_of(table, rostock.authority_id)
        if foreign is None or template is None:
            continue
        answers = [
            refusal(*_copy_of(table, template | {column: value}), authority_id=rostock.authority_id)
            for value in (foreign, unknown)
        ]
        if not answers[0] or answers[0][:5] != answers[1][:5]:
            told.append(f"{table}.{column}: {answers}")
    assert not told, "\n".join(told)


def _references() -> list[tuple[str, str, str]]:
    """(table, column, parent) of single-column references between walled tables that clerks may not see all of."""
    walled = sorted((tables(WALLED) & tables(OF_AN_AUTHORITY)) - PUBLIC - NOT_AN_AUTHORITYS)
    return [
        (table, column, parent)
        for table, column, parent in rows(
            """SELECT DISTINCT k.conrelid::regclass::text, a.attname::text, k.confrelid::regclass::text
               FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
               JOIN pg_attribute p ON p.attrelid = k.confrelid AND p.attnum = k.confkey[1]
               WHERE k.contype = 'f' AND p.attname = 'id'"""
        )
        if table in walled and parent in walled
    ]


def _id_of(table: str, authority_id: UUID) -> UUID | None:
    with scope.system("a test looks for a foreign row", read_only=True):
        found = rows(f"SELECT id FROM {table} WHERE authority_id = %s LIMIT 1", authority_id)
    return found[0][0] if found else None


def _row_of(table: str, authority_id: UUID) -> dict[str, Any] | None:
    with scope.system("a test looks for a row to copy", read_only=True), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE authority_id = %s LIMIT 1", [authority_id])
        found = cursor.fetchone()
        names = [column.name for column in cursor.description or ()]
    return dict(zip(names, found, strict=True)) if found else None


def _copy_of(table: str, values: dict[str, Any]) -> tuple[Any, ...]:
    """An INSERT of a row with these values and an id of its own."""
    values = {name: new_id() if name == "id" else value for name, value in values.items() if name != "id" or value}
    columns = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(["%s"] * len(values))
    written = [
        psycopg.types.json.Jsonb(value) if isinstance(value, dict | list) else value for value in values.values()
    ]
    return (f"INSERT INTO {table} ({columns}) VALUES ({marks})", *written)


@pytest.mark.parametrize("alias", ["default", "owner"])
def test_a_process_starts_only_with_a_role_that_obeys(alias: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from hro_portal import role

    monkeypatch.setattr(role, "connection", connections[alias])
    if alias == "default":
        role.require_obedient()
        return
    with pytest.raises(role.RoleRefused, match="owns tables"):
        role.require_obedient()
    with pytest.raises(SystemExit, match="does not start"):
        role.require_obedient_or_exit()


def test_web_and_worker_ask_for_the_role_at_their_start(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    from hro_portal import celery, role

    asked: list[str] = []
    monkeypatch.setattr(role, "require_obedient_or_exit", lambda: asked.append("asked"))
    monkeypatch.setattr("hro_portal.keys.require_all_or_exit", lambda: None)
    celery.require_keys_and_role()
    importlib.reload(importlib.import_module("hro_portal.wsgi"))
    assert len(asked) >= 2
