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
from applications.remarking import use_cases as remarking
from applications.states import State
from authorities import clock
from foundation import scope
from foundation.audit.models import AuditEvent
from tests.backoffice.designer import author_of
from tests.backoffice.test_forms import LIST_QUERIES, page_of
from tests.carrying import forms as carried
from tests.factories import make_application, make_clerk
from tests.frame.pages import Page

#: As the list of forms, with which it shares all but five: two counts, the remarks, who wrote them, and what moved.
QUERIES = LIST_QUERIES + 5
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
        no = cases[0].form_version.no
        assert queries.asked_again_lately(form) == {(no, "hunde.name"): 2, (no, "email"): 1, (no, "weg"): 1}
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


# --- questions that moved ----------------------------------------------------------------------------------------

ORT, DAUER = carried.question("ort"), carried.question("dauer")
LAGE = {"type": "group", "key": "lage", "title": carried.text("Lage"), "items": [ORT]}
NEW_ORT = carried.question("ort", label=carried.text("Ort der Abgabe"))


@pytest.fixture
def office(form_of_its_own: None) -> Clerk:
    """A clerk of the authority that has the form."""
    return make_clerk("finanzen@example.org", authority="schwerin", department="finanzen")[1]


@pytest.fixture
def designer(form_of_its_own: None) -> Client:
    user, _clerk = make_clerk("moved@example.org", role="form_author", authority="schwerin", department=None)
    client = Client(headers={"accept-language": "de"})
    client.force_login(user)
    return client


def asks_again(path: str, office: Clerk) -> Application:
    """A case of the newest version, whose office asked about this question again and remarked on it."""
    case = carried.case({"ort": "Hafen"}, state=State.PROCESSING, assignee_id=office.user_id)
    with scope.authority(office.authority_id):
        day = clock.today() + timedelta(days=7)
        deciding.ask_back(case, text="Bitte.", documents=[], due_on=day, questions=[path], by=office)
        remarking.leave(case, path=path, text=f"Zu {path}.", by=office)
    return case


def told_of(designer: Client, case: Application) -> list[str]:
    """What the page says of each question, in its order."""
    page = page_of(designer, form_page(case))
    return [" ".join(panel.text_content().split()) for panel in page.tree.xpath("//main//*[@class='portal-panel']")]


def test_what_was_said_of_a_question_stands_where_a_new_version_has_moved_it(office: Clerk, designer: Client) -> None:
    carried.offer_form(carried.definition([ORT, DAUER]))
    asks_again("ort", office)
    carried.add(carried.definition([DAUER], [LAGE]))
    case = asks_again("lage.ort", office)
    [panel] = told_of(designer, case)
    assert panel.startswith("Ort Seite 2 Nachgefordert bei 2 von 2 Anträgen (100 %)")
    assert "Zu ort.Zu Version 1" in panel
    assert "Zu lage.ort.Zu Version 2" in panel
    with scope.system("look"):
        assert set(Remark.objects.values_list("path", flat=True)) == {"ort", "lage.ort"}


def test_another_question_at_the_old_place_gets_nothing_of_it(office: Clerk, designer: Client) -> None:
    carried.offer_form(carried.definition([ORT, DAUER]))
    asks_again("ort", office)
    carried.add(carried.definition([DAUER], [LAGE]))
    carried.add(carried.definition([NEW_ORT, DAUER], [LAGE]))
    case = asks_again("ort", office)
    new, moved = told_of(designer, case)
    assert new.startswith("Ort der Abgabe Seite 1 Nachgefordert bei 1 von 2 Anträgen (50 %)")
    assert "Zu Version 3" in new
    assert moved.startswith("Ort Seite 2 Nachgefordert bei 1 von 2 Anträgen (50 %)")
    assert "Zu Version 1" in moved


def test_a_question_that_is_gone_keeps_its_name(office: Clerk, designer: Client) -> None:
    carried.offer_form(carried.definition([ORT, DAUER]))
    asks_again("ort", office)
    carried.add(carried.definition([DAUER], [LAGE]))
    case = asks_again("lage.ort", office)
    carried.add(carried.definition([DAUER]))
    [panel] = told_of(designer, case)
    assert panel.startswith("Ort Diese Frage steht nicht mehr im Formular. Nachgefordert bei 2 von 2 Anträgen")
    with scope.system("look"):
        gone = Remark.objects.get(path="ort")
    where = f"{form_page(case)}{gone.pk}/erledigt/"
    assert designer.post(where).status_code == 302
    assert "Zu ort." not in told_of(designer, case)[0]
