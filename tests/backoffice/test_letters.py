from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.people import Clerk
from applications.deciding import use_cases
from applications.models import Application
from applications.states import State
from authorities import clock as calendar
from backoffice.queries.letters import MOST
from foundation import scope
from foundation.ids import new_id
from postbox.models import PostboxItem
from tests.drain import drain
from tests.factories import make_application, make_clerk
from tests.frame.pages import Page

PRINT_LIST_QUERIES = 16


def decided(clerk: Clerk, regime: str) -> tuple[Application, PostboxItem]:
    application = make_application(state=State.PROCESSING, assignee_id=clerk.user_id, name="Lena Kogge")
    with scope.for_person(clerk):
        use_cases.decide(application, outcome="refused", reason="Nein.", regime=regime, by=clerk)
    drain()
    with scope.for_person(clerk, read_only=True):
        return application, PostboxItem.objects.get(subject_id=application.pk)


def today() -> date:
    with scope.system("look", read_only=True):
        return calendar.today()


def send(client: Client, item: PostboxItem, day: str):
    return client.post(f"/backoffice/briefe/{item.pk}/", {f"{item.pk}-day": day}, follow=True)


@pytest.mark.parametrize(("regime", "field"), [("letter", "posted_on"), ("pickup", "handed_over_on")])
def test_document_leaves_the_list_with_the_day_it_went(client: Client, clerk: Clerk, regime: str, field: str) -> None:
    application, item = decided(clerk, regime)
    page = Page(client.get("/backoffice/briefe/"))
    assert page.faults() == []
    assert application.reference in page.text
    answer = Page(send(client, item, today().isoformat()))
    assert "Der Tag ist eingetragen." in answer.text
    assert application.reference not in answer.text
    with scope.for_person(clerk, read_only=True):
        item = PostboxItem.objects.get(pk=item.pk)
    assert getattr(item, field) == today()
    assert item.effective_on == today() + timedelta(days=4 if regime == "letter" else 0)


@pytest.mark.parametrize(("regime", "told"), [("letter", "Geben Sie den Brief auf."), ("pickup", "übergeben haben.")])
def test_case_page_names_the_paper_that_waits_until_it_went(
    client: Client, clerk: Clerk, regime: str, told: str
) -> None:
    application, item = decided(clerk, regime)
    case = f"/backoffice/vorgang/{application.reference}/"
    page = Page(client.get(case))
    assert page.faults() == []
    assert told in page.text
    assert "Sie müssen gerade nichts tun." not in page.text
    assert page.count("//aside//a[@href='/backoffice/briefe/']") == 1
    send(client, item, today().isoformat())
    page = Page(client.get(case))
    assert told not in page.text
    assert "Sie müssen gerade nichts tun." in page.text


@pytest.mark.parametrize("day", ["", "gestern", "2020-01-01", "2099-01-01"])
def test_impossible_day_is_refused_at_its_field(client: Client, clerk: Clerk, day: str) -> None:
    _application, item = decided(clerk, "letter")
    response = send(client, item, day)
    assert response.status_code == 422
    page = Page(response)
    assert page.faults() == []
    assert page.title().startswith("Fehler: ")
    assert page.count(f"//input[@id='{item.pk}-day'][@aria-invalid='true']") == 1
    assert page.count("//h1/following-sibling::*[@id='fehler']") == 1


def test_letters_of_other_departments_are_neither_seen_nor_posted(client: Client) -> None:
    stranger = make_clerk("stadtamt@example.org", department="stadtamt")[1]
    application = make_application(state=State.PROCESSING, assignee_id=stranger.user_id, department="stadtamt")
    with scope.for_person(stranger):
        use_cases.decide(application, outcome="refused", reason="Nein.", regime="letter", by=stranger)
    drain()
    assert application.reference not in client.get("/backoffice/briefe/").content.decode()
    with scope.for_person(stranger, read_only=True):
        item = PostboxItem.objects.get()
    assert send(client, item, today().isoformat()).status_code == 404


def lay_out(number: int) -> None:
    """So many letters, each about a case of its own, as workers would have left them."""
    for _ in range(number):
        application = make_application(state=State.COMPLETED)
        with scope.authority(application.authority_id):
            PostboxItem.objects.create(
                authority_id=application.authority_id,
                party_id=application.party_id,
                subject_id=application.pk,
                title="Bescheid",
                file_id=new_id(),
                regime="letter",
            )


@pytest.mark.parametrize("number", [1, 3, 300])
def test_print_list_asks_as_often_for_one_letter_as_for_three_hundred(client: Client, number: int) -> None:
    lay_out(number)
    client.get("/backoffice/briefe/")  # the first request of a sitting writes when it began
    with CaptureQueriesContext(connection) as asked:
        page = Page(client.get("/backoffice/briefe/"))
    assert len(asked) == PRINT_LIST_QUERIES
    assert page.count("//table//tbody/tr") == min(number, MOST)
    assert ("Sie sehen die ältesten 200 Dokumente." in page.text) is (number > MOST)
