"""Whom a fault touched: the cases, and why each; on the command line they have no names."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from applications.models import Application, Message, Transition
from applications.states import State
from applications.telling import queries
from foundation import scope
from foundation.outbox.models import OutboxRow
from tests.telling.fault import BEFORE, DURING, FAULT, NOW, SERVICE, SINCE, UNTIL, filed, local

pytestmark = pytest.mark.usefixtures("city")


def reasons(case: Application) -> tuple[str, ...]:
    with scope.authority(case.authority_id, read_only=True):
        found = queries.touched(Application.objects.all(), service=SERVICE, period=FAULT)
        return {row.case_id: row.reasons for row in queries.page(found, size=9).rows}.get(case.pk, ())


def test_a_case_is_touched_when_it_was_filed_changed_delivered_or_had_to_wait() -> None:
    assert reasons(filed()) == ("was_filed", "was_changed")
    assert reasons(filed(state=State.SUBMITTED)) == ("was_filed",)
    quiet = filed(BEFORE)
    assert reasons(quiet) == ()
    moved = filed(BEFORE)
    with scope.system("a test moves a case"):
        Transition.objects.create(
            application=moved, no=3, from_state="RECEIVED", to_state="WITHDRAWN", actor="portal", at=DURING
        )
        Application.objects.filter(pk=moved.pk).update(state="WITHDRAWN", state_no=3)
    assert reasons(moved) == ("was_changed",)
    asked = filed(BEFORE)
    with scope.system("a test asks"):
        Message.objects.create(
            application=asked, authority=asked.authority, sender="applicant", text=b"sealed", at=DURING
        )
    assert reasons(asked) == ("was_changed",)
    sent_on = filed(BEFORE)
    with scope.system("a test hands over"):
        sent_on.routings.create(
            authority=sent_on.authority, department=sent_on.department, target="department", delivered_at=DURING
        )
    assert reasons(sent_on) == ("was_delivered",)


@pytest.mark.parametrize(
    ("effect", "is_touched"),
    [
        ({"state": "dead", "attempts": 12, "due_at": DURING}, True),
        ({"state": "dead", "attempts": 12, "due_at": BEFORE}, False),
        ({"state": "due", "attempts": 3, "due_at": NOW}, True),
        ({"state": "due", "due_at": DURING}, True),
        ({"state": "due", "due_at": NOW + timedelta(days=1)}, False),
        ({"state": "done", "attempts": 1, "created_at": DURING}, False),
        ({"state": "done", "attempts": 2, "created_at": DURING}, True),
        ({"state": "due", "attempts": 3, "created_at": NOW}, False),
        ({"state": "due", "due_at": DURING, "kind": queries.KIND}, False),
    ],
)
def test_work_that_waited_or_failed_in_the_period_touches_its_case(effect: dict[str, Any], is_touched: bool) -> None:
    case = filed(BEFORE)
    known = {"kind": "receipt", "authority_id": case.authority_id, "created_at": BEFORE}
    OutboxRow.objects.create(subject_id=case.pk, **known | effect)
    assert reasons(case) == (("has_waited",) if is_touched else ())


def listed(**options: str) -> str:
    out = StringIO()
    call_command("affected", since=local(SINCE), until=local(UNTIL), service=SERVICE, stdout=out, **options)
    return out.getvalue()


def test_the_command_lists_them_for_people_and_programs_without_names() -> None:
    case, other = filed(name="Lena Kogge"), filed(authority="schwerin", department="finanzen")
    text = listed()
    assert case.reference in text
    assert other.reference in text
    assert "Betroffene Vorgänge: 2" in text
    assert "Kogge" not in text
    [row] = json.loads(listed(authority="rostock", json=True))
    assert row == {
        "authority": "rostock",
        "reference": case.reference,
        "state": "RECEIVED",
        "reasons": ["abgesendet", "geändert"],
    }


def test_the_command_reads_page_after_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("applications.management.commands.affected.AT_ONCE", 2)
    cases = [filed() for _ in range(5)]
    assert [row["reference"] for row in json.loads(listed(json=True))] == [case.reference for case in cases]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"since": "gestern"}, "versteht Tage"),
        ({"since": "2026-02-30"}, "versteht Tage"),
        ({"since": "2026-11-02", "until": "2026-11-01"}, "nach --since"),
        ({"service": "nichts"}, "gibt es nicht"),
        ({"authority": "nirgends"}, "gibt es nicht"),
    ],
)
def test_the_command_says_what_it_does_not_understand(wrong: dict[str, str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("affected", **{"since": "2026-11-01", "service": SERVICE} | wrong)
