"""The laws of the house, each tried against the database itself: nothing here trusts the code of the portal.

What PostgreSQL knows of the tables makes the cases, so that a new table is under the law from its first migration.
"""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, connections, transaction

from applications.models import LegalTransition
from applications.states import LEGAL, State
from foundation import scope
from foundation.ids import new_id
from tests.factories import make_application
from tests.house.rows import Furnished

pytestmark = pytest.mark.usefixtures("city")

#: The outbox holds ids and codes only, and is worked before the authority of a row is known.
OUTSIDE_THE_WALL = {"outbox_outboxrow"}
#: What a city tells everybody; published versions of forms too, which have a test of their own.
PUBLIC = {
    "authorities_department",
    "catalogue_offering",
    "catalogue_plainpage",
    "catalogue_poster",
    "catalogue_tariff",
    "forms_engine_form",
}
ROW_OF_SCHWERIN = {"forms_engine_formversion": "authority_id = %s AND published_at IS NULL"}

WALLED = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity AND relforcerowsecurity"
OF_AN_AUTHORITY = """SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
                       AND a.attname = 'authority_id' AND NOT a.attisdropped"""
APPEND_ONLY = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'append_only'"


def tables(query: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {table for (table,) in cursor.fetchall()}


def count(table: str, condition: str = "true", *values: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {condition}", values)
        return cursor.fetchone()[0]


def is_refused(statement: str, *values: object, using: str = "default") -> str:
    """Runs the statement as far as a system scope may see; out: the reason of the database, "" if it let it pass."""
    try:
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            cursor.execute(
                """SELECT set_config('portal.authority', %s, true), set_config('portal.party', %s, true),
                          set_config('portal.code', '', true), set_config('portal.system', 'a test tries', true)""",
                [str(scope.NOBODY)] * 2,
            )
            cursor.execute(statement, values)
            assert cursor.rowcount, f"{statement} met no row"
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError as error:
        return str(error)
    return ""


def test_every_table_with_an_authority_is_behind_the_wall() -> None:
    assert tables(OF_AN_AUTHORITY) - tables(WALLED) == OUTSIDE_THE_WALL


def test_a_forgotten_scope_raises_on_every_owned_table(rostock: Furnished) -> None:
    connection.close()  # the next one has never seen a scope
    silent = [table for table in sorted(tables(WALLED) - PUBLIC) if not _raises(lambda table=table: count(table))]
    assert silent == []


def test_a_forgotten_scope_raises_after_another_one_on_the_same_connection(rostock: Furnished) -> None:
    with scope.authority(rostock.authority_id):
        assert count("applications_application") == 1
    silent = [table for table in sorted(tables(WALLED) - PUBLIC) if not _raises(lambda table=table: count(table))]
    assert silent == []


def _raises(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except DatabaseError:
        return True
    return False


@pytest.mark.asvs("V8.4.1")
def test_an_authority_sees_no_row_of_another_one(rostock: Furnished, schwerin: Furnished) -> None:
    for table in sorted((tables(OF_AN_AUTHORITY) & tables(WALLED)) - PUBLIC):
        condition = ROW_OF_SCHWERIN.get(table, "authority_id = %s")
        with scope.system("a test makes sure that there is something to see"):
            assert count(table, condition, schwerin.authority_id), f"{table} holds no row that could be seen"
        with scope.authority(rostock.authority_id):
            assert count(table, condition, schwerin.authority_id) == 0, table


@pytest.mark.asvs("V8.4.1")
def test_an_authority_changes_and_removes_no_row_of_another_one(rostock: Furnished, schwerin: Furnished) -> None:
    for table in sorted((tables(OF_AN_AUTHORITY) & tables(WALLED)) - tables(APPEND_ONLY)):
        for statement in (f"UPDATE {table} SET authority_id = authority_id", f"DELETE FROM {table}"):
            with scope.authority(rostock.authority_id), connection.cursor() as cursor:
                cursor.execute(f"{statement} WHERE authority_id = %s", [schwerin.authority_id])
                assert cursor.rowcount == 0, statement


@pytest.mark.asvs("V8.2.2")
def test_a_stranger_sees_no_row_of_a_person(rostock: Furnished) -> None:
    """What people see at all is theirs: another party and another code meet empty tables."""
    public = PUBLIC | {"forms_engine_formversion"}
    for table in sorted(tables(WALLED) - public):
        for stranger in (lambda: scope.party(new_id()), lambda: scope.code(b"\7" * 32)):
            with stranger():
                assert count(table) == 0, table


def test_a_person_sees_the_own_case(rostock: Furnished, schwerin: Furnished) -> None:
    with scope.party(rostock.party_id):
        assert {table: count(table) for table in ("applications_application", "applications_draft")} == {
            "applications_application": 1,
            "applications_draft": 1,
        }
        assert count("postbox_postboxitem") == 1


@pytest.mark.tr("A3.9.10-11")
def test_the_portal_owns_nothing_and_cannot_step_over_the_wall() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT has_schema_privilege('public', 'CREATE')")
        assert cursor.fetchone() == (False,)


def test_the_owner_cannot_step_over_the_wall_either() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)


def test_the_database_knows_the_same_transitions_as_the_code() -> None:
    assert set(LegalTransition.objects.values_list("from_state", "to_state")) == LEGAL


@pytest.mark.asvs("V2.3.1")
@pytest.mark.tr("A3.3.01")
@pytest.mark.parametrize("start", [state for state in State if state != State.INITIATED])
def test_an_illegal_transition_is_refused_by_the_database(start: State) -> None:
    application = make_application(state=start)
    passed = [
        state
        for state in [*State, "INVENTED"]
        if (start, state) not in LEGAL and not _move_by_hand(application.pk, application.state_no, start, state)
    ]
    assert passed == []


def _move_by_hand(application_id: UUID, state_no: int, start: str, end: str) -> str:
    return is_refused(
        """WITH step AS (INSERT INTO applications_transition (application_id, no, from_state, to_state, actor, reason)
                         VALUES (%s, %s, %s, %s, 'portal', '') RETURNING no)
           UPDATE applications_application SET state = %s, state_no = %s WHERE id = %s""",
        *(application_id, state_no + 1, start, end, end, state_no + 1, application_id),
    )


def test_a_legal_transition_by_the_same_hand_passes() -> None:
    """Shows that the attempts above fail for their state and not for their SQL."""
    application = make_application(state=State.RECEIVED)
    assert _move_by_hand(application.pk, application.state_no, State.RECEIVED, State.PROCESSING) == ""


def test_a_state_without_its_transition_is_refused() -> None:
    application = make_application(state=State.RECEIVED)
    change = "UPDATE applications_application SET state = 'COMPLETED' WHERE id = %s"
    assert "state_is_the_last_transition" in is_refused(change, application.pk)


def test_a_transition_that_skips_the_last_state_is_refused() -> None:
    application = make_application(state=State.RECEIVED)
    refusal = _move_by_hand(application.pk, application.state_no, State.PROCESSING, State.COMPLETED)
    assert "goes_on_where_it_was" in refusal


@pytest.mark.parametrize("change", ["SET definition = '{}'", "SET published_at = NULL", "SET no = 99"])
@pytest.mark.parametrize("using", ["default", "owner"])
def test_a_published_version_is_never_changed(change: str, using: str) -> None:
    statement = f"UPDATE forms_engine_formversion {change} WHERE published_at IS NOT NULL"
    assert "never changed" in is_refused(statement, using=using)


@pytest.mark.parametrize("using", ["default", "owner"])
def test_a_published_version_is_never_removed(using: str) -> None:
    statement = "DELETE FROM forms_engine_formversion WHERE published_at IS NOT NULL"
    assert "never changed or removed" in is_refused(statement, using=using)


@pytest.mark.parametrize(
    "change",
    [
        "answers = 'other'",
        "answers_sha256 = repeat('1', 64)",
        "reference = 'HRO-2026-AAAA-AAAA'",
        "submitted_at = now() - interval '1 day'",
        "form_sha256 = repeat('1', 64)",
    ],
)
@pytest.mark.parametrize("using", ["default", "owner"])
def test_what_was_submitted_never_changes(change: str, using: str) -> None:
    application = make_application()
    statement = f"UPDATE applications_application SET {change} WHERE id = %s"
    assert "what was submitted never changes" in is_refused(statement, application.pk, using=using)


@pytest.mark.asvs("V16.4.2")
@pytest.mark.tr("A3.14.02")
def test_append_only_tables_refuse_change_and_removal(rostock: Furnished) -> None:
    """The portal's role lacks the right; the owner, who has it, meets the trigger."""
    found = tables(APPEND_ONLY)
    assert {"applications_transition", "applications_receipt", "applications_decision", "audit_auditevent"} <= found
    for table in sorted(found):
        column = _first_column(table)
        for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
            assert "permission denied" in is_refused(statement), statement
            assert "never changed or removed" in is_refused(statement, using="owner"), statement


def _first_column(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
               AND attgenerated = '' ORDER BY attnum LIMIT 1""",
            [table],
        )
        return cursor.fetchone()[0]
