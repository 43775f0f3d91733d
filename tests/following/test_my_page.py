"""One list: what to do, what runs, what was granted and until when, and what is new since the last visit."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.people import Applicant
from applications.models import Application
from applications.states import State
from authorities.clock import today
from foundation import scope
from postbox.models import PostboxItem
from tests.factories import make_application
from tests.filler import begin
from tests.following.rows import decide, make_document

HEADING = "Ihre Genehmigungen"


def granted(person: Applicant, start: date, end: date | None, *, known: bool = True) -> Application:
    """A permit of the person, made known unless told otherwise."""
    case = make_application(party_id=person.party_id, state=State.COMPLETED)
    decide(case, valid_from=start, valid_until=end)
    item = make_document(case)
    if known:
        with scope.for_person(person):
            PostboxItem.objects.filter(pk=item.pk).update(retrieved_at=timezone.now(), effective_on=today())
    return case


def my_page(client: Client) -> str:
    return client.get("/antraege/").content.decode()


def test_a_permit_says_until_when_it_holds_and_the_next_to_end_stands_first(client: Client, person: Applicant) -> None:
    late = granted(person, today(), date(2099, 12, 31))
    soon = granted(person, today(), today() + timedelta(days=7))
    endless = granted(person, today(), None)
    ahead = granted(person, date(2098, 1, 1), date(2099, 6, 30))
    page = my_page(client).partition(HEADING)[2]
    places = [page.index(case.reference) for case in (soon, ahead, late, endless)]
    assert places == sorted(places)
    assert "endet bald" in page[: places[1]]
    assert "gilt noch nicht" in page[places[1] : places[2]]
    assert "bis 31. Dezember 2099" in page[places[2] : places[3]]
    assert "ohne Ende" in page[places[3] :]


@pytest.mark.parametrize(("ends", "known"), [(-1, True), (90, False)])
def test_what_has_ended_or_was_not_opened_yet_is_no_permit(
    client: Client, person: Applicant, ends: int, known: bool
) -> None:
    granted(person, today() - timedelta(days=30), today() + timedelta(days=ends), known=known)
    assert HEADING not in my_page(client)


def test_a_draft_stands_among_what_the_person_has_to_do(client: Client) -> None:
    draft = begin(client)
    page = my_page(client)
    assert page.index("Sie sind dran") < page.index(f'href="{draft}"')
    assert "Wir löschen ihn am" in page


def test_what_happened_after_the_last_visit_is_new(lena: User, person: Applicant) -> None:
    lena.last_login = timezone.now() - timedelta(days=2)
    lena.save(update_fields=["last_login"])
    fresh = make_application(party_id=person.party_id, state=State.PROCESSING)
    old = make_application(party_id=person.party_id, state=State.PROCESSING)
    with scope.for_person(person):
        Application.objects.filter(pk=old.pk).update(changed_at=timezone.now() - timedelta(days=3))
    client = Client()
    client.force_login(lena)
    page = my_page(client)
    titles = page.split('class="portal-case')
    new = [
        reference
        for reference in (fresh.reference, old.reference)
        for part in titles
        if reference in part and ">Neu<" in part
    ]
    assert new == [fresh.reference]
    lena.refresh_from_db()
    assert lena.last_login > timezone.now() - timedelta(hours=1)


def test_nothing_is_new_at_the_first_visit(client: Client, person: Applicant) -> None:
    make_application(party_id=person.party_id, state=State.PROCESSING)
    assert ">Neu<" not in my_page(client)
