"""The trail finds what was done to it, whoever did it: here the database's own administrator."""

import pytest
from django.db import DatabaseError, connection, connections

from foundation import scope
from foundation.audit import chain, tasks
from foundation.audit.models import AuditEvent, AuditLink
from foundation.ids import new_id
from tests.foundation.trail.events import ROSTOCK, SCHWERIN, found, happen, happen_ago, links

pytestmark = [pytest.mark.usefixtures("portal_db"), pytest.mark.asvs("V16.4.2"), pytest.mark.tr("A3.14.02")]


@pytest.mark.parametrize(
    "change",
    [
        "action = 'application.forgotten'",
        "actor_id = gen_random_uuid()",
        "at = at + interval '1 microsecond'",
        "object_id = gen_random_uuid()",
        "refs = '{}'",
        "for_party_id = gen_random_uuid()",
        "object_kind = 'draft'",
    ],
)
def test_a_changed_event_is_named(by_hand, change):
    events = happen()
    chain.seal_new_events()
    by_hand(f"UPDATE audit_auditevent SET {change} WHERE id = %s", events[2])
    assert found() == [("changed", 3, events[2])]


def test_an_event_moved_to_another_authority_is_named(by_hand):
    events = happen()
    chain.seal_new_events()
    by_hand("UPDATE audit_auditevent SET authority_id = %s WHERE id = %s", SCHWERIN, events[2])
    assert found() == [("changed", 3, events[2])]


def test_a_removed_event_is_named(by_hand):
    events = happen()
    chain.seal_new_events()
    by_hand("DELETE FROM audit_auditevent WHERE id = %s", events[2])
    assert found() == [("removed", 3, events[2])]


def test_an_event_removed_together_with_its_link_is_named(by_hand):
    events = happen()
    chain.seal_new_events()
    by_hand("DELETE FROM audit_auditlink WHERE event_id = %s", events[2])
    by_hand("DELETE FROM audit_auditevent WHERE id = %s", events[2])
    assert found() == [("removed", 3, None)]


def test_an_event_inserted_into_the_past_is_named(by_hand):
    happen()
    chain.seal_new_events()
    inserted = new_id()
    by_hand(
        """INSERT INTO audit_auditevent (id, authority_id, at, action, object_kind, object_id, refs)
           SELECT %s, authority_id, at - interval '2 hours', action, object_kind, object_id, refs
           FROM audit_auditevent WHERE authority_id = %s LIMIT 1""",
        inserted,
        ROSTOCK,
    )
    assert chain.seal_new_events() == 0
    assert found() == [("unsealed", 0, inserted)]
    tasks.anchor_chain()
    assert found() == [("inserted", 6, inserted)]
    happen(1)
    assert chain.seal_all_events() == 1
    assert found() == [("inserted", 6, inserted)], "it stays named, once"


def test_an_event_inserted_into_a_chain_at_rest_is_named_too(by_hand):
    """Nothing of its own chain is younger; that the sealer had passed is known from the others."""
    happen_ago(by_hand, "30 days")
    chain.seal_new_events()
    happen(1, SCHWERIN)
    chain.seal_new_events()
    [inserted] = happen_ago(by_hand, "20 days")
    chain.seal_all_events()
    assert found() == [("inserted", 2, inserted)]


def test_an_event_inserted_with_a_link_is_named(by_hand):
    """Room is made for it by renumbering what follows; the hash behind it gives it away."""
    events = happen()
    chain.seal_new_events()
    inserted = new_id()
    by_hand("UPDATE audit_auditlink SET no = no + 100 WHERE no > 3")
    by_hand("UPDATE audit_auditlink SET no = no - 99 WHERE no > 100")
    by_hand(
        """INSERT INTO audit_auditevent (id, authority_id, at, action, object_kind, object_id, refs)
           SELECT %s, authority_id, at, action, object_kind, object_id, refs FROM audit_auditevent WHERE id = %s""",
        inserted,
        events[2],
    )
    with scope.system("a test forges a link"):
        forged = AuditEvent.objects.get(pk=inserted)
        prev_hash = bytes(AuditLink.objects.get(authority_id=ROSTOCK, no=3).hash)
        AuditLink.objects.create(
            authority_id=ROSTOCK, no=4, event=forged, prev_hash=prev_hash, hash=chain.link_hash(prev_hash, forged)
        )
    assert found() == [("order", 5, events[3])]


def test_reordered_links_are_named(by_hand):
    events = happen()
    chain.seal_new_events()
    for old, new in ((2, 99), (3, 2), (99, 3)):
        by_hand("UPDATE audit_auditlink SET no = %s WHERE no = %s", new, old)
    assert found() == [("order", 2, events[2]), ("order", 3, events[1]), ("order", 4, events[3])]


def test_renumbered_links_are_named(by_hand):
    events = happen()
    chain.seal_new_events()
    by_hand("UPDATE audit_auditlink SET no = no + 100 WHERE no >= 3")
    by_hand("UPDATE audit_auditlink SET no = no - 99 WHERE no > 100")
    assert found() == [("removed", 3, None)]
    assert links()[2] == (4, events[2])


@pytest.mark.parametrize("table", ["audit_auditevent", "audit_auditlink"])
@pytest.mark.parametrize("using", ["default", "owner"])
def test_neither_the_portal_nor_the_owner_changes_or_removes_a_row(table, using):
    happen(1)
    chain.seal_new_events()
    for attempt in (f"UPDATE {table} SET authority_id = NULL", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match=r"permission denied|never changed or removed"):
            _as_system(attempt, using)


def _as_system(statement: str, using: str) -> None:
    if using == "default":
        with scope.system("a test tries"), connection.cursor() as cursor:
            cursor.execute(statement)
    else:
        with connections["owner"].cursor() as cursor:
            cursor.execute(statement)
