"""Every event gets its link, whoever seals and whatever the clock says; what gets none is named."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from foundation.audit import chain
from foundation.ids import last_of, new_id
from tests.foundation.trail.events import ROSTOCK, SCHWERIN, found, happen, happen_ago, links

pytestmark = [pytest.mark.usefixtures("portal_db"), pytest.mark.asvs("V16.4.2"), pytest.mark.tr("A3.14.02")]


def test_each_authority_has_a_chain_of_its_own_without_gaps_and_nobodys_events_have_one_too():
    rostock, schwerin, nobodys = happen(3), happen(2, SCHWERIN), happen(1, None)
    assert chain.seal_new_events() == 6
    rostock += happen(1)[3:]
    assert (chain.seal_new_events(), chain.seal_new_events()) == (1, 0)
    assert links() == list(enumerate(rostock, start=1))
    assert links(SCHWERIN) == list(enumerate(schwerin, start=1))
    assert links(chain.PORTAL) == [(1, nobodys[0])]
    assert chain.verify() == []


def seal_at_once(sealers: int) -> int:
    """How many events so many sealers chained together."""

    def seal(_no: int) -> int:
        try:
            return chain.seal_new_events()
        finally:
            connection.close()

    with ThreadPoolExecutor(sealers) as threads:
        return sum(threads.map(seal, range(sealers)))


def test_sealers_that_run_at_once_leave_one_chain(monkeypatch):
    monkeypatch.setattr(chain, "SEALED_AT_ONCE", 7)
    events = happen(40)
    assert seal_at_once(4) + chain.seal_new_events() == 40
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
    seal_at_once(2)
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
