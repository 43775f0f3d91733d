"""Lists of a person's own cases: who is on, in which order, and at which cost."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.people import Applicant
from applications.filling.use_cases import begin_draft
from applications.following import queries
from applications.models import Application, Decision, Draft, Payment
from applications.states import State
from catalogue.models import Offering
from foundation import scope
from postbox.models import PostboxItem
from tests.factories import make_application, make_user
from tests.following.rows import ask, decide, make_document


def test_whoever_waits_for_the_person_stands_first(client: Client, person: Applicant) -> None:
    with_office = make_application(party_id=person.party_id, state=State.PROCESSING)
    asked = make_application(party_id=person.party_id, state=State.ACTION_REQUIRED)
    ask(asked, "Uns fehlt der Lageplan.", ["Lageplan"], date(2099, 12, 4))
    decided = make_application(party_id=person.party_id, state=State.COMPLETED)
    make_document(decided)

    page = client.get("/antraege/").content.decode()

    order = [page.index(reference) for reference in (decided.reference, asked.reference, with_office.reference)]
    assert order == sorted(order)
    assert page.index("Sie sind dran") < order[0] < order[1] < page.index("Wir sind dran") < order[2]
    assert "Freitag, 4. Dezember 2099" in page


def test_a_decided_case_moves_to_finished_when_its_document_was_opened(person: Applicant) -> None:
    decided = make_application(party_id=person.party_id, state=State.COMPLETED)
    item = make_document(decided)
    with scope.for_person(person):
        assert queries.counters(person) == queries.Counters(running=1, drafts=0, finished=0)
        PostboxItem.objects.filter(pk=item.pk).update(retrieved_at=datetime.now(ZoneInfo("Europe/Berlin")))
        assert queries.counters(person) == queries.Counters(running=0, drafts=0, finished=1)
        assert [row.application.pk for row in queries.finished(person).rows] == [decided.pk]


def test_cases_of_others_are_not_listed(client: Client, person: Applicant) -> None:
    foreign = make_application(state=State.PROCESSING)
    assert foreign.reference not in client.get("/antraege/").content.decode()


@pytest.mark.parametrize("address", ["/antraege/", "/antraege/entwuerfe/", "/antraege/abgeschlossen/", "/postfach/"])
def test_an_empty_list_says_what_will_stand_there(client: Client, address: str) -> None:
    page = client.get(address)
    assert page.status_code == 200
    assert "Hier stehen" in page.content.decode() or "Hier liegen" in page.content.decode()


@pytest.mark.parametrize("address", ["/antraege/", "/antraege/entwuerfe/", "/antraege/abgeschlossen/", "/postfach/"])
def test_lists_need_a_sign_in(city: None, address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer.url == f"/konto/anmelden/?next={address}"


def test_questions_and_documents_cost_the_same_queries_however_many(client: Client, person: Applicant) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries_made:
            assert client.get("/antraege/").status_code == 200
        return len(queries_made)

    def add() -> None:
        asked = make_application(party_id=person.party_id, state=State.ACTION_REQUIRED)
        ask(asked, "Uns fehlt etwas.", ["Foto"], date.today() + timedelta(days=9))
        make_document(make_application(party_id=person.party_id, state=State.COMPLETED))

    add()
    cost()  # the first request of a sitting writes when it began
    one = cost()
    add()
    add()
    assert (one, cost()) == (19, 19)


@pytest.fixture
def draft(person: Applicant) -> Draft:
    offering = Offering.objects.select_related("authority").get(
        authority__slug="rostock", service__slug="hundesteuer-anmelden"
    )
    return begin_draft(offering, by=person)[0]


def test_a_draft_is_listed_with_the_way_on(client: Client, draft: Draft) -> None:
    page = client.get("/antraege/entwuerfe/").content.decode()
    assert f'href="/antrag/{draft.pk}/"' in page
    assert draft.reference in page
    assert "gespeichert am" in page


def test_deleting_a_draft_asks_first(client: Client, person: Applicant, draft: Draft) -> None:
    address = f"/antraege/entwuerfe/{draft.pk}/loeschen/"
    assert "Möchten Sie den Entwurf löschen?" in client.get(address).content.decode()
    with scope.for_person(person):
        assert queries.counters(person).drafts == 1
    assert "Der Entwurf ist gelöscht." in client.post(address, follow=True).content.decode()
    with scope.for_person(person):
        assert queries.counters(person).drafts == 0
    assert client.post(address).status_code == 404


@pytest.mark.asvs("V8.2.2")
def test_nobody_deletes_the_draft_of_another(draft: Draft) -> None:
    stranger = Client()
    stranger.force_login(make_user("jonas@example.org"))
    assert stranger.post(f"/antraege/entwuerfe/{draft.pk}/loeschen/").status_code == 404


FEE = {"fee": Decimal("61.40"), "fee_due_on": date(2099, 12, 28)}


def charged(person: Applicant, **fields: Any) -> tuple[Application, Decision]:
    """A case whose notice is known to the person and asks for a fee."""
    case = make_application(party_id=person.party_id, state=State.COMPLETED, **fields)
    decision = decide(case, **FEE)
    now = datetime.now(ZoneInfo("Europe/Berlin"))
    make_document(case, retrieved_at=now, effective_on=date(2026, 11, 2))
    return case, decision


def note_paid(decision: Decision, paid_on: date | None) -> None:
    with scope.authority(decision.authority_id):
        Payment.objects.create(
            decision=decision, authority_id=decision.authority_id, paid_on=paid_on, set_by_id=decision.by_id
        )


def test_a_fee_waits_for_the_person_until_it_is_noted_as_paid(client: Client, person: Applicant) -> None:
    case, decision = charged(person)
    for page in ("/antraege/", f"/vorgang/{case.reference}/"):
        text = client.get(page).content.decode()
        assert "Bitte überweisen Sie 61,40 € bis" in text
        assert "Montag, 28. Dezember 2099" in text
    mine = client.get("/antraege/").content.decode().partition("Sie sind dran")[2]
    assert case.reference in mine.partition("Wir sind dran")[0]

    note_paid(decision, date(2026, 11, 3))
    assert case.reference not in client.get("/antraege/").content.decode()
    assert "überweisen" not in client.get(f"/vorgang/{case.reference}/").content.decode()
    assert case.reference in client.get("/antraege/abgeschlossen/").content.decode()

    note_paid(decision, None)
    assert "Bitte überweisen Sie 61,40 € bis" in client.get("/antraege/").content.decode()


def test_a_fee_that_the_office_collects_asks_nothing_of_the_person(client: Client, person: Applicant) -> None:
    case, _ = charged(person, answers={"sepa": {"iban": "DE02120300000000202051"}})
    page = client.get("/antraege/").content.decode()
    assert "Wir buchen 61,40 € am 28. Dezember 2099 von Ihrem Konto ab." in page
    assert "Sie sind dran" not in page
    assert page.index("Wir sind dran") < page.index(case.reference)


def test_open_fees_cost_the_same_queries_however_many(client: Client, person: Applicant) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries_made:
            assert client.get("/antraege/").status_code == 200
        return len(queries_made)

    charged(person)
    cost()  # the first request of a sitting writes when it began
    one = cost()
    charged(person)
    charged(person)
    assert (one, cost()) == (20, 20)
