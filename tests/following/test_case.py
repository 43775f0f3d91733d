"""The case page: what it says first, who may see it, and what it hides until a notice is made known."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree, html

from accounts.people import Applicant
from applications.models import Application, CorrectionAnswer, CorrectionRequest
from applications.states import State
from foundation import scope
from foundation.ids import new_reference
from postbox.models import PostboxItem
from tests.factories import make_application, make_user
from tests.following.rows import BERLIN, ask, decide, make_document


def open_case(client: Client, application: Application, more: str = "") -> str:
    answer = client.get(f"/vorgang/{application.reference}/{more}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_open_case_says_that_nothing_is_to_be_done_and_by_when_the_office_decides(
    client: Client, person: Applicant
) -> None:
    case = make_application(party_id=person.party_id, state=State.PROCESSING, due_on=date(2099, 12, 21))
    page = open_case(client, case)
    assert "Sie müssen gerade nichts tun" in page
    assert "Montag, 21. Dezember 2099" in page
    assert "Wird bearbeitet" in page
    assert case.department.phone in page


def test_a_late_case_names_no_date_that_has_passed(client: Client, person: Applicant) -> None:
    case = make_application(party_id=person.party_id, state=State.PROCESSING, due_on=date(2020, 3, 2))
    page = open_case(client, case)
    assert "Wir brauchen länger als geplant" in page
    assert "2. März 2020" not in page


def test_the_receipt_is_named_while_it_is_being_made(client: Client, person: Applicant) -> None:
    case = make_application(party_id=person.party_id)
    assert "wird gerade erstellt" in open_case(client, case)
    waiting = client.get(f"/vorgang/{case.reference}/bestaetigung.pdf")
    assert waiting.status_code == 404
    assert "Wir erstellen Ihre Bestätigung gerade" in waiting.content.decode()


def test_what_the_office_asked_stands_first_with_its_weekday(client: Client, person: Applicant) -> None:
    case = make_application(party_id=person.party_id, state=State.ACTION_REQUIRED)
    ask(case, "Der Chip ist nicht lesbar.", ["Foto des Ausweises"], date(2099, 12, 4))
    page = open_case(client, case)
    assert page.index("Freitag, 4. Dezember 2099") < page.index("Dokumente</h2>")
    assert "Der Chip ist nicht lesbar." in page
    assert "Foto des Ausweises" in page


def test_the_outcome_is_hidden_until_the_document_was_opened(client: Client, person: Applicant) -> None:
    case = make_application(party_id=person.party_id, state=State.COMPLETED)
    decide(case, outcome="refused")
    item = make_document(case)

    page = open_case(client, case)
    assert "Ein Dokument liegt in Ihrem Postfach" in page
    assert "abgelehnt" not in page
    assert client.get(f"/vorgang/{case.pk}/bescheid/").status_code == 409

    client.post(f"/postfach/{item.pk}/oeffnen/")
    assert "Wir haben entschieden: abgelehnt" in open_case(client, case)
    notice = client.get(f"/vorgang/{case.pk}/bescheid/").content.decode()
    assert "Ihr Hund ist angemeldet." in notice
    assert case.reference in notice


def test_the_girocode_lies_on_white_also_where_the_page_is_dark(client: Client, person: Applicant) -> None:
    case = make_application(party_id=person.party_id, state=State.COMPLETED)
    decide(case, fee=Decimal("61.40"), fee_due_on=date(2099, 12, 28))
    item = make_document(case)
    client.post(f"/postfach/{item.pk}/oeffnen/")
    page = html.fromstring(client.get(f"/vorgang/{case.pk}/bescheid/").content)
    (address,) = page.xpath("//img[starts-with(@alt, 'GiroCode')]/@src")
    drawn = etree.fromstring(unquote(address.partition(",")[2]).encode())
    grounds = [shape.get("d") for shape in drawn.iter("{*}path") if shape.get("fill") == "#fff"]
    assert grounds
    assert grounds[0].startswith("M0 0h")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Der Bescheid kommt mit der Post."),
        (
            {"posted_on": date(2026, 11, 3), "effective_on": date(2026, 11, 7)},
            "am 3. November 2026 mit der Post geschickt",
        ),
    ],
)
def test_a_letter_is_told_of_before_and_after_posting(
    client: Client, person: Applicant, fields: dict, sentence: str
) -> None:
    case = make_application(party_id=person.party_id, state=State.COMPLETED)
    decide(case, regime="letter")
    make_document(case, regime="letter", **fields)
    assert sentence in open_case(client, case)


def test_a_guest_reads_that_the_letter_comes(guest_case: Callable[..., tuple[Application, str]]) -> None:
    case, code = guest_case(state=State.COMPLETED)
    decide(case, regime="letter")
    guest = Client()
    guest.post("/vorgang/", {"nummer": case.reference, "code": code})
    assert "Der Bescheid kommt mit der Post." in open_case(guest, case)


def test_somebody_unknown_is_asked_for_the_code(city: None) -> None:
    case = make_application()
    answer = Client().get(f"/vorgang/{case.reference}/")
    assert (answer.status_code, answer.url) == (302, f"/vorgang/?nummer={case.reference}")


@pytest.mark.asvs("V8.2.2")
@pytest.mark.parametrize("page", ["", "antwort/", "zurueckziehen/", "bestaetigung.pdf", "datei/{file}/"])
def test_a_stranger_reads_the_same_as_for_a_number_that_does_not_exist(client: Client, page: str) -> None:
    foreign = make_application(state=State.ACTION_REQUIRED)
    page = page.format(file=foreign.pk)
    method = client.post if page == "antwort/" else client.get
    theirs = method(f"/vorgang/{foreign.reference}/{page}")
    nobodys = method(f"/vorgang/{new_reference('HRO', 2026)}/{page}")
    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert "Diesen Vorgang finden wir nicht." in theirs.content.decode()
    assert "Diesen Vorgang finden wir nicht." in nobodys.content.decode()


def test_a_mistyped_reference_is_told_so(client: Client) -> None:
    answer = client.get("/vorgang/HRO-2026-AAAA-AAAA/")
    assert answer.status_code == 404
    assert "Prüfen Sie die Nummer" in answer.content.decode()


def test_reading_a_case_writes_nothing(client: Client, person: Applicant) -> None:
    case = make_application(party_id=person.party_id)
    open_case(client, case)
    with scope.for_person(person, read_only=True):
        assert Application.objects.get(pk=case.pk).changed_at == Application.objects.get(pk=case.pk).submitted_at


def test_withdrawing_asks_first_and_then_ends_the_case(client: Client, person: Applicant) -> None:
    case = make_application(party_id=person.party_id, state=State.ACTION_REQUIRED)
    question = ask(case, "Foto?", [], date(2099, 1, 2))
    assert "Möchten Sie den Antrag zurückziehen?" in open_case(client, case, "zurueckziehen/")

    done = client.post(f"/vorgang/{case.reference}/zurueckziehen/", follow=True)
    assert "Sie haben den Antrag zurückgezogen" in done.content.decode()
    with scope.for_person(person, read_only=True):
        assert Application.objects.get(pk=case.pk).state == State.WITHDRAWN
        assert case.corrections.get(pk=question.pk).closed_at is not None


def test_withdrawing_twice_is_refused_with_a_sentence(client: Client, person: Applicant) -> None:
    case = make_application(party_id=person.party_id, state=State.WITHDRAWN)
    again = client.post(f"/vorgang/{case.reference}/zurueckziehen/")
    assert again.status_code == 409
    assert "Das geht bei diesem Stand nicht mehr." in again.content.decode()


def test_a_document_is_opened_by_post_and_only_by_its_party(client: Client, person: Applicant) -> None:
    case = make_application(party_id=person.party_id, state=State.COMPLETED)
    item = make_document(case)
    address = f"/postfach/{item.pk}/"

    shown = client.get(address).content.decode()
    assert "Dokument öffnen" in shown
    assert client.get(f"{address}dokument.pdf").status_code == 409
    assert client.get(f"{address}oeffnen/").status_code == 405
    with scope.for_person(person, read_only=True):
        assert PostboxItem.objects.get(pk=item.pk).retrieved_at is None

    stranger = Client()
    stranger.force_login(make_user("jonas@example.org"))
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}oeffnen/").status_code == 404

    opened = client.post(f"{address}oeffnen/", follow=True).content.decode()
    assert "Gilt als bekannt gegeben am" in opened
    file = client.get(f"{address}dokument.pdf")
    assert file.content == b"%PDF-1.7 notice"
    assert file["Content-Disposition"].startswith("attachment")
    assert "sandbox" in file["Content-Security-Policy"]
    assert file["X-Content-Type-Options"] == "nosniff"


def test_a_document_that_was_not_opened_in_time_says_that_it_comes_by_post(client: Client, person: Applicant) -> None:
    case = make_application(party_id=person.party_id, state=State.COMPLETED)
    told = datetime.now(BERLIN) - timedelta(days=20)
    item = make_document(case, notified_at=told, ended_at=datetime.now(BERLIN))
    page = client.get(f"/postfach/{item.pk}/").content.decode()
    assert "Wir schicken Ihnen das Dokument mit der Post." in page
    assert "Dokument öffnen</span>" not in page


def test_three_questions_cost_as_many_queries_as_one(client: Client, person: Applicant) -> None:
    case = make_application(party_id=person.party_id, state=State.PROCESSING)

    def cost() -> int:
        with CaptureQueriesContext(connection) as made:
            open_case(client, case)
        return len(made)

    def add() -> None:
        question = ask(case, "Foto?", ["Foto"], date(2099, 1, 2))
        with scope.for_person(person):
            CorrectionRequest.objects.filter(pk=question.pk).update(closed_at=timezone.now())
            sealed = case.seal(f"answer:{question.pk}:text", "Habe ich nicht.")
            CorrectionAnswer.objects.create(request=question, authority_id=case.authority_id, text=sealed)

    add()
    cost()  # the first request of a sitting writes when it began
    one = cost()
    add()
    add()
    assert (one, cost()) == (21, 21)  # four of them note the look


@pytest.fixture
def idea(person: Applicant) -> Callable[..., Application]:
    """An idea of the person: the office answers it and decides nothing."""

    def make(**fields: Any) -> Application:
        fields |= {"service": "wuensche-und-ideen", "department": "buero-ob"}
        return make_application(party_id=person.party_id, due_on=date(2099, 12, 21), **fields)

    return make


def test_who_has_an_idea_is_told_of_an_answer_and_never_of_a_decision(
    client: Client, idea: Callable[..., Application]
) -> None:
    asked, answered, withdrawn = idea(), idea(state=State.COMPLETED), idea(state=State.WITHDRAWN)
    decide(answered, outcome="answered")
    item = make_document(answered)
    client.post(f"/postfach/{item.pk}/oeffnen/")
    pages = [client.get(f"/vorgang/{case.reference}/") for case in (asked, answered, withdrawn)]
    pages.append(client.get(f"/vorgang/{asked.reference}/zurueckziehen/"))
    for page in pages:
        (main,) = html.fromstring(page.content).xpath("//main")
        words = main.text_content().replace("Meine Anträge", "")
        assert not re.search("entscheiden|entschieden|genehmig|Bescheid|Antrag", words, re.IGNORECASE), words
    assert "Wir antworten voraussichtlich bis" in pages[0].content.decode()
    assert "Wir haben geantwortet" in pages[1].content.decode()
    assert "Antwort lesen" in pages[1].content.decode()


def test_the_notice_is_german_throughout_and_the_page_around_it_english(client: Client, person: Applicant) -> None:
    case = make_application(party_id=person.party_id, state=State.COMPLETED)
    decide(case, fee=Decimal("61.40"), fee_due_on=date(2099, 12, 28))
    item = make_document(case)
    client.post(f"/postfach/{item.pk}/oeffnen/")
    in_english = {"HTTP_ACCEPT_LANGUAGE": "en"}
    notice = client.get(f"/vorgang/{case.pk}/bescheid/", **in_english).content.decode()
    assert "Überweisen Sie 61,40 Euro bis zum 28. Dezember 2099." in notice
    page = client.get(f"/vorgang/{case.reference}/", **in_english).content.decode()
    assert "Monday, 28 December 2099" in page
