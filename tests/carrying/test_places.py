"""A service that is open for a time and for so many: the page, the beginning and the submit say the same."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from lxml import html

from applications.models import Application, Draft
from catalogue.models import Offering
from foundation import clock, scope
from foundation.audit.models import AuditEvent
from tests import filler
from tests.carrying.forms import KEY, case, definition, offer_form, question
from tests.factories import make_clerk
from tests.frame.pages import Page

pytestmark = pytest.mark.usefixtures("form_of_its_own")

SERVICE = f"/leistungen/schwerin/{KEY}/"
FULL = "Es sind schon so viele Anträge da, wie wir annehmen können."
DAY = timedelta(days=1)


@pytest.fixture
def offering(form_of_its_own: None) -> Offering:
    return offer_form(definition([question("name")]))


def limit(offering: Offering, **limits: Any) -> None:
    with scope.system("a test sets limits"):
        Offering.objects.filter(pk=offering.pk).update(**limits)


def now() -> Any:
    with scope.system("a test looks"):
        return clock.now()


def ready() -> tuple[Client, str]:
    """A browser with a draft that only has to be sent."""
    client = Client(headers={"accept-language": "de"})
    draft = filler.begin(client, KEY, "schwerin")
    assert filler.fill(client, f"{draft}schritt/s1/", name="Lena").status_code == 302
    return client, draft


def counts() -> tuple[int, int]:
    with scope.system("a test looks"):
        return Application.objects.count(), Draft.objects.count()


def words(answer: Any) -> str:
    return " ".join(html.fromstring(answer.content).text_content().split())


CLOSED = {
    "not yet": ({"open_from": DAY}, "Anträge nehmen wir ab dem"),
    "over": ({"open_until": -DAY}, "Anträge haben wir bis zum"),
    "full": ({"max_submissions": 0}, FULL),
}


@pytest.mark.parametrize(("limits", "sentence"), CLOSED.values(), ids=CLOSED.keys())
def test_closed_service_says_why_and_begins_no_draft(offering: Offering, limits: dict[str, Any], sentence: str) -> None:
    limit(
        offering, **{name: now() + value if isinstance(value, timedelta) else value for name, value in limits.items()}
    )
    client = Client(headers={"accept-language": "de"})
    answer = client.get(SERVICE)
    assert Page(answer).faults() == []
    assert sentence in words(answer)
    assert Page(answer).count("//form[contains(@action, 'beginnen')]") == 0
    answer = client.post(f"{SERVICE}beginnen/")
    assert answer.status_code == 409
    assert sentence in words(answer)
    assert counts() == (0, 0)


@pytest.mark.parametrize(("limits", "sentence"), CLOSED.values(), ids=CLOSED.keys())
def test_draft_that_comes_too_late_is_refused_and_stays(
    offering: Offering, limits: dict[str, Any], sentence: str
) -> None:
    client, draft = ready()
    limit(
        offering, **{name: now() + value if isinstance(value, timedelta) else value for name, value in limits.items()}
    )
    answer = filler.submit(client, draft)
    assert answer.status_code == 409
    assert Page(answer).faults() == []
    told = " ".join(html.fromstring(answer.content).xpath("//*[@id='fehler']")[0].text_content().split())
    assert sentence in told
    assert "Ihre Angaben sind gespeichert." in told
    assert counts() == (0, 1)
    limit(offering, open_from=None, open_until=None, max_submissions=None)
    assert filler.submit(client, draft).status_code == 302
    assert counts() == (1, 0)


def test_open_service_tells_until_when(offering: Offering) -> None:
    limit(offering, open_from=now() - DAY, open_until=now() + DAY, max_submissions=1)
    answer = Client(headers={"accept-language": "de"}).get(SERVICE)
    assert "Anträge bis" in words(answer)
    assert Page(answer).count("//form[contains(@action, 'beginnen')]") == 1
    client, draft = ready()
    assert filler.submit(client, draft).status_code == 302


def test_of_twenty_who_send_at_once_as_many_come_in_as_there_are_places(offering: Offering) -> None:
    limit(offering, max_submissions=7)
    people = [ready() for _ in range(20)]

    def send(person: tuple[Client, str]) -> int:
        try:
            return filler.submit(*person).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = sorted(pool.map(send, people))
    assert answers == [302] * 7 + [409] * 13
    assert counts() == (7, 13)


def test_only_what_came_since_the_beginning_counts(offering: Offering) -> None:
    case({"name": "Früher"}, submitted_at=now() - 3 * DAY)
    limit(offering, open_from=now() - DAY, max_submissions=1)
    client, draft = ready()
    assert filler.submit(client, draft).status_code == 302
    assert FULL in words(Client(headers={"accept-language": "de"}).get(SERVICE))


def test_person_sees_no_more_than_before_after_places_were_counted(offering: Offering) -> None:
    case({"name": "Somebody else"})
    with scope.code(b"x" * 32, read_only=True):
        with scope.widened("a test counts"):
            assert Application.objects.count() == 1
        assert Application.objects.count() == 0
        with pytest.raises(LookupError), scope.widened("a test counts and fails"):
            raise LookupError
        assert Application.objects.count() == 0
    with pytest.raises(ValueError, match="reason"), scope.widened(""):
        pass


# --- the author's page -----------------------------------------------------------------------------------------------


@pytest.fixture
def author(city: None) -> Client:
    user, _clerk = make_clerk("limits@example.org", role="form_author", authority="schwerin", department=None)
    client = Client(headers={"accept-language": "de"})
    client.force_login(user)
    return client


def page_of(offering: Offering) -> str:
    return f"/backoffice/leistungen/{offering.pk}/annahme/"


def test_author_sets_the_limits_and_takes_them_away(author: Client, offering: Offering) -> None:
    case({"name": "Lena"})
    answer = author.get(page_of(offering))
    assert Page(answer).faults() == []
    assert "Bisher zählt 1 Antrag." in words(answer)
    sent = {"open_from": "2027-01-01T08:00", "open_until": "1.3.2027 12:00", "max_submissions": "200"}
    assert author.post(page_of(offering), sent)["Location"] == "/backoffice/leistungen/"
    offering.refresh_from_db()
    assert (offering.open_from.isoformat(), offering.max_submissions) == ("2027-01-01T07:00:00+00:00", 200)
    author.post(page_of(offering), {"open_from": "", "open_until": "", "max_submissions": ""})
    offering.refresh_from_db()
    assert (offering.open_from, offering.open_until, offering.max_submissions) == (None, None, None)
    with scope.system("a test looks"):
        events = list(
            AuditEvent.objects.filter(action="offering.limited").order_by("at").values_list("refs", flat=True)
        )
    assert [each["most"] for each in events] == [200, None]


WRONG = {
    "end before beginning": ({"open_from": "2027-01-02T08:00", "open_until": "2027-01-01T08:00"}, "Das Ende liegt vor"),
    "no moment": ({"open_until": "morgen"}, "Geben Sie Tag und Uhrzeit ein"),
    "no number": ({"max_submissions": "viele"}, "Geben Sie eine ganze Zahl ab 1 ein"),
    "nobody": ({"max_submissions": "0"}, "Geben Sie eine ganze Zahl ab 1 ein"),
}


@pytest.mark.parametrize(("sent", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_limits_that_cannot_be_are_refused(
    author: Client, offering: Offering, sent: dict[str, str], sentence: str
) -> None:
    answer = author.post(page_of(offering), sent)
    assert answer.status_code == 422
    assert Page(answer).faults() == []
    assert sentence in words(answer)
    assert all(f'value="{value}"' in answer.content.decode() for value in sent.values())
    offering.refresh_from_db()
    assert (offering.open_from, offering.open_until, offering.max_submissions) == (None, None, None)


def test_database_refuses_an_end_before_the_beginning_too(offering: Offering) -> None:
    with pytest.raises(IntegrityError):
        limit(offering, open_from=now(), open_until=now() - DAY)


def test_services_of_another_authority_cannot_be_limited(author: Client) -> None:
    with scope.system("a test looks"):
        theirs = Offering.objects.filter(authority__slug="rostock")[0]
    assert author.get(page_of(theirs)).status_code == 404
    assert author.post(page_of(theirs), {"max_submissions": "1"}).status_code == 404


# --- closed for a while ----------------------------------------------------------------------------------------------

WHY = {"german": "Wir stellen auf die neue Satzung um.", "english": "We are changing to the new statute."}
CLOSED_NOW = "Der Online-Antrag ist vorübergehend geschlossen. Wir stellen auf die neue Satzung um."


def events() -> list[str]:
    with scope.system("a test looks"):
        found = AuditEvent.objects.filter(action__in=("offering.closed", "offering.reopened")).order_by("at")
        return list(found.values_list("action", flat=True))


def test_author_closes_and_reopens_and_drafts_stay(author: Client, offering: Offering) -> None:
    client, draft = ready()
    assert author.post(page_of(offering), {"action": "close"} | WHY)["Location"] == "/backoffice/leistungen/"
    assert "online geschlossen" in words(author.get("/backoffice/leistungen/"))
    page = author.get(page_of(offering))
    assert Page(page).faults() == []
    assert "Der Online-Antrag ist geschlossen" in words(page)

    visitor = Client(headers={"accept-language": "de"})
    answer = visitor.get(SERVICE)
    assert Page(answer).faults() == []
    assert CLOSED_NOW in words(answer)
    assert "Haben Sie schon einen Entwurf? Er bleibt gespeichert." in words(answer)
    assert "We are changing to the new statute." in words(Client(headers={"accept-language": "en"}).get(SERVICE))
    assert visitor.post(f"{SERVICE}beginnen/").status_code == 409

    for address in (draft, f"{draft}pruefen/"):
        answer = client.get(address)
        assert Page(answer).faults() == []
        assert CLOSED_NOW in words(answer)
        assert "Ihr Entwurf bleibt gespeichert. Sie können weiter ausfüllen." in words(answer)
    assert filler.fill(client, f"{draft}schritt/s1/", name="Lena Kogge").status_code == 302
    answer = filler.submit(client, draft)
    assert answer.status_code == 409
    assert CLOSED_NOW in words(answer)
    assert counts() == (0, 1)

    assert author.post(page_of(offering), {"action": "reopen"}).status_code == 302
    author.post(page_of(offering), {"action": "reopen"})
    assert events() == ["offering.closed", "offering.reopened"]
    assert filler.submit(client, draft).status_code == 302


def test_closing_wants_a_reason_in_both_languages_and_keeps_what_was_typed(author: Client, offering: Offering) -> None:
    answer = author.post(page_of(offering), {"action": "close"} | WHY | {"english": " "})
    assert answer.status_code == 422
    assert Page(answer).faults() == []
    assert "Schreiben Sie den Grund auch auf Englisch." in words(answer)
    assert WHY["german"] in answer.content.decode()
    offering.refresh_from_db()
    assert offering.closed_texts == {}
    assert events() == []


def test_limits_stay_while_closed(author: Client, offering: Offering) -> None:
    limit(offering, max_submissions=7)
    author.post(page_of(offering), {"action": "close"} | WHY)
    author.post(page_of(offering), {"action": "reopen"})
    offering.refresh_from_db()
    assert (offering.max_submissions, offering.closed_texts) == (7, {})


def test_the_time_of_arrival_is_the_one_by_which_the_deadline_was_judged(offering, monkeypatch) -> None:
    """Fault F27: who arrived in time and waited for a row has no time behind the deadline."""
    client, draft = ready()
    limit(offering, open_until=now() + DAY)
    told, usual = [], clock.now

    def noted() -> Any:
        told.append(usual())
        return told[-1]

    monkeypatch.setattr(clock, "now", noted)
    assert filler.submit(client, draft).status_code == 302
    with scope.system("a test looks"):
        assert Application.objects.get().submitted_at in told
