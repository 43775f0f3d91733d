"""Clerks remark on questions, authors read it; and see which questions the office had to ask again."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.people import Clerk
from applications.deciding import use_cases as deciding
from applications.models import Application, CorrectionRequest, Remark
from applications.remarking import queries
from applications.states import State
from authorities import clock
from foundation import scope
from foundation.audit.models import AuditEvent
from tests.backoffice.designer import author_of
from tests.backoffice.test_forms import LIST_QUERIES, page_of
from tests.factories import make_application
from tests.frame.pages import Page

#: As the list of forms, with which it shares all but four: two counts, the remarks, and who wrote them.
QUERIES = LIST_QUERIES + 4
TEXT = "Viele schreiben hier die Rasse hinein."


@pytest.fixture
def author(city: None) -> Client:
    """One of Rostock."""
    return author_of("remarks@example.org", "Gesa", authority="rostock")


def form_page(application: Application) -> str:
    return f"/backoffice/formulare/{application.offering.form_id}/rueckmeldungen/"


def remark(client: Client, application: Application, **typed: str) -> Any:
    return client.post(
        f"/backoffice/vorgang/{application.reference}/anmerken/", {"path": "hunde.name", "text": TEXT} | typed
    )


def test_a_remark_reaches_the_author_without_the_case_and_is_removed_when_settled(
    client: Client, author: Client
) -> None:
    application = make_application(name="Kogge, Lena")
    case = page_of(client, f"/backoffice/vorgang/{application.reference}/")
    [link] = case.tree.xpath("//a[contains(@href, '/anmerken/')]/@href")
    assert "Schreiben Sie über die Frage, nicht über die Person." in page_of(client, link).tree.text_content()
    assert remark(client, application).status_code == 302
    with scope.system("look"):
        [row] = Remark.objects.all()
        assert TEXT.encode() not in bytes(row.text)
        assert AuditEvent.objects.filter(action="remark.left", object_id=application.offering.form_id).count() == 1
    page = page_of(author, form_page(application))
    told = " ".join(page.tree.text_content().split())
    assert TEXT in told
    assert "Maren Petersen" in told
    assert application.reference not in page.text
    assert "Kogge" not in page.text
    [settle] = page.tree.xpath("//form[contains(@action, '/erledigt/')]/@action")
    assert author.post(settle).status_code == 302
    assert author.post(settle).status_code == 404
    with scope.system("look"):
        assert not Remark.objects.exists()
        assert AuditEvent.objects.filter(action="remark.settled").count() == 1
    assert "Noch hat niemand etwas angemerkt" in page_of(author, form_page(application)).tree.text_content()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"path": "hunde.alter"}, "Wählen Sie eine Frage aus der Liste."),
        ({"path": ""}, "Wählen Sie eine Frage aus der Liste."),
        ({"text": " "}, "Schreiben Sie, was an der Frage besser werden soll."),
        ({"text": "x" * 1001}, "Kürzen Sie den Text auf 1.000 Zeichen."),
    ],
)
def test_a_remark_that_says_nothing_is_refused_and_kept_in_its_box(
    client: Client, wrong: dict[str, str], sentence: str
) -> None:
    answer = remark(client, make_application(), **wrong)
    assert answer.status_code == 422
    page = Page(answer)
    assert page.faults() == []
    assert sentence in page.tree.text_content()
    assert page.tree.xpath("//textarea")[0].text.strip() == wrong.get("text", TEXT).strip()
    with scope.system("look"):
        assert not Remark.objects.exists()


def test_cases_and_forms_of_others_do_not_exist(client: Client, author: Client) -> None:
    other = make_application(authority="schwerin", department="finanzen")
    assert remark(client, other).status_code == 404
    mine = make_application()
    assert remark(client, mine).status_code == 302
    with scope.system("look"):
        row = Remark.objects.get()
    wrong_form = f"{form_page(make_application(service='gewerbe-anmelden'))}{row.pk}/erledigt/"
    for missing in (form_page(other), f"/backoffice/formulare/{uuid4()}/rueckmeldungen/"):
        assert author.get(missing).status_code == 404
        assert author.post(f"{missing}{row.pk}/erledigt/").status_code == 404
    assert author.post(wrong_form).status_code == 404
    assert author.post(f"{form_page(mine)}{uuid4()}/erledigt/").status_code == 404


def test_the_share_counts_applications_and_not_requests(maren: tuple[User, Clerk], author: Client) -> None:
    clerk = maren[1]
    cases = [make_application(state=State.PROCESSING, assignee_id=clerk.user_id) for _ in range(4)]
    old = make_application(submitted_at=timezone.now() - timedelta(days=500))
    day = clock.today() + timedelta(days=7)
    with scope.authority(clerk.authority_id):
        for case, questions in ((cases[0], ["hunde.name", "email"]), (cases[1], ["hunde.name"]), (cases[2], None)):
            deciding.ask_back(case, text="Bitte.", documents=[], due_on=day, questions=questions, by=clerk)
        for case in (cases[0], old):
            CorrectionRequest.objects.create(
                application=case,
                authority_id=clerk.authority_id,
                text=b"x",
                documents=b"x",
                questions=["hunde.name", "weg"],
                due_on=day,
                asked_by_id=clerk.user_id,
                closed_at=timezone.now(),
            )
        form = cases[0].offering.form
        assert queries.filed_lately(form) == 4
        assert queries.asked_again_lately(form) == {"hunde.name": 2, "email": 1, "weg": 1}
    told = " ".join(page_of(author, form_page(cases[0])).tree.text_content().split())
    assert "In den letzten 12 Monaten kamen 4 Anträge mit diesem Formular." in told
    assert "Nachgefordert bei 2 von 4 Anträgen (50 %)" in told
    assert "Diese Frage steht nicht mehr im Formular." in told


def test_a_clerk_may_name_the_questions_when_asking_back(client: Client, maren: tuple[User, Clerk]) -> None:
    application = make_application(state=State.PROCESSING, assignee_id=maren[1].user_id)
    where = f"/backoffice/vorgang/{application.reference}/nachfordern/"
    page = page_of(client, where)
    sent = {
        "text": "Bitte das Alter.",
        "due_on": (clock.today() + timedelta(days=14)).isoformat(),
        "seen_no": page.tree.xpath("//input[@name='seen_no']/@value")[0],
    }
    answer = client.post(where, sent | {"questions": ["erfunden"]})
    assert answer.status_code == 422
    assert "Wählen Sie Fragen aus der Liste." in answer.content.decode()
    assert client.post(where, sent | {"questions": ["hunde.name"]}).status_code == 302
    with scope.system("look"):
        assert CorrectionRequest.objects.get().questions == ["hunde.name"]


def test_more_remarks_ask_no_more(client: Client, author: Client) -> None:
    application = make_application()
    page_of(author, form_page(application))
    counts = []
    for paths in (["hunde.name"], ["email", "hunde.rasse"]):
        for path in paths:
            assert remark(client, application, path=path).status_code == 302
        with CaptureQueriesContext(connection) as asked:
            page_of(author, form_page(application))
        counts.append(len(asked))
    assert counts == [QUERIES, QUERIES]
