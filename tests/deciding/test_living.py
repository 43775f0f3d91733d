"""Decisions that live: validity, place, conditions; answers; payment by transfer or debit; open and paid."""

from datetime import date, timedelta
from decimal import Decimal

import pypdfium2
import pytest
from django.db import DatabaseError, transaction
from django.template.loader import render_to_string

from accounts.people import Clerk
from applications.deciding import payments, use_cases
from applications.deciding.delivery import pdf_of
from applications.deciding.notice import Notice, decisions, notice_of
from applications.errors import ApplicationError
from applications.models import Application, Decision, Payment
from applications.states import State
from authorities import clock as calendar
from foundation import scope
from foundation.audit.models import AuditEvent
from tests.factories import make_application, make_clerk
from tests.pdf import pictures_of, read_codes, text_of

pytestmark = pytest.mark.usefixtures("city")
DUE = date(2099, 12, 4)
CHECK_URL = "http://localhost:8000/pruefen/measured/"
FEE = {"fee": Decimal("108.00"), "fee_due_on": DUE}
GRANT = {
    "valid_from": date(2027, 1, 1),
    "valid_until": date(2027, 12, 31),
    "place": "Neuer Markt 3",
    "conditions": "Halten Sie 1,50 m frei.\nRäumen Sie um 22 Uhr ab.",
}


@pytest.fixture
def clerk() -> Clerk:
    return make_clerk()[1]


def case_of(clerk: Clerk, **fields: object) -> Application:
    return make_application(state=State.PROCESSING, assignee_id=clerk.user_id, **fields)


def decide(application: Application, clerk: Clerk, **ruling: object) -> Decision:
    given = {"outcome": "approved", "reason": "So ist es.", "regime": "letter"} | ruling
    with scope.for_person(clerk):
        return use_cases.decide(application, by=clerk, **given)


def notice_for(decision: Decision, clerk: Clerk) -> Notice:
    with scope.for_person(clerk, read_only=True):
        return notice_of(decisions().get(pk=decision.pk))


def page_of(notice: Notice) -> str:
    return " ".join(render_to_string("documents/notice_content.html", {"notice": notice}).split())


# --- what is granted --------------------------------------------------------------------------------------------------


def test_validity_place_and_conditions_stand_in_the_notice_and_lie_sealed(clerk):
    decision = decide(case_of(clerk), clerk, **GRANT)
    notice = notice_for(decision, clerk)
    text = text_of(pdf_of(notice, CHECK_URL))
    for part in ("vom 1. Januar 2027 bis zum 31. Dezember 2027", "Neuer Markt 3", "Halten Sie 1,50 m frei."):
        assert part in page_of(notice)
        assert part in " ".join(text.split())
    assert b"Markt" not in bytes(decision.place)
    assert b"Halten" not in bytes(decision.conditions)


@pytest.mark.parametrize(
    ("ruling", "code"),
    [
        ({"valid_until": date(2027, 1, 1)}, "validity_backwards"),
        ({"valid_from": date(2027, 2, 1), "valid_until": date(2027, 1, 1)}, "validity_backwards"),
        ({"outcome": "refused", "valid_from": date(2027, 1, 1)}, "nothing_granted"),
        ({"outcome": "refused", "place": "Markt"}, "nothing_granted"),
        ({"outcome": "answered"}, "no_such_outcome"),
    ],
)
def test_rulings_that_make_no_sense_are_refused(clerk, ruling, code):
    with pytest.raises(ApplicationError) as refused:
        decide(case_of(clerk), clerk, **ruling)
    assert refused.value.code == code


def test_what_is_granted_stands_under_its_heading_and_over_nothing_else(clerk):
    notice = notice_for(decide(case_of(clerk), clerk, **GRANT), clerk)
    with pypdfium2.PdfDocument(pdf_of(notice, CHECK_URL)) as document:
        text = document[0].get_textpage()
        granted = ("Was genehmigt ist", "vom 1. Januar", "Neuer Markt 3")
        heading, validity, place = (top_of(text, words) for words in granted)
    assert heading > validity > place


def top_of(text: pypdfium2.PdfTextPage, words: str) -> float:
    index, _count = text.search(words).get_next()
    return text.get_charbox(index)[3]


# --- answers ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def idea() -> tuple[Application, Clerk]:
    clerk = make_clerk("ideas@example.org", department="buero-ob")[1]
    return case_of(clerk, service="wuensche-und-ideen", department="buero-ob"), clerk


def test_an_idea_is_answered_without_fee_and_remedy(idea):
    application, clerk = idea
    notice = notice_for(decide(application, clerk, outcome="answered"), clerk)
    assert notice.subject == "Antwort: Wünsche und Ideen an die Verwaltung"
    page = page_of(notice)
    assert "Unsere Antwort" in page
    for absent in ("Widerspruch", "Bescheid", "genehmig", "Ihr Recht auf Prüfung", "Zahlung"):
        assert absent not in page


@pytest.mark.parametrize(
    ("ruling", "code"),
    [
        ({"outcome": "approved"}, "no_such_outcome"),
        ({"outcome": "answered", **FEE}, "answer_is_free"),
        ({"outcome": "answered", "valid_from": date(2027, 1, 1)}, "nothing_granted"),
    ],
)
def test_an_idea_is_neither_approved_nor_charged(idea, ruling, code):
    application, clerk = idea
    with pytest.raises(ApplicationError) as refused:
        decide(application, clerk, **ruling)
    assert refused.value.code == code


# --- payment ----------------------------------------------------------------------------------------------------------


def test_girocode_of_the_printed_notice_decodes_to_the_text_beside_it(clerk):
    application = case_of(clerk)
    notice = notice_for(decide(application, clerk, **FEE), clerk)
    codes = read_codes(pictures_of(pdf_of(notice, CHECK_URL)))
    assert CHECK_URL in codes
    lines = next(code for code in codes if code.startswith("BCD")).splitlines()
    pay = notice.payment
    # EPC069-12: service tag, version, characters, kind, BIC, name, IBAN, amount, purpose, reference, text
    assert lines[0] == "BCD"
    assert lines[3] == "SCT"
    assert [lines[4], lines[5], lines[6], lines[7]] == [pay.bic, pay.creditor, pay.iban, "EUR108"]
    assert lines[-1] == pay.purpose == application.reference
    text = " ".join(text_of(pdf_of(notice, CHECK_URL)).split())
    for part in (pay.creditor, pay.iban_in_groups, "108,00 €", application.reference, "4. Dezember 2099"):
        assert part in text


def test_with_a_mandate_the_authority_collects_and_shows_no_account_in_full(clerk):
    iban = "DE02120300000000202051"
    application = case_of(clerk, answers={"sepa": {"iban": iban}})
    notice = notice_for(decide(application, clerk, **FEE), clerk)
    page = page_of(notice)
    assert "Wir buchen 108,00 Euro am 4. Dezember 2099 von Ihrem Konto ab." in page
    assert "DE … 2051" in page
    for absent in ("Überweisen Sie", "GiroCode", iban, notice.payment.iban_in_groups):
        assert absent not in page
    assert "Wir buchen" in text_of(pdf_of(notice, CHECK_URL))


def paid_on(decision: Decision, clerk: Clerk) -> date | None:
    with scope.for_person(clerk, read_only=True):
        return payments.paid_on(Decision.objects.get(pk=decision.pk))


def note(decision: Decision, clerk: Clerk, day: date | None) -> None:
    with scope.for_person(clerk):
        payments.note_payment(Decision.objects.select_related("application").get(pk=decision.pk), paid_on=day, by=clerk)


def test_a_payment_is_noted_by_hand_taken_back_and_never_overwritten(clerk):
    decision = decide(case_of(clerk), clerk, **FEE)
    assert paid_on(decision, clerk) is None
    today = calendar.today()
    note(decision, clerk, today)
    note(decision, clerk, today)
    assert paid_on(decision, clerk) == today
    note(decision, clerk, None)
    assert paid_on(decision, clerk) is None
    with scope.authority(clerk.authority_id):
        assert Payment.objects.count() == 2
        assert AuditEvent.objects.filter(action__startswith="payment.").count() == 2
        with pytest.raises(DatabaseError), transaction.atomic():
            Payment.objects.all().delete()


@pytest.mark.parametrize("days", [-1, 1])
def test_a_day_before_the_notice_or_in_the_future_is_refused(clerk, days):
    decision = decide(case_of(clerk), clerk, **FEE)
    with pytest.raises(ApplicationError, match="impossible_day"):
        note(decision, clerk, calendar.today() + timedelta(days=days))


def test_without_a_fee_there_is_nothing_to_note(clerk):
    with pytest.raises(ApplicationError, match="no_fee"):
        note(decide(case_of(clerk), clerk), clerk, calendar.today())
