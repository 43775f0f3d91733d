"""The trail finds what was done to it, whoever did it: here the database's own administrator."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from uuid import UUID

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections
from django.utils import timezone

from foundation import audit, scope
from foundation.audit import anchors, chain, tasks
from foundation.audit.models import AuditEvent, AuditLink
from foundation.ids import last_of, new_id
from hro_portal.stack.postgres import ADMIN

pytestmark = [pytest.mark.usefixtures("portal_db"), pytest.mark.asvs("V16.4.2"), pytest.mark.tr("A3.14.02")]

ROSTOCK, SCHWERIN = new_id(), new_id()
Sql = Callable[..., None]


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def by_hand() -> Iterator[Sql]:
    """SQL as the superuser, past triggers and foreign keys."""
    given = connections["default"].settings_dict
    where = {"host": given["HOST"], "port": given["PORT"], "dbname": given["NAME"], "user": ADMIN}
    with psycopg.connect(**where, autocommit=True) as session:
        session.execute("SET session_replication_role = replica")
        yield lambda statement, *values: session.execute(statement, values)


def happen(times: int = 5, authority: UUID | None = ROSTOCK) -> list[UUID]:
    for _ in range(times):
        with scope.system("a test acts"):
            audit.record(
                "application.read", authority_id=authority, object_kind="application", object_id=new_id(), no=1
            )
    return ids(authority)


def ids(authority: UUID | None = ROSTOCK) -> list[UUID]:
    with scope.system("a test looks", read_only=True):
        return list(AuditEvent.objects.filter(authority_id=authority).order_by("at", "id").values_list("id", flat=True))


def links(authority: UUID = ROSTOCK) -> list[tuple[int, UUID]]:
    with scope.system("a test looks", read_only=True):
        return list(AuditLink.objects.filter(authority_id=authority).order_by("no").values_list("no", "event_id"))


def found(**more) -> list[tuple[str, int, UUID | None]]:
    return [(breach.kind, breach.no, breach.event_id) for breach in chain.verify(ROSTOCK, **more)]


def test_each_authority_has_a_chain_of_its_own_without_gaps_and_nobodys_events_have_one_too():
    rostock, schwerin, nobodys = happen(3), happen(2, SCHWERIN), happen(1, None)
    assert chain.seal_new_events() == 6
    rostock += happen(1)[3:]
    assert (chain.seal_new_events(), chain.seal_new_events()) == (1, 0)
    assert links() == list(enumerate(rostock, start=1))
    assert links(SCHWERIN) == list(enumerate(schwerin, start=1))
    assert links(chain.PORTAL) == [(1, nobodys[0])]
    assert chain.verify() == []


def test_sealers_that_run_at_once_leave_one_chain(monkeypatch):
    monkeypatch.setattr(chain, "SEALED_AT_ONCE", 7)
    events = happen(40)
    sealed: list[int] = []

    def seal() -> None:
        sealed.append(chain.seal_new_events())
        connection.close()

    sealers = [Thread(target=seal) for _ in range(4)]
    for sealer in sealers:
        sealer.start()
    for sealer in sealers:
        sealer.join()
    sealed.append(chain.seal_new_events())
    assert sum(sealed) == 40
    assert links() == list(enumerate(events, start=1))
    assert chain.verify() == []


def test_an_event_that_committed_late_is_chained_behind_those_that_were_quicker():
    with psycopg.connect(**_portal()) as slow:
        slow.execute("SELECT set_config('portal.authority', %s, true)", [str(ROSTOCK)])
        slow.execute(
            """INSERT INTO audit_auditevent (id, authority_id, at, action, object_kind, object_id, refs)
               VALUES (%s, %s, now(), 'application.read', 'application', %s, '{}')""",
            [new_id(), ROSTOCK, new_id()],
        )
        happen(2)
        assert chain.seal_new_events() == 2
    assert chain.seal_new_events() == 1
    assert chain.verify() == []


def _portal() -> dict[str, str]:
    given = connections["default"].settings_dict
    return {"host": given["HOST"], "port": given["PORT"], "dbname": given["NAME"], "user": given["USER"]}


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


def happen_ago(by_hand, *ages: str, authority: UUID = ROSTOCK) -> list[UUID]:
    """Events as they were written so long ago, while no sealer was there."""
    written = [new_id() for _ in ages]
    for event_id, age in zip(written, ages, strict=True):
        by_hand(
            """INSERT INTO audit_auditevent (id, authority_id, at, action, object_kind, object_id, refs)
               VALUES (%s, %s, now() - %s::interval, 'application.read', 'application', %s, '{}')""",
            *(event_id, authority, age, new_id()),
        )
    return written


def test_events_that_no_sealer_came_for_are_named_once_for_each_chain(by_hand):
    """Everything before has its link, so only the database's clock can tell that the sealer is dead."""
    happen_ago(by_hand, "30 days")
    chain.seal_new_events()
    waiting = happen_ago(by_hand, "20 days", "10 days", "16 minutes", "14 minutes")
    assert found() == [("unsealed", 0, waiting[0])]
    assert ": 3, zuerst" in chain.verify(ROSTOCK)[0].sentence
    assert chain.seal_new_events() == 4
    assert found() == []


def test_a_trail_without_a_single_link_is_not_as_it_was(by_hand):
    here, there = happen_ago(by_hand, "1 hour"), happen_ago(by_hand, "1 hour", authority=SCHWERIN)
    assert {(breach.kind, breach.event_id) for breach in chain.verify()} == {
        ("unsealed", here[0]),
        ("unsealed", there[0]),
    }


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


def test_events_of_a_clock_that_was_set_back_are_chained_and_no_breach(by_hand, capsys):
    """NTP puts it right, or a standby with a slow clock takes over: what people do then is as true as before.

    The database's clock cannot be set here. It is as if it had been right only now when what is chained is from the
    future.
    """
    happen_ago(by_hand, "-3 hours", "-2 hours")
    happen(1, SCHWERIN)
    assert chain.seal_new_events() == 3
    for _ in range(2):
        happen(2)
        happen(1, SCHWERIN)
        assert chain.seal_new_events() == 3
    assert chain.verify() == []
    assert [event.authority_id for event in chain.set_backs()] == [ROSTOCK]
    assert chain.set_backs(SCHWERIN) == []
    call_command("verify_trail")
    assert "stand die Uhr der Datenbank vor dem" in capsys.readouterr().out


def test_what_is_inserted_while_the_clock_is_set_back_is_named(by_hand):
    happen_ago(by_hand, "-2 hours")
    chain.seal_new_events()
    happen(1)
    [inserted] = happen_ago(by_hand, "90 minutes")
    chain.seal_new_events()
    chain.seal_all_events()
    assert [event_id for kind, _no, event_id in found() if kind == "inserted"] == [inserted]


def test_two_sealers_behind_a_clock_that_was_set_back_note_it_once(by_hand, monkeypatch):
    monkeypatch.setattr(chain, "SEALED_AT_ONCE", 3)
    happen_ago(by_hand, "-2 hours")
    chain.seal_new_events()
    happen(10)

    def seal() -> None:
        chain.seal_new_events()
        connection.close()

    sealers = [Thread(target=seal) for _ in range(2)]
    for sealer in sealers:
        sealer.start()
    for sealer in sealers:
        sealer.join()
    chain.seal_new_events()
    assert len(chain.set_backs(ROSTOCK)) == 1
    assert len(links()) == 12
    assert found() == []


def test_the_sealer_goes_on_behind_a_link_whose_event_is_gone(by_hand):
    events = happen()
    chain.seal_new_events()
    by_hand("DELETE FROM audit_auditevent WHERE id = %s", events[-1])
    happen(1)
    assert chain.seal_new_events() == 1
    assert found() == [("removed", 5, events[-1])]


def test_ids_of_a_clock_that_is_days_ahead_do_not_hide_what_waits(by_hand):
    """Workers make ids by their own clock (fault F32)."""
    ahead = last_of(timezone.now() + timedelta(days=3))
    by_hand(
        """INSERT INTO audit_auditevent (id, authority_id, at, action, object_kind, object_id, refs)
           VALUES (%s, %s, now() - interval '2 hours', 'application.read', 'application', %s, '{}')""",
        *(ahead, ROSTOCK, new_id()),
    )
    chain.seal_new_events()
    assert chain.longest_wait() == timedelta()
    happen_ago(by_hand, "30 minutes")
    assert timedelta(minutes=30) <= chain.longest_wait() < timedelta(minutes=31)


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


def test_a_cut_end_is_found_against_the_anchor(by_hand):
    happen()
    chain.seal_new_events()
    anchored = anchors.append_heads()
    by_hand("DELETE FROM audit_auditlink WHERE no > 3")
    by_hand("DELETE FROM audit_auditevent WHERE id NOT IN (SELECT event_id FROM audit_auditlink)")
    assert found() == []
    assert found(anchors=anchored) == [("cut", 5, None)]


def test_a_chain_that_was_made_anew_is_found_against_the_anchor(by_hand):
    events = happen()
    chain.seal_new_events()
    anchored = anchors.append_heads()
    by_hand("UPDATE audit_auditevent SET actor_id = gen_random_uuid() WHERE id = %s", events[0])
    by_hand("DELETE FROM audit_auditlink")
    assert chain.seal_new_events() == 5
    assert found() == []
    assert found(anchors=anchored) == [("replaced", 5, events[4])]


def test_anchors_are_added_line_by_line_and_never_twice():
    happen(2)
    chain.seal_new_events()
    assert len(anchors.append_heads()) == 1
    first = anchors.file().read_text()
    assert anchors.append_heads() == []
    happen(1)
    happen(1, None)
    chain.seal_new_events()
    assert {(anchor.chain, anchor.no) for anchor in anchors.append_heads()} == {(ROSTOCK, 3), (chain.PORTAL, 1)}
    assert anchors.file().read_text().startswith(first)
    assert chain.verify(anchors=list(anchors.read(anchors.file()))) == []


def test_a_night_without_room_leaves_the_anchors_as_they_were(monkeypatch):
    happen(1)
    chain.seal_new_events()
    anchors.append_heads()
    first = anchors.file().read_text()
    happen(1)
    chain.seal_new_events()

    def full(*_):
        raise OSError("no room")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="no room"):
            anchors.append_heads()
    assert anchors.file().read_text() == first
    assert [anchor.no for anchor in anchors.append_heads()] == [2]
    assert anchors.file().read_text().startswith(first)


@pytest.mark.parametrize("cut", [4, 60, -20, -1])
def test_a_half_line_at_the_end_is_no_anchor_and_gone_the_next_night(cut):
    happen(1)
    chain.seal_new_events()
    [anchor] = anchors.append_heads()
    with open(anchors.file(), "a") as file:
        file.write(str(replace(anchor, no=9))[:cut])
    assert anchors.kept() == [anchor]
    call_command("verify_trail")
    happen(1)
    chain.seal_new_events()
    anchors.append_heads()
    assert [each.no for each in anchors.kept()] == [1, 2]
    assert anchors.file().read_text().count("\n") == 2


def test_the_command_names_the_row_and_fails(by_hand, capsys):
    events = happen()
    chain.seal_new_events()
    anchors.append_heads()
    call_command("verify_trail")
    assert capsys.readouterr().out == "Das Protokoll ist, wie es war (Anker: 1).\n"
    by_hand("UPDATE audit_auditevent SET action = 'x' WHERE id = %s", events[1])
    with pytest.raises(CommandError, match="Zahl der Stellen: 1"):
        call_command("verify_trail")
    assert str(events[1]) in capsys.readouterr().out


def test_the_command_refuses_a_file_that_holds_no_anchors(tmp_path):
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("2026-11-24 no anchor\n")
    with pytest.raises(CommandError, match="Zeile 1 von wrong"):
        call_command("verify_trail", anchors=wrong)
    for unreadable in (tmp_path / "missing.txt", tmp_path):
        with pytest.raises(CommandError, match="nicht lesbar"):
            call_command("verify_trail", anchors=unreadable)
    with pytest.raises(CommandError, match="--authority versteht die ID"):
        call_command("verify_trail", "--authority", "rostock")


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
