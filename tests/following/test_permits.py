"""Permits on a person's own pages: under their own name, from the day on which they hold, until they are revoked."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.people import Applicant
from applications.following import queries
from applications.models import Application, Decision, Revocation
from applications.states import State
from authorities import clock
from catalogue.models import Offering
from foundation import scope
from foundation.clock import now
from foundation.ids import new_id
from tests.factories import applicant, make_application, make_user
from tests.following.rows import decide, make_document
from tests.frame.pages import Page

ADDRESSES = ["/antraege/", "/antraege/genehmigungen/"]


def permit(person: Applicant, *, known_on: date | None = None, **fields: Any) -> tuple[Application, Decision]:
    case = make_application(
        party_id=person.party_id, state=State.COMPLETED, service="bewohnerparkausweis", department="mobilitaet"
    )
    dates = {"valid_from": clock.today() - timedelta(days=9), "valid_until": clock.today() + timedelta(days=400)}
    decision = decide(case, **(dates | fields))
    make_document(case, retrieved_at=now(), effective_on=known_on or clock.today())
    return case, decision


def rows(client: Client, address: str) -> list[str]:
    page = Page(client.get(address))
    assert page.faults() == []
    found = page.tree.xpath("//main//h2[.='Ihre Genehmigungen' or .='Gültig oder bald gültig']/following::li")
    return [" ".join(row.text_content().split()) for row in found if "portal-case" in (row.get("class") or "")]


def test_permits_are_those_made_known_the_one_that_ends_first_in_front(person: Applicant) -> None:
    later, _ = permit(person)
    endless, _ = permit(person, valid_until=None)
    soon, _ = permit(person, valid_until=clock.today() + timedelta(days=9))
    permit(person, valid_from=None, valid_until=None)
    permit(applicant(make_user("jemand@example.org")))
    decide(make_application(party_id=person.party_id, state=State.COMPLETED), valid_from=clock.today())
    with scope.for_person(person, read_only=True):
        assert [row.application for row in queries.permits(person).rows] == [soon, later, endless]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_permit_is_called_what_it_is(client: Client, person: Applicant, address: str) -> None:
    permit(person)
    (row,) = rows(client, address)
    assert row.startswith("Bewohnerparkausweis Kogge, Lena")
    client.cookies["language"] = "en"
    assert "Resident parking permit" in client.get(address).content.decode()


@pytest.mark.parametrize("address", ADDRESSES)
def test_without_a_name_of_its_own_it_is_called_as_the_service(client: Client, person: Applicant, address: str) -> None:
    permit(person)
    offering = Offering.objects.get(service__slug="bewohnerparkausweis")
    with scope.authority(offering.authority_id):
        Offering.objects.filter(pk=offering.pk).update(texts={"permit_title": {}})
    try:
        (row,) = rows(client, address)
    finally:
        with scope.authority(offering.authority_id):
            Offering.objects.filter(pk=offering.pk).update(texts=offering.texts)
    assert row.startswith("Bewohnerparkausweis beantragen")


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_permit_holds_from_the_day_on_which_it_counts_as_made_known(
    client: Client, person: Applicant, address: str
) -> None:
    permit(person, known_on=clock.today() + timedelta(days=1))
    (row,) = rows(client, address)
    assert "gilt noch nicht" in row
    permit(person, valid_until=clock.today() + timedelta(days=200))
    first, second = rows(client, address)
    assert "gilt noch nicht" not in first
    assert "gilt noch nicht" in second


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_permit_that_was_taken_back_is_listed_no_longer(client: Client, person: Applicant, address: str) -> None:
    case, decision = permit(person)
    assert len(rows(client, address)) == 1
    with scope.authority(case.authority_id):
        Revocation.objects.create(
            decision=decision,
            authority_id=case.authority_id,
            effective_on=clock.today(),
            reason=case.seal(f"revocation:{decision.pk}:reason", "Umgezogen."),
            by_id=new_id(),
        )
    assert rows(client, address) == []
