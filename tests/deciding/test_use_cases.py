from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from accounts.people import Clerk
from applications.contents import text_of
from applications.deciding import use_cases
from applications.errors import ApplicationError
from applications.models import Application, CorrectionRequest, Decision
from applications.states import State
from foundation import scope
from foundation.audit.models import AuditEvent
from foundation.outbox.models import OutboxRow
from tests.factories import make_application, make_clerk

pytestmark = pytest.mark.usefixtures("city")
NEXT_YEAR = date.today() + timedelta(days=365)


@pytest.fixture
def clerk() -> Clerk:
    return make_clerk()[1]


@pytest.fixture
def colleague() -> Clerk:
    return make_clerk("colleague@example.org")[1]


@pytest.fixture
def mine(clerk: Clerk) -> Application:
    """A case that the clerk works on."""
    return make_application(state=State.PROCESSING, assignee_id=clerk.user_id)


def now(application: Application) -> Application:
    with scope.system("look", read_only=True):
        return Application.objects.get(pk=application.pk)


def actions(application: Application) -> list[str]:
    with scope.system("look", read_only=True):
        return list(AuditEvent.objects.filter(object_id=application.pk).order_by("id").values_list("action", flat=True))


def ruling(**changes: Any) -> dict[str, Any]:
    return {"outcome": "approved", "reason": "Der Hund ist angemeldet.", "regime": "letter", **changes}


def test_one_clerk_takes_over_and_the_second_is_refused(clerk: Clerk, colleague: Clerk) -> None:
    application = make_application()
    with scope.for_person(clerk):
        use_cases.take_over(application, by=clerk)
    with scope.for_person(colleague), pytest.raises(ApplicationError, match="taken") as refused:
        use_cases.take_over(application, by=colleague)
    assert refused.value.status == 409
    assert (now(application).state, now(application).assignee_id) == (State.PROCESSING, clerk.user_id)
    assert actions(application) == ["application.taken-over"]


@pytest.mark.asvs("V2.3.4")
def test_two_clerks_at_the_same_instant_are_one_winner(clerk: Clerk, colleague: Clerk) -> None:
    application = make_application()
    start = Barrier(2)

    def take(by: Clerk) -> str:
        try:
            with scope.for_person(by):
                start.wait(timeout=10)
                use_cases.take_over(application, by=by)
        except ApplicationError as error:
            return error.code
        finally:
            connection.close()
        return "won"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(take, (clerk, colleague))) == ["taken", "won"]
    assert actions(application) == ["application.taken-over"]


def test_taking_over_ones_own_case_again_changes_nothing(clerk: Clerk, mine: Application) -> None:
    with scope.for_person(clerk):
        use_cases.take_over(mine, by=clerk)
    assert now(mine).state_no == mine.state_no


def test_case_is_taken_from_a_colleague_only_as_it_was_seen(clerk: Clerk, colleague: Clerk, mine: Application) -> None:
    with scope.for_person(colleague):
        use_cases.take_over_from_colleague(mine, colleague_id=clerk.user_id, by=colleague)
    assert now(mine).assignee_id == colleague.user_id
    with scope.for_person(colleague), pytest.raises(ApplicationError, match="changed"):
        use_cases.take_over_from_colleague(mine, colleague_id=clerk.user_id, by=colleague)


def test_asking_back_seals_the_question_and_asks_for_one_mail(clerk: Clerk, mine: Application) -> None:
    with scope.for_person(clerk):
        request = use_cases.ask_back(
            mine, text="Uns fehlt die Chipnummer.", documents=["Foto des Chips"], due_on=NEXT_YEAR, by=clerk
        )
    with scope.for_person(clerk, read_only=True):
        request = CorrectionRequest.objects.get(pk=request.pk)
        assert b"Chip" not in bytes(request.text) + bytes(request.documents)
        assert text_of(mine, f"correction:{request.pk}:text", request.text) == "Uns fehlt die Chipnummer."
        assert text_of(mine, f"correction:{request.pk}:documents", request.documents) == ["Foto des Chips"]
    assert now(mine).state == State.ACTION_REQUIRED
    row = OutboxRow.objects.get(kind="notify.action_required")
    assert (row.subject_id, row.target) == (mine.pk, str(request.pk))
    assert actions(mine) == ["application.asked-back"]


def test_asking_back_for_today_is_refused(clerk: Clerk, mine: Application) -> None:
    with scope.for_person(clerk), pytest.raises(ApplicationError, match="due_too_early"):
        use_cases.ask_back(mine, text="?", documents=[], due_on=date.today() - timedelta(days=1), by=clerk)
    assert now(mine).state == State.PROCESSING


def test_deciding_closes_the_case_and_asks_for_one_notice(clerk: Clerk, mine: Application) -> None:
    with scope.for_person(clerk):
        decision = use_cases.decide(mine, **ruling(fee=Decimal("108.00"), fee_due_on=NEXT_YEAR), by=clerk)
    assert now(mine).state == State.COMPLETED
    with scope.for_person(clerk, read_only=True):
        decision = Decision.objects.get(pk=decision.pk)
        assert text_of(mine, f"decision:{decision.pk}:reason", decision.reason) == "Der Hund ist angemeldet."
    assert (decision.no, decision.by_id, decision.fee) == (1, clerk.user_id, Decimal("108.00"))
    assert len(decision.content_sha256) == 64
    assert OutboxRow.objects.get(kind="notice").target == str(decision.pk)
    assert actions(mine) == ["application.decided"]


def test_second_decision_is_refused_and_leaves_no_trace(clerk: Clerk, mine: Application) -> None:
    with scope.for_person(clerk):
        use_cases.decide(mine, **ruling(), by=clerk)
    with pytest.raises(ApplicationError, match="illegal_transition"), scope.for_person(clerk):
        use_cases.decide(mine, **ruling(outcome="refused"), by=clerk)
    with scope.system("look", read_only=True):
        assert Decision.objects.get().outcome == "approved"


def test_decision_on_what_has_changed_since_it_was_seen_is_refused(clerk: Clerk, mine: Application) -> None:
    with pytest.raises(ApplicationError, match="changed"), scope.for_person(clerk):
        use_cases.decide(mine, **ruling(), by=clerk, seen_no=mine.state_no - 1)
    assert now(mine).state == State.PROCESSING


@pytest.mark.asvs("V8.2.1")
def test_only_who_works_on_a_case_decides(colleague: Clerk, mine: Application) -> None:
    with pytest.raises(ApplicationError, match="not_yours"), scope.for_person(colleague):
        use_cases.decide(mine, **ruling(), by=colleague)


@pytest.mark.parametrize(
    "owner", [{"retrieval_consent": False}, {"retrieval_consent": True, "access_digest": b"x" * 32}]
)
def test_retrieval_needs_consent_and_a_postbox(clerk: Clerk, owner: dict[str, Any]) -> None:
    application = make_application(state=State.PROCESSING, assignee_id=clerk.user_id, **owner)
    with pytest.raises(ApplicationError, match="no_consent"), scope.for_person(clerk):
        use_cases.decide(application, **ruling(regime="retrieval"), by=clerk)
    assert now(application).state == State.PROCESSING


def test_fee_without_a_due_date_is_refused(clerk: Clerk, mine: Application) -> None:
    with pytest.raises(ApplicationError, match="fee_incomplete"), scope.for_person(clerk):
        use_cases.decide(mine, **ruling(fee=Decimal("5.00")), by=clerk)


@pytest.mark.asvs("V8.4.1")
def test_clerk_of_another_authority_finds_no_case(mine: Application) -> None:
    stranger = make_clerk("schwerin@example.org", authority="schwerin", department="finanzen")[1]
    with pytest.raises(ApplicationError, match="gone"), scope.for_person(stranger):
        use_cases.take_over(mine, by=stranger)
