"""A form of Schwerin's, its author, a clerk, and the way of a test application through the pages."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.test import Client
from lxml import html

from accounts.people import Clerk
from applications.deciding import use_cases as deciding
from applications.models import Application, Decision
from catalogue.models import Offering
from foundation import scope
from tests import filler
from tests.carrying.forms import question
from tests.drain import drain
from tests.frame.pages import Page

ADA = {"equal": [{"answer": "name"}, "Ada"]}
#: A name that clerks search by, and an address that might be somebody's.
QUESTIONS = [
    question("name", role="family_name", search=True),
    question("mail", "email", role="email", required=False),
]


def signed_in(user: Any) -> Client:
    client = Client(headers={"accept-language": "de"})
    client.force_login(user)
    return client


def trials_of(offering: Offering) -> str:
    return f"/backoffice/formulare/{offering.form_id}/testantraege/"


def begin(author: Client, offering: Offering) -> str:
    """The address of the task list of a test draft."""
    answer = author.post(trials_of(offering), {"offering": str(offering.pk)})
    assert answer.status_code == 302, answer.content
    assert answer["Location"].startswith("/antrag/")
    return answer["Location"]


def file_test(
    author: Client, offering: Offering, *, name: str = "Kogge", delivery: str = "postbox", **typed: str
) -> Application:
    """Filed and worked on by the workers."""
    draft = begin(author, offering)
    assert filler.fill(author, f"{draft}schritt/s1/", name=name, **typed).status_code == 302
    assert filler.submit(author, draft, delivery=delivery).status_code == 302
    drain()
    with scope.system("a test looks"):
        return Application.objects.for_pages().get(pk=UUID(draft.split("/")[2]))


def decide(case: Application, clerk: Clerk, regime: str = "retrieval") -> Decision:
    """Granted with a fee."""
    with scope.for_person(clerk):
        deciding.take_over(case, by=clerk)
        decision = deciding.decide(
            case,
            outcome="approved",
            reason="Das passt.",
            regime=regime,
            fee=25,
            fee_due_on=date.today() + timedelta(days=30),
            valid_from=date.today(),
            by=clerk,
        )
    drain()
    return decision


def page_of(client: Client, address: str) -> html.HtmlElement:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    page = Page(answer)
    assert page.faults() == [], address
    return page.tree


def words(tree: Any) -> str:
    return " ".join(" ".join(tree.itertext()).split())


def badges(tree: html.HtmlElement) -> int:
    """How often the badge of a test stands in the page; it says so in a word."""
    return sum(words(each) == "Test" for each in tree.xpath("//span[contains(@class, 'kern-badge')]"))
