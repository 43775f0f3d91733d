from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from accounts import profile
from accounts.people import Clerk, CodeHolder
from applications.deciding import use_cases
from applications.following import use_cases as following
from applications.models import Application, Attachment, Decision
from applications.states import State
from foundation import files, scope
from foundation.audit.models import AuditEvent
from tests.drain import drain
from tests.factories import make_application, make_clerk
from tests.frame.pages import Page

CODE = b"x" * 32
PDF = b"%PDF-1.4 kept as it came"
IN_A_YEAR = (date.today() + timedelta(days=365)).isoformat()


@pytest.fixture
def mine(clerk: Clerk) -> Application:
    return make_application(state=State.PROCESSING, assignee_id=clerk.user_id, access_digest=CODE, name="Lena Kogge")


def address(application: Application, page: str = "") -> str:
    return f"/backoffice/vorgang/{application.reference}/{page}"


def filled(page: Page) -> dict[str, str]:
    """What the form of the page would send."""
    form = page.tree.xpath("//main//form")[0]
    # A browser leaves out the newline that a textarea begins with.
    return {name: value.removeprefix("\n") for name, value in form.form_values() if name != "csrfmiddlewaretoken"}


def page_of(client: Client, application: Application, page: str = "") -> Page:
    response = client.get(address(application, page))
    assert response.status_code == 200
    page = Page(response)
    assert page.faults() == []
    return page


def words(page: Page) -> str:
    return " ".join(page.tree.text_content().split())


def state_of(application: Application) -> str:
    with scope.system("look", read_only=True):
        return Application.objects.get(pk=application.pk).state


def assignee_of(application: Application) -> UUID | None:
    with scope.system("look", read_only=True):
        return Application.objects.get(pk=application.pk).assignee_id


def attach(application: Application, path: str = "x") -> Attachment:
    with scope.authority(application.authority_id):
        stored = files.keep(
            PDF,
            authority_id=application.authority_id,
            keyset="rostock",
            subject_id=application.pk,
            media_type="application/pdf",
        )
        attachment = Attachment(
            application_id=application.pk, authority_id=application.authority_id, path=path, file=stored
        )
        attachment.name = application.seal(f"attachment:{attachment.pk}", "Größe & <b>.pdf")
        attachment.save(force_insert=True)
    return attachment


def ruling(application: Application, action: str, **changes: Any) -> dict[str, Any]:
    return {
        "action": action,
        "outcome": "approved",
        "reason": "Der Hund ist jetzt angemeldet.",
        "fee": "108,00",
        "fee_due_on": IN_A_YEAR,
        "regime": "letter",
        "seen_no": application.state_no,
        **changes,
    }


@pytest.mark.asvs("V8.2.2", "V8.4.1")
def test_case_of_another_department_or_authority_is_not_found(client: Client) -> None:
    for foreign in (
        make_application(department="stadtamt"),
        make_application(authority="schwerin", department="finanzen"),
    ):
        for page in ("", "nachfordern/", "entscheiden/", "bescheid/"):
            assert client.get(address(foreign, page)).status_code == 404
        assert client.post(address(foreign, "uebernehmen/")).status_code == 404


@pytest.mark.asvs("V16.3.2")
@pytest.mark.tr("A3.14.03")
def test_reading_a_case_leaves_an_access_record(client: Client, clerk: Clerk, mine: Application) -> None:
    page = page_of(client, mine)
    assert page.headings() == ["Lena Kogge"]
    with scope.system("look", read_only=True):
        event = AuditEvent.objects.get(action="application.read")
    assert (event.object_id, event.actor_id) == (mine.pk, clerk.user_id)


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


def test_file_says_which_question_it_answers(client: Client, mine: Application) -> None:
    attach(mine, "hunde-k3f9x2-nachweis_gefaehrlich")
    attach(mine)
    named = page_of(client, mine).tree.xpath("//ul[@class='portal-files']/li")
    told = [" ".join(line.text_content().split()) for line in named]
    assert sum("Wesenstest oder Nachweis der Kastration" in line for line in told) == 1


@pytest.mark.asvs("V3.2.1", "V5.4.1", "V5.4.2")
def test_file_comes_as_a_download_that_no_browser_runs(client: Client, mine: Application) -> None:
    attachment = attach(mine)
    assert "Größe &amp; &lt;b&gt;.pdf" in page_of(client, mine).text
    response = client.get(address(mine, f"datei/{attachment.pk}/"))
    assert response.content == PDF
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


@pytest.mark.asvs("V8.2.2")
def test_file_of_another_case_is_not_found(client: Client, mine: Application) -> None:
    other = attach(make_application())
    assert client.get(address(mine, f"datei/{other.pk}/")).status_code == 404


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


def test_list_is_walked_from_case_to_case(client: Client) -> None:
    first, second, third = (make_application(due_on=date.today() + timedelta(days=day)) for day in (5, 6, 7))
    page = Page(client.get(address(second) + "?ansicht=neu"))
    assert page.tree.xpath("//a[@rel='prev']/@href") == [address(first) + "?ansicht=neu"]
    assert page.tree.xpath("//a[@rel='next']/@href") == [address(third) + "?ansicht=neu"]
    assert "Zurück zu „Neu“" in page.text


@pytest.mark.parametrize("page", ["nachfordern/", "entscheiden/"])
def test_form_opens_only_for_who_works_on_the_case(client: Client, page: str) -> None:
    _user, colleague = make_clerk("colleague@example.org")
    for fields in ({"state": State.RECEIVED}, {"state": State.PROCESSING, "assignee_id": colleague.user_id}):
        application = make_application(**fields)
        answer = client.get(address(application, page), follow=True)
        assert answer.redirect_chain == [(address(application), 302)]
        assert "Das geht gerade nicht." in answer.content.decode()
