"""Asking back and deciding: the notice is seen before, a fault keeps what was typed."""

import pytest
from django.test import Client

from accounts.people import Clerk, CodeHolder
from applications.following import use_cases as following
from applications.models import Application, Decision
from applications.states import State
from foundation import scope
from foundation.audit.models import AuditEvent
from tests.backoffice.cases import CODE, IN_A_YEAR, address, page_of, ruling, state_of, words
from tests.drain import drain
from tests.factories import make_application, make_clerk
from tests.frame.pages import Page


def test_question_and_answer_stay_side_by_side(client: Client, mine: Application) -> None:
    answer = client.post(
        address(mine, "nachfordern/"),
        {
            "text": "Uns fehlt die Chipnummer.",
            "documents": "Foto des Chips\n\n Impfpass ",
            "due_on": IN_A_YEAR,
            "seen_no": 3,
        },
    )
    assert answer.status_code == 302
    assert state_of(mine) == State.ACTION_REQUIRED
    waiting = words(page_of(client, mine))
    assert "Uns fehlt die Chipnummer." in waiting
    assert "Impfpass" in waiting
    assert "Noch keine Antwort." in waiting
    citizen = CodeHolder(CODE)
    with scope.for_person(citizen):
        question = mine.corrections.get()
        following.answer_correction(mine, question=question, text="Hier ist sie.", by=citizen)
    answered = words(page_of(client, mine))
    assert "Uns fehlt die Chipnummer." in answered
    assert "Hier ist sie." in answered
    assert "Antwort eingegangen" in answered


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"text": ""}, "Schreiben Sie, was fehlt."),
        ({"due_on": "31.2.2027"}, "Geben Sie ein Datum ein, zum Beispiel 3.12.2026."),
        ({"due_on": "2020-01-01"}, "Geben Sie einen Tag in der Zukunft ein"),
    ],
)
def test_wrong_question_is_refused_with_a_sentence_and_keeps_what_was_typed(
    client: Client, mine: Application, change: dict[str, str], sentence: str
) -> None:
    typed = {"text": "Uns fehlt etwas.", "documents": "Foto des Chips", "due_on": IN_A_YEAR, "seen_no": "3", **change}
    response = client.post(address(mine, "nachfordern/"), typed)
    assert response.status_code == 422
    page = Page(response)
    assert page.faults() == []
    assert page.title().startswith("Fehler: ")
    assert sentence in words(page)
    assert "Foto des Chips" in page.text
    assert state_of(mine) == State.PROCESSING


def test_notice_is_seen_before_it_is_decided(client: Client, mine: Application) -> None:
    response = client.post(address(mine, "entscheiden/"), ruling(mine, "preview"))
    page = Page(response)
    assert page.faults() == []
    for part in ("wir genehmigen Ihren Antrag", "Der Hund ist jetzt angemeldet.", "108,00 Euro", "Widerspruch"):
        assert part in words(page)
    assert state_of(mine) == State.PROCESSING
    hidden = {field.get("name"): field.get("value") for field in page.tree.xpath("//article/following::form//input")}
    assert hidden["reason"] == "Der Hund ist jetzt angemeldet."
    del hidden["csrfmiddlewaretoken"]
    assert client.post(address(mine, "entscheiden/"), {**hidden, "action": "decide"}).status_code == 302
    assert state_of(mine) == State.COMPLETED


def test_decided_case_shows_the_notice_with_the_same_words_and_its_pdf(client: Client, mine: Application) -> None:
    client.post(address(mine, "entscheiden/"), ruling(mine, "decide"))
    drain()
    with scope.system("look", read_only=True):
        decision = Decision.objects.get()
    page = page_of(client, mine)
    assert "Der Brief ist noch nicht aufgegeben." in words(page)
    assert "Der Hund ist jetzt angemeldet." in words(page_of(client, mine, "bescheid/"))
    pdf = client.get(address(mine, f"bescheid/{decision.pk}.pdf"))
    assert pdf.content.startswith(b"%PDF")


def test_changing_the_ruling_after_the_preview_keeps_what_was_typed(client: Client, mine: Application) -> None:
    response = client.post(address(mine, "entscheiden/"), ruling(mine, "change"))
    assert "Der Hund ist jetzt angemeldet." in Page(response).text
    assert state_of(mine) == State.PROCESSING


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2099-01-01", "Dieser Tag passt nicht."),
        ("1999-12-31", "Dieser Tag passt nicht."),
        ("31.2.2027", "Geben Sie ein Datum ein, zum Beispiel 3.12.2026."),
        ("", "Geben Sie ein Datum ein, zum Beispiel 3.12.2026."),
    ],
)
def test_wrong_day_of_payment_stays_in_its_field_with_a_sentence(
    client: Client, mine: Application, day: str, sentence: str
) -> None:
    client.post(address(mine, "entscheiden/"), ruling(mine, "decide"))
    with scope.system("look", read_only=True):
        decision = Decision.objects.get()
    response = client.post(address(mine, f"zahlung/{decision.pk}/"), {"day": day})
    assert response.status_code == 422
    page = Page(response)
    assert page.faults() == []
    assert page.title().startswith("Fehler: ")
    assert page.headings() == ["Lena Kogge"]
    (control,) = page.tree.xpath("//input[@name='day']")
    assert control.get("value", "") == day
    assert page.tree.xpath("//a[starts-with(@href, '#bezahlt-')]/@href") == [f"#{control.get('id')}"]
    assert sentence in words(page)
    with scope.system("look", read_only=True):
        assert AuditEvent.objects.filter(action="application.read", object_id=mine.pk).count() == 1
        assert not decision.payments.exists()


def test_double_click_decides_once(client: Client, mine: Application) -> None:
    assert client.post(address(mine, "entscheiden/"), ruling(mine, "decide")).status_code == 302
    assert client.post(address(mine, "entscheiden/"), ruling(mine, "decide")).status_code == 409
    with scope.system("look", read_only=True):
        assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"outcome": ""}, "Wählen Sie, wie Sie entscheiden."),
        ({"reason": ""}, "Schreiben Sie, wie und warum"),
        ({"fee": "viel"}, "Geben Sie einen Betrag ein, zum Beispiel 108,00."),
        ({"fee": "-1"}, "Geben Sie einen Betrag über 0 Euro ein, oder lassen Sie das Feld leer."),
        ({"fee": "0"}, "Geben Sie einen Betrag über 0 Euro ein, oder lassen Sie das Feld leer."),
        ({"fee": "12,345"}, "Geben Sie einen Betrag ein, zum Beispiel 108,00."),
        ({"fee": "99999999999"}, "Geben Sie einen Betrag unter 100 Millionen Euro ein."),
        ({"fee": ""}, "oder lassen Sie beides leer."),
        ({"regime": "retrieval"}, "Wählen Sie, wie der Bescheid zur Person kommt."),
    ],
)
def test_wrong_ruling_is_refused_with_a_sentence(
    client: Client, mine: Application, change: dict[str, str], sentence: str
) -> None:
    response = client.post(address(mine, "entscheiden/"), ruling(mine, "decide", **change))
    assert response.status_code == 422
    page = Page(response)
    assert page.faults() == []
    assert sentence in words(page)
    assert state_of(mine) == State.PROCESSING


def test_retrieval_is_offered_only_with_consent(client: Client, clerk: Clerk, mine: Application) -> None:
    assert "Abruf im Postfach" not in page_of(client, mine, "entscheiden/").text.replace(
        "Für den Abruf im Postfach", ""
    )
    agreed = make_application(state=State.PROCESSING, assignee_id=clerk.user_id, retrieval_consent=True)
    assert page_of(client, agreed, "entscheiden/").count("//input[@value='retrieval'][@checked]") == 1


@pytest.mark.parametrize("page", ["nachfordern/", "entscheiden/"])
def test_form_opens_only_for_who_works_on_the_case(client: Client, page: str) -> None:
    _user, colleague = make_clerk("colleague@example.org")
    for fields in ({"state": State.RECEIVED}, {"state": State.PROCESSING, "assignee_id": colleague.user_id}):
        application = make_application(**fields)
        answer = client.get(address(application, page), follow=True)
        assert answer.redirect_chain == [(address(application), 302)]
        assert "Das geht gerade nicht." in answer.content.decode()
