import pytest
from django.db import DatabaseError, connection, connections, transaction

from foundation import audit, clock, scope
from foundation.audit.models import AuditEvent
from foundation.files.models import StoredFile
from foundation.ids import new_id

pytestmark = pytest.mark.usefixtures("portal_db")


def stored(authority_id):
    return StoredFile.objects.create(
        authority_id=authority_id,
        subject_id=new_id(),
        sha256="0" * 64,
        size=1,
        media_type="application/pdf",
        verdict="clean",
        storage_key=str(new_id()),
        keyset="rostock",
    )


@pytest.mark.asvs("V16.5.3")
@pytest.mark.tr("A3.13.02")
def test_forgotten_scope_raises_on_a_fresh_connection():
    connection.close()
    with pytest.raises(DatabaseError):
        StoredFile.objects.count()


def test_forgotten_scope_raises_after_a_scope_on_the_same_connection(here):
    with scope.authority(here):
        assert StoredFile.objects.count() == 0
    with pytest.raises(DatabaseError):
        StoredFile.objects.count()


def test_scope_shows_rows_of_its_authority_only(here, there):
    with scope.authority(here):
        mine = stored(here)
    with scope.authority(there):
        assert not StoredFile.objects.filter(pk=mine.pk).exists()
        assert StoredFile.objects.filter(pk=mine.pk).update(size=2) == 0
        assert StoredFile.objects.filter(pk=mine.pk).delete()[0] == 0
    for other in (scope.party(new_id()), scope.code(b"\1" * 32)):
        with other:
            assert not StoredFile.objects.filter(pk=mine.pk).exists()
    with scope.system("a test looks at everything"):
        assert StoredFile.objects.get(pk=mine.pk).size == 1


def test_row_cannot_be_written_for_another_authority(here, there):
    with pytest.raises(DatabaseError), scope.authority(here):
        stored(there)


def test_row_cannot_be_given_away(here, there):
    with scope.authority(here):
        mine = stored(here)
    with pytest.raises(DatabaseError), scope.authority(here):
        StoredFile.objects.filter(pk=mine.pk).update(authority_id=there)


def test_reading_scope_cannot_write(here):
    with pytest.raises(DatabaseError), scope.authority(here, read_only=True):
        stored(here)


def test_scopes_do_not_nest(here, there):
    with scope.authority(here), pytest.raises(RuntimeError), scope.authority(there):
        pass


def test_scope_rolls_back_when_it_is_left_by_an_error(here):
    def store_and_fail():
        with scope.authority(here):
            stored(here)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store_and_fail()
    with scope.authority(here):
        assert StoredFile.objects.count() == 0


def test_system_scope_wants_a_reason():
    with pytest.raises(ValueError, match="reason"), scope.system(""):
        pass


def test_portal_connects_as_a_role_that_owns_nothing_and_obeys():
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)


def test_every_table_with_an_authority_is_behind_the_wall():
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
               WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attname = 'authority_id'
                 AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"""
        )
        # The outbox holds ids only; forms, offices and offerings are what a city publishes.
        open_tables = {table for (table,) in cursor.fetchall()}
    assert {"files_storedfile", "audit_auditevent", "audit_auditlink"}.isdisjoint(open_tables)
    assert "outbox_outboxrow" in open_tables


def test_clock_stands_still_within_a_transaction():
    with transaction.atomic():
        assert clock.now() == clock.now()
        assert clock.now().utcoffset() is not None


@pytest.mark.asvs("V16.2.1")
def test_audit_event_is_kept_with_its_ids(here):
    event_of, actor = new_id(), new_id()
    with scope.authority(here):
        audit.record(
            "case.closed", authority_id=here, object_kind="case", object_id=event_of, actor_id=actor, no=3, target=actor
        )
    with scope.authority(here):
        event = AuditEvent.objects.get(object_id=event_of)
    assert (event.action, event.actor_id, event.refs) == ("case.closed", actor, {"no": 3, "target": str(actor)})
    assert event.at is not None


def test_audit_event_rolls_back_with_the_deed(here):
    def record_and_fail():
        with scope.authority(here):
            audit.record("case.closed", authority_id=here, object_kind="case", object_id=new_id())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        record_and_fail()
    with scope.authority(here):
        assert not AuditEvent.objects.exists()


def test_person_leaves_a_trace_but_cannot_read_it(here):
    with scope.party(new_id()):
        audit.record("case.sent", authority_id=here, object_kind="case", object_id=new_id())
        assert not AuditEvent.objects.exists()
    with scope.authority(here):
        assert AuditEvent.objects.count() == 1


def test_audit_event_needs_a_scope(here):
    with pytest.raises(DatabaseError):
        audit.record("case.closed", authority_id=here, object_kind="case", object_id=new_id())


def test_access_is_recorded_after_the_page_and_not_inside_of_it(here):
    page = {"authority_id": here, "object_kind": "case", "object_id": new_id()}
    with scope.authority(here, read_only=True), pytest.raises(RuntimeError):
        audit.record_access("case.read", **page)
    audit.record_access("case.read", **page)
    with scope.authority(here):
        assert AuditEvent.objects.get().action == "case.read"


@pytest.mark.asvs("V16.4.2")
@pytest.mark.tr("A3.14.02")
@pytest.mark.parametrize("alias", ["default", "owner"])
@pytest.mark.parametrize("change", ["UPDATE audit_auditevent SET action = 'x'", "DELETE FROM audit_auditevent"])
def test_audit_event_is_never_changed_or_removed(here, alias, change):
    """The portal's role lacks the right; the owner, who has it, meets the trigger."""

    def try_to_change():
        with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            cursor.execute(
                """SELECT set_config('portal.authority', %s, true), set_config('portal.party', %s, true),
                          set_config('portal.code', '', true), set_config('portal.system', 'test', true)""",
                [str(here), str(scope.NOBODY)],
            )
            cursor.execute(change)

    with scope.authority(here):
        audit.record("case.closed", authority_id=here, object_kind="case", object_id=new_id())
    with pytest.raises(DatabaseError, match=r"permission denied|never changed or removed"):
        try_to_change()
    with scope.authority(here):
        assert AuditEvent.objects.get().action == "case.closed"


SETTINGS = "SELECT current_setting('portal.authority'), current_setting('portal.party')"


def test_a_question_asked_once_leaves_no_scope_behind():
    party = new_id()
    assert scope.ask_once(party, SETTINGS, []) == [(str(scope.NOBODY), str(party))]
    with pytest.raises(DatabaseError):
        StoredFile.objects.count()


def test_a_question_asked_once_leaves_the_scope_of_the_page_as_it_was(here):
    party = new_id()
    with scope.authority(here, read_only=True):
        assert scope.ask_once(party, SETTINGS, []) == [(str(scope.NOBODY), str(party))]
        with connection.cursor() as cursor:
            cursor.execute(SETTINGS)
            assert cursor.fetchone() == (str(here), str(scope.NOBODY))


def test_a_question_asked_once_gives_an_empty_answer_too():
    assert scope.ask_once(new_id(), "SELECT id FROM files_storedfile WHERE size = %s", [-1]) == []
