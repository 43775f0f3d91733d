"""The heads of the chains in a file of their own, and the command that compares them."""

import os
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command

from foundation.audit import anchors, chain
from tests.foundation.trail.events import ROSTOCK, found, happen

pytestmark = [pytest.mark.usefixtures("portal_db"), pytest.mark.asvs("V16.4.2"), pytest.mark.tr("A3.14.02")]


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
