"""After a fault: one message to all whom it touched, once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from accounts.people import Clerk
from applications.asking.queries import messages_of
from applications.models import Announcement, Application, Message
from applications.telling import queries, use_cases
from foundation import outbox, scope
from foundation.audit.models import AuditEvent
from foundation.ids import code_digest, new_code, new_id
from foundation.outbox.models import OutboxRow
from tests.at_once import at_once
from tests.drain import drain
from tests.factories import make_clerk, make_user
from tests.telling.fault import BEFORE, DURING, SERVICE, SINCE, UNTIL, filed, local

pytestmark = pytest.mark.usefixtures("city")

PAGE, WRITE = "/backoffice/stoerungen/betroffene/", "/backoffice/stoerungen/betroffene/schreiben/"
CHOSEN = {"leistung": SERVICE, "von": local(SINCE), "bis": local(UNTIL)}


def signed_in(role: str = "head", **where: Any) -> tuple[Client, Clerk]:
    user, clerk = make_clerk(f"{role}@example.org", role=role, **{"department": None, **where})
    client = Client(headers={"accept-language": "de"})
    client.force_login(user)
    return client, clerk


@pytest.fixture
def head() -> Client:
    return signed_in()[0]


def main_of(answer: HttpResponse, status: int = 200) -> html.HtmlElement:
    assert answer.status_code == status
    return html.fromstring(answer.content).xpath("//main")[0]


def words(page: html.HtmlElement) -> str:
    return " ".join(page.text_content().split())


def fields_of(page: html.HtmlElement) -> dict[str, str]:
    """What the browser would send back from the page's form."""
    [form] = page.xpath(f".//form[@action='{WRITE}']")
    return {name: value or "" for name, value in form.form_values()}


def previewed(client: Client, **typed: str) -> dict[str, str]:
    """What stands in the preview's form, ready to be sent."""
    written = fields_of(main_of(client.get(PAGE, CHOSEN))) | typed
    return fields_of(main_of(client.post(WRITE, written | {"action": "preview"}))) | {"action": "send"}


def said_at(case: Application) -> list[str]:
    with scope.system("a test looks"):
        return [line.text for line in messages_of(case)]


def test_the_page_lists_number_state_and_reason_and_nothing_of_a_person(head: Client) -> None:
    case = filed(name="Lena Kogge")
    page = main_of(head.get(PAGE, CHOSEN))
    assert "1 betroffener Vorgang" in words(page)
    assert f"{case.reference} Angekommen abgesendet, geändert" in words(page)
    assert "Kogge" not in words(page)
    [sentence] = re.findall(r"am [^.]+\. [^ ]+ \d{4} von \d\d:\d\d bis \d\d:\d\d Uhr gab es", words(page))
    assert "Sie müssen nichts tun." in words(page), sentence


#: What a look at the list asks: sitting, roles (each with its scope), services, cases twice, announcements.
QUESTIONS = 19


@pytest.mark.parametrize("cases", [1, 3])
def test_the_list_asks_the_database_as_often_for_three_cases_as_for_one(head: Client, cases: int) -> None:
    for _ in range(cases):
        filed()
    head.get(PAGE)
    with CaptureQueriesContext(connection) as asked:
        page = main_of(head.get(PAGE, CHOSEN))
    assert len(page.xpath(".//tbody/tr")) == cases
    assert len(asked) == QUESTIONS, [query["sql"] for query in asked]


def test_the_list_goes_on_where_the_page_ends(head: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backoffice.queries.faults.PAGE_SIZE", 2)
    cases = [filed(DURING + timedelta(minutes=no)) for no in range(3)]
    first = main_of(head.get(PAGE, CHOSEN))
    assert "3 betroffene Vorgänge" in words(first)
    assert cases[2].reference not in words(first)
    second = words(main_of(head.get(PAGE + first.xpath(".//a[@rel='next']/@href")[0].removeprefix(PAGE))))
    assert cases[2].reference in second
    assert cases[1].reference not in second


def test_everybody_touched_reads_it_at_the_case_and_is_told_by_mail_once(head: Client) -> None:
    lena = make_user()
    mine = filed(party_id=lena.party.pk, acting_user_id=lena.pk)
    guests = filed(access_digest=code_digest(new_code()))
    with scope.system("a guest left an address"):
        sealed = guests.seal("contact_email", "gast@example.org")
        Application.objects.filter(pk=guests.pk).update(contact_email=sealed, asked_at=DURING)
    untouched = filed(BEFORE)
    answer = head.post(WRITE, previewed(head, subject="Panne", text="Alles ist gut."), follow=True)
    assert "Ihre Nachricht geht jetzt zu 2 Vorgängen." in words(main_of(answer))
    drain()
    assert said_at(mine) == said_at(guests) == ["Panne\n\nAlles ist gut."]
    assert said_at(untouched) == []
    assert sorted(message.to[0] for message in mail.outbox) == ["gast@example.org", lena.email]
    assert not any("Panne" in message.subject + message.body for message in mail.outbox)
    citizen = Client(headers={"accept-language": "de"})
    citizen.force_login(lena)
    assert "Alles ist gut." in citizen.get(f"/vorgang/{mine.reference}/").content.decode()
    with scope.system("a test looks"):
        assert Application.objects.get(pk=guests.pk).asked_at == DURING, "a question still waits for its answer"


def test_it_is_written_down_as_one_announcement_and_at_each_case() -> None:
    client, clerk = signed_in("operator")
    case = filed()
    client.post(WRITE, previewed(client))
    drain()
    with scope.system("a test looks"):
        sent = Announcement.objects.get()
        assert (sent.by_user_id, sent.number) == (clerk.user_id, 1)
        assert (local(sent.since), local(sent.until)) == (CHOSEN["von"], CHOSEN["bis"])
        one = AuditEvent.objects.get(action="announcement.sent")
        assert (one.object_id, one.actor_id) == (sent.pk, clerk.user_id)
        assert one.refs == {"service": SERVICE, "number": 1}
        told = AuditEvent.objects.get(action="application.told")
        assert (told.object_id, told.actor_id) == (case.pk, clerk.user_id)
        assert told.refs == {"message": str(Message.objects.get().pk), "announcement": str(sent.pk)}
    assert "Schon geschrieben" in words(main_of(client.get(PAGE)))


def test_it_goes_once_when_it_is_sent_twice_at_the_same_moment(head: Client) -> None:
    cases = [filed() for _ in range(3)]
    ready = previewed(head)

    def send(_no: int) -> int:
        client = Client()
        client.cookies = head.cookies.copy()
        return client.post(WRITE, ready).status_code

    assert at_once(2, send) == [302, 302]
    drain()
    assert [len(said_at(case)) for case in cases] == [1, 1, 1]
    with scope.system("a test looks"):
        assert Announcement.objects.count() == 1
        assert AuditEvent.objects.filter(action="announcement.sent").count() == 1
    assert head.post(WRITE, ready).status_code == 302
    assert OutboxRow.objects.filter(kind=queries.KIND).count() == 3


def test_the_database_keeps_one_message_per_announcement_and_case(head: Client) -> None:
    case = filed()
    head.post(WRITE, previewed(head))
    drain()
    # Somebody puts the wish a second time, past the outbox's own law.
    OutboxRow.objects.filter(kind=queries.KIND).delete()
    with scope.system("a test looks"):
        sent = Announcement.objects.get()
    outbox.put_for_all(queries.KIND, authority_id=case.authority_id, subject_ids=[case.pk], target=str(sent.pk))
    with pytest.raises(AssertionError, match="IntegrityError"):
        drain()
    assert len(said_at(case)) == 1


@pytest.mark.asvs("V8.2.2", "V8.4.1")
def test_cases_of_another_authority_or_office_are_never_touched() -> None:
    foreign, elsewhere = filed(authority="schwerin", department="finanzen"), filed(department="buero-ob")
    mine, unrouted = filed(), filed()
    with scope.system("a test takes the department away"):
        Application.objects.filter(pk=unrouted.pk).update(department=None)
    client, _clerk = signed_in(department="steuern")
    page = words(main_of(client.get(PAGE, CHOSEN)))
    assert "2 betroffene Vorgänge" in page
    client.post(WRITE, previewed(client))
    drain()
    assert [len(said_at(case)) for case in (mine, unrouted, elsewhere, foreign)] == [1, 1, 0, 0]


@pytest.mark.parametrize("role", ["clerk", "form_author", "data_protection"])
@pytest.mark.asvs("V8.2.1")
def test_others_find_no_such_page(role: str) -> None:
    client, _clerk = signed_in(role)
    assert client.get(PAGE).status_code == 404
    assert client.post(WRITE, CHOSEN).status_code == 404


def test_what_was_written_is_shown_before_it_goes_and_can_be_changed(head: Client) -> None:
    filed()
    ready = previewed(head, subject="Panne", text="Erste Zeile\nzweite Zeile")
    assert not OutboxRow.objects.exists()
    again = fields_of(main_of(head.post(WRITE, ready | {"action": "change"})))
    assert (again["subject"], again["text"].split()) == ("Panne", ["Erste", "Zeile", "zweite", "Zeile"])
    assert again["announcement"] == ready["announcement"]


def test_other_cases_than_the_writer_saw_are_not_written_to(head: Client) -> None:
    filed()
    ready = previewed(head)
    filed()
    page = main_of(head.post(WRITE, ready), 409)
    assert "Inzwischen sind 2 Vorgänge betroffen." in words(page)
    assert not OutboxRow.objects.exists()
    assert head.post(WRITE, fields_of(page) | {"action": "send"}).status_code == 302


def test_too_many_cases_are_no_announcement(head: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use_cases, "MOST", 1)
    filed(), filed()
    assert "Wählen Sie einen kürzeren Zeitraum." in words(main_of(head.post(WRITE, previewed(head)), 422))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"leistung": "nichts"}, "Wählen Sie eine Leistung."),
        ({"von": "gestern"}, "Geben Sie Tag und Uhrzeit ein"),
        ({"von": "0001-01-01T00:00"}, "höchstens ein Jahr zurück"),
        ({"bis": "9999-12-31T23:59"}, "Das Ende liegt in der Zukunft."),
        ({"bis": local(SINCE - timedelta(hours=1))}, "Das Ende liegt nach dem Anfang."),
    ],
)
def test_what_is_no_period_or_service_is_said(head: Client, wrong: dict[str, str], sentence: str) -> None:
    assert sentence in words(main_of(head.get(PAGE, CHOSEN | wrong), 422))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"text": " "}, "Schreiben Sie eine Nachricht."),
        ({"subject": ""}, "Schreiben Sie, worum es geht."),
        ({"announcement": "x"}, ""),
        ({"number": "viele"}, ""),
    ],
)
def test_what_is_missing_is_said_and_nothing_goes(head: Client, wrong: dict[str, str], sentence: str) -> None:
    filed()
    page = main_of(head.post(WRITE, previewed(head) | wrong), 422)
    assert sentence in words(page)
    assert not OutboxRow.objects.exists()


def test_an_id_that_another_authority_used_is_refused_without_telling(head: Client) -> None:
    foreign = filed(authority="schwerin", department="finanzen")
    used = new_id()
    with scope.authority(foreign.authority_id):
        Announcement.objects.create(
            id=used,
            authority_id=foreign.authority_id,
            offering_id=foreign.offering_id,
            since=SINCE,
            until=UNTIL,
            number=1,
            text=b"sealed",
            by_user_id=new_id(),
        )
    filed()
    page = main_of(head.post(WRITE, previewed(head) | {"announcement": str(used)}), 409)
    assert "Laden Sie die Seite neu" in words(page)
