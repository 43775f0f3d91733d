"""Whose case it is: taken, taken from a colleague, taken too late."""

from django.test import Client

from accounts import profile
from accounts.people import Clerk
from applications.deciding import use_cases
from applications.states import State
from foundation import scope
from tests.backoffice.cases import address, assignee_of, page_of, state_of, words
from tests.factories import make_application, make_clerk
from tests.frame.pages import Page


def test_new_case_is_taken_over_on_its_page(client: Client) -> None:
    application = make_application()
    assert "Vorgang übernehmen" in page_of(client, application).text
    answer = client.post(address(application, "uebernehmen/"), follow=True)
    assert "Sie haben den Vorgang übernommen." in answer.content.decode()
    assert "Maren Petersen" in words(Page(answer))
    assert state_of(application) == State.PROCESSING


def test_case_of_a_colleague_is_taken_over_as_it_was_seen(client: Client, clerk: Clerk) -> None:
    _user, colleague = make_clerk("colleague@example.org")
    application = make_application(state=State.PROCESSING, assignee_id=colleague.user_id)
    client.post(address(application, "uebernehmen/"), {"colleague": clerk.user_id})
    assert assignee_of(application) == colleague.user_id
    client.post(address(application, "uebernehmen/"), {"colleague": colleague.user_id})
    assert assignee_of(application) == clerk.user_id


def test_who_takes_over_too_late_is_told_on_the_case_who_has_it(client: Client) -> None:
    user, colleague = make_clerk("colleague@example.org")
    profile.write(user, {"given_name": "Jana", "family_name": "Krüger"})
    application = make_application()
    with scope.for_person(colleague):
        use_cases.take_over(application, by=colleague)
    page = Page(client.post(address(application, "uebernehmen/"), follow=True))
    assert page.faults() == []
    assert page.headings() == ["Kogge, Lena"]
    assert "Nur für Beschäftigte" in page.text
    assert "Diesen Vorgang bearbeitet inzwischen Jana Krüger." in words(page)
    assert "Sie haben den Vorgang übernommen." not in page.text
    assert assignee_of(application) == colleague.user_id


def test_second_click_on_take_over_says_that_the_case_is_taken(client: Client, clerk: Clerk) -> None:
    application = make_application()
    for _ in range(2):
        page = Page(client.post(address(application, "uebernehmen/"), follow=True))
        assert "Sie haben den Vorgang übernommen." in page.text
    assert assignee_of(application) == clerk.user_id


def test_closed_case_is_not_taken_over(client: Client, clerk: Clerk) -> None:
    for closed in (
        make_application(state=State.COMPLETED, assignee_id=clerk.user_id),
        make_application(state=State.WITHDRAWN),
    ):
        page = Page(client.post(address(closed, "uebernehmen/"), follow=True))
        assert "Dieser Vorgang ist schon erledigt." in page.text
        assert "Sie haben den Vorgang übernommen." not in page.text
