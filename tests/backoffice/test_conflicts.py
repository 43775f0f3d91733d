"""A case that went on meanwhile: what was typed stays, and can be sent."""

from datetime import date, timedelta

import pytest
from django.test import Client

from accounts.people import Clerk, CodeHolder
from applications.deciding import use_cases
from applications.following import use_cases as following
from applications.models import Application
from applications.states import State
from foundation import scope
from tests.backoffice.cases import (
    CODE,
    IN_A_YEAR,
    address,
    filled,
    ruling,
    state_of,
    words,
)
from tests.factories import make_clerk
from tests.frame.pages import Page


def test_second_of_two_clerks_gets_a_sentence_and_keeps_the_text(
    client: Client, clerk: Clerk, mine: Application
) -> None:
    _user, colleague = make_clerk("colleague@example.org")
    with scope.for_person(colleague):
        use_cases.take_over_from_colleague(mine, colleague_id=clerk.user_id, by=colleague)
    response = client.post(address(mine, "entscheiden/"), ruling(mine, "decide", reason="Langer Text."))
    assert response.status_code == 409
    page = Page(response)
    assert "Übernehmen Sie ihn zuerst." in words(page)
    assert "Langer Text." in page.text
    assert state_of(mine) == State.PROCESSING


@pytest.mark.parametrize("action", ["preview", "decide"])
def test_after_a_conflict_the_form_says_what_is_new_and_can_be_sent_again(
    client: Client, clerk: Clerk, mine: Application, action: str
) -> None:
    typed = ruling(mine, action, reason="Langer Text.", valid_from="2027-01-01")
    with scope.for_person(clerk):
        question = use_cases.ask_back(
            mine, text="Foto?", documents=[], due_on=date.today() + timedelta(days=9), by=clerk
        )
    with scope.for_person(CodeHolder(CODE)):
        following.answer_correction(mine, question=question, text="Hier.", by=CodeHolder(CODE))
    response = client.post(address(mine, "entscheiden/"), typed)
    assert response.status_code == 409
    page = Page(response)
    assert page.faults() == []
    new = page.tree.xpath("//section[@aria-labelledby='inzwischen']")[0].text_content()
    assert "Nachgefordert" in new
    assert "Maren Petersen" in new
    assert "Antwort eingegangen" in new
    assert "Übernommen" not in new  # the clerk knew that
    again = filled(page)
    assert {name: str(typed[name]) for name in typed if name not in ("seen_no", "action")}.items() <= again.items()
    assert client.post(address(mine, "entscheiden/"), {**again, "action": "decide"}).status_code == 302
    assert state_of(mine) == State.COMPLETED


def test_question_that_met_a_conflict_can_be_sent_again(client: Client, clerk: Clerk, mine: Application) -> None:
    with scope.for_person(clerk):
        question = use_cases.ask_back(
            mine, text="Foto?", documents=[], due_on=date.today() + timedelta(days=9), by=clerk
        )
    with scope.for_person(CodeHolder(CODE)):
        following.answer_correction(mine, question=question, text="Hier.", by=CodeHolder(CODE))
    typed = {"text": "Uns fehlt der Pass.", "documents": "Pass", "due_on": IN_A_YEAR, "seen_no": mine.state_no}
    page = Page(client.post(address(mine, "nachfordern/"), typed))
    assert "Antwort eingegangen" in page.text
    again = filled(page)
    assert (again["text"], again["documents"], again["due_on"]) == ("Uns fehlt der Pass.", "Pass", IN_A_YEAR)
    assert client.post(address(mine, "nachfordern/"), again).status_code == 302
    assert state_of(mine) == State.ACTION_REQUIRED


def test_conflict_on_a_closed_case_says_that_nothing_can_be_sent(client: Client, mine: Application) -> None:
    client.post(address(mine, "entscheiden/"), ruling(mine, "decide"))
    page = Page(client.post(address(mine, "entscheiden/"), ruling(mine, "decide", reason="Langer Text.")))
    assert "Entschieden" in page.text
    assert "Absenden können Sie gerade nicht." in words(page)
    assert "Langer Text." in page.text
