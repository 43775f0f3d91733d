from datetime import date, timedelta
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import profile
from accounts.people import Clerk
from applications import search
from applications.models import Application
from applications.states import State
from backoffice.words import due_of
from foundation import scope
from tests.factories import make_application, make_clerk, make_user
from tests.frame.pages import Page

#: Session and user: 2. The roles in a scope of their own: 5. The page in its scope: opening and closing 4;
#: disturbances, colleagues 2, authority, departments, time, counters, those that ask, lines, time, services. Keeping
#: the sitting alive: 3.
INBOX_QUERIES = 25


def page_of(client: Client, query: str = "") -> Page:
    response = client.get(f"/backoffice/{query}")
    assert response.status_code == 200
    page = Page(response)
    assert page.faults() == []
    return page


def references(page: Page) -> list[str]:
    return [ref.text_content() for ref in page.tree.xpath("//tbody//span[contains(@class, 'portal-ref')]")]


def counters(page: Page) -> dict[str, str]:
    return {
        link.text.strip(): link.findtext("span")
        for link in page.tree.xpath("//ul[@class='portal-tabs']//a")
        if link.find("span") is not None
    }


def find_by(application: Application, *texts: str) -> Application:
    """With search terms as submitting writes them."""
    with scope.system("a test needs search terms"):
        search.index(application, *texts)
    return application


def test_stranger_is_asked_to_sign_in_and_a_citizen_finds_no_such_page(city: None) -> None:
    assert Client().get("/backoffice/").status_code == 302
    citizen = Client()
    citizen.force_login(make_user())
    assert citizen.get("/backoffice/").status_code == 404


def test_form_author_finds_no_cases(city: None) -> None:
    user, _author = make_clerk("author@example.org", role="form_author")
    client = Client()
    client.force_login(user)
    first_page = client.get("/backoffice/")
    assert (first_page.status_code, first_page["Location"]) == (302, "/backoffice/leistungen/")
    assert client.get("/backoffice/briefe/").status_code == 404


def test_tabs_hold_and_count_what_belongs_to_them(client: Client, clerk: Clerk) -> None:
    far, near = date.today() + timedelta(days=60), date.today()
    new = make_application(due_on=far)
    mine = make_application(state=State.PROCESSING, assignee_id=clerk.user_id, due_on=far)
    urgent = make_application(state=State.PROCESSING, due_on=near)
    waiting = make_application(state=State.ACTION_REQUIRED, due_on=near)
    done = make_application(state=State.COMPLETED)
    make_application(department="stadtamt")
    make_application(authority="schwerin", department="finanzen")
    expected = {
        "neu": {new},
        "meine": {mine},
        "faellig": {urgent},
        "wartet": {waiting},
        "offen": {new, mine, urgent, waiting},
        "erledigt": {done},
    }
    for view, cases in expected.items():
        assert set(references(page_of(client, f"?ansicht={view}"))) == {case.reference for case in cases}, view
    assert counters(page_of(client)) == {
        "Neu": "1", "Meine": "1", "Fällig": "1", "Wartet auf Antragstellende": "1", "Fragen": "0",
        "Alle offenen": "4",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "Hier ist nichts zu tun. Gerade gibt es keine neuen Vorgänge."),
        ("?ansicht=meine", "Hier ist nichts zu tun. Neue Vorgänge stehen in der Ansicht „Neu“."),
        ("?ansicht=erledigt", "Noch ist kein Vorgang erledigt."),
        ("?ansicht=offen&bearbeitung=ich", "Mit diesen Filtern gibt es keine Vorgänge."),
    ],
)
def test_empty_list_says_so(client: Client, query: str, sentence: str) -> None:
    assert sentence in page_of(client, query).text


def test_page_whose_cases_are_all_taken_over_leads_to_those_that_are_left(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backoffice.queries.inbox.PAGE_SIZE", 1)
    first, last = (make_application(due_on=date.today() + timedelta(days=day)) for day in (5, 6))
    query = page_of(client, "?ansicht=neu").tree.xpath("//a[@rel='next']/@href")[0]
    typed = {"select": [last.pk], "ansicht": "neu", "nach": query.split("nach=")[1]}
    page = Page(client.post("/backoffice/uebernehmen/", typed, follow=True))
    assert references(page) == []
    assert "Auf dieser Seite steht kein Vorgang mehr." in page.text
    assert "Hier ist nichts zu tun" not in page.text
    start = page.tree.xpath("//a[.='Zum Anfang der Liste']/@href")[0]
    assert references(page_of(client, start)) == [first.reference]


def turned(client: Client, query: str, way: str) -> list[tuple[str, list[str]]]:
    """The pages from this one on, by their links (`next` or `prev`): address and references."""
    pages = []
    while query:
        page = page_of(client, query)
        pages.append((query, references(page)))
        query = next(iter(page.tree.xpath("//a[@rel=$way]/@href", way=way)), "")
    return pages


def test_list_goes_on_by_key_without_losing_or_doubling_a_case(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backoffice.queries.inbox.PAGE_SIZE", 2)
    same_day = date.today() + timedelta(days=9)
    made = [make_application(due_on=same_day + timedelta(days=day)).reference for day in (0, 0, 0, 1, 2)]
    pages = turned(client, "?ansicht=neu", "next")
    assert [shown for _, shown in pages] == [made[:2], made[2:4], made[4:]]
    assert turned(client, pages[-1][0], "prev") == pages[::-1]


def test_closed_cases_go_on_by_last_change(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backoffice.queries.inbox.PAGE_SIZE", 2)
    made = [make_application(state=State.COMPLETED).reference for _ in range(5)][::-1]
    pages = turned(client, "?ansicht=erledigt", "next")
    assert [shown for _, shown in pages] == [made[:2], made[2:4], made[4:]]
    assert turned(client, pages[-1][0], "prev") == pages[::-1]


@pytest.mark.asvs("V14.2.1")
def test_search_finds_by_name_and_number_and_keeps_both_out_of_the_address(client: Client) -> None:
    wanted = find_by(make_application(), "Nœl Schmidt-Strauß")
    find_by(make_application(), "Lena Kogge")
    for typed in ("schmidt strauss", "NOEL", wanted.reference):
        answer = client.post("/backoffice/filtern/", {"ansicht": "offen", "q": typed})
        assert answer.status_code == 302
        assert typed.split()[0].lower() not in unquote(answer.url).lower()
        page = Page(client.get(answer.url))
        assert references(page) == [wanted.reference]
        assert "Filter aufheben" in page.text


def test_filters_narrow_by_service_state_and_colleague(client: Client, clerk: Clerk) -> None:
    _user, colleague = make_clerk("colleague@example.org")
    dog = make_application(state=State.PROCESSING, assignee_id=colleague.user_id)
    idea = make_application(service="wuensche-und-ideen")
    assert references(page_of(client, "?ansicht=offen&leistung=wuensche-und-ideen")) == [idea.reference]
    assert references(page_of(client, "?ansicht=offen&stand=PROCESSING")) == [dog.reference]
    assert references(page_of(client, "?ansicht=offen&bearbeitung=niemand")) == [idea.reference]
    assert references(page_of(client, f"?ansicht=offen&bearbeitung={colleague.user_id}")) == [dog.reference]
    assert references(page_of(client, "?ansicht=offen&bearbeitung=ich")) == []


def test_colleagues_are_told_apart_where_one_chooses_them(client: Client) -> None:
    for email, name in (
        ("nameless1@example.org", {}),
        ("nameless2@example.org", {}),
        ("a.meier@example.org", {"given_name": "Anna", "family_name": "Meier"}),
        ("anna.m@example.org", {"given_name": "Anna", "family_name": "Meier"}),
        ("jana@example.org", {"given_name": "Jana", "family_name": "Krüger"}),
    ):
        user, colleague = make_clerk(email)
        profile.write(user, name)
        make_application(state=State.PROCESSING, assignee_id=colleague.user_id)
    page = page_of(client, "?ansicht=offen")
    offered = page.tree.xpath("//select[@id='bearbeitung']/option/text()")
    assert offered == [
        "Alle", "Ich", "Niemand", "Anna Meier (a.meier@example.org)", "Anna Meier (anna.m@example.org)", "Jana Krüger",
        "nameless1@example.org", "nameless2@example.org",
    ]  # fmt: skip
    assert sorted(page.tree.xpath("//td[@data-label='Bearbeitung']/text()")) == offered[3:]


def test_own_cases_say_so(client: Client, clerk: Clerk) -> None:
    case = make_application(state=State.PROCESSING, assignee_id=clerk.user_id)
    page = page_of(client, "?ansicht=meine")
    assert page.tree.xpath("//td[@data-label='Bearbeitung']/text()") == ["ich"]
    assert "Bearbeitung: ich" in Page(client.get(f"/backoffice/vorgang/{case.reference}/")).text


def test_case_of_a_colleague_without_a_name_says_whose_it_is(client: Client) -> None:
    _user, colleague = make_clerk("nameless@example.org")
    case = make_application(state=State.PROCESSING, assignee_id=colleague.user_id)
    text = Page(client.get(f"/backoffice/vorgang/{case.reference}/")).text
    assert "Diesen Vorgang bearbeitet nameless@example.org." in text


@pytest.mark.asvs("V1.4.2")
@pytest.mark.parametrize(
    "query", ["?ansicht=x&stand=y&bearbeitung=z&wort=q.w&nach=_", "?nach=2026-99-99_x", "?nach=2026-01-01_x"]
)
def test_address_with_nonsense_shows_the_inbox(client: Client, query: str) -> None:
    make_application()
    assert len(references(page_of(client, query))) == 1


@pytest.mark.parametrize("number", [1, 3, 300])
def test_inbox_asks_the_database_as_often_for_one_case_as_for_three_hundred(
    client: Client, clerk: Clerk, number: int
) -> None:
    for _ in range(number):
        make_application(state=State.PROCESSING, assignee_id=clerk.user_id)
    with CaptureQueriesContext(connection) as asked:
        page_of(client, "?ansicht=meine")
    assert len(asked) == INBOX_QUERIES


def test_staff_are_told_in_their_own_frame_what_is_not_there(client: Client) -> None:
    """The same for a case of another office and for one that never was; citizens are told of no office."""
    foreign = make_application(department="stadtamt")
    for reference in (foreign.reference, "HRO-2026-AAAA-AAAA"):
        response = client.get(f"/backoffice/vorgang/{reference}/")
        page = Page(response)
        assert response.status_code == 404
        assert page.faults() == []
        assert "Nur für Beschäftigte" in page.text
        assert page.count("//main//a[@href='/backoffice/']") == 1
    assert "Nur für Beschäftigte" in Page(client.get("/backoffice/formulare/")).text, "what other roles do"
    citizen = Client()
    citizen.force_login(make_user("citizen@example.org"))
    assert "Nur für Beschäftigte" not in Page(citizen.get(f"/backoffice/vorgang/{foreign.reference}/")).text


def test_all_of_a_page_are_selected_by_a_link(client: Client, clerk: Clerk) -> None:
    for _ in range(2):
        make_application()
    make_application(state=State.PROCESSING, assignee_id=clerk.user_id)
    page = Page(client.get("/backoffice/?ansicht=offen"))
    assert ticked(page) == 0
    (link,) = page.tree.xpath("//a[normalize-space()='Alle auf dieser Seite auswählen']/@href")
    page = Page(client.get(f"/backoffice/{link}"))
    assert page.faults() == []
    assert ticked(page) == 2
    (link,) = page.tree.xpath("//a[normalize-space()='Auswahl aufheben']/@href")
    assert ticked(Page(client.get(f"/backoffice/{link}"))) == 0


def ticked(page: Page) -> int:
    return page.count("//input[@name='select'][@checked]")


def test_selected_cases_are_taken_over_with_a_result_for_each(client: Client, clerk: Clerk) -> None:
    _user, colleague = make_clerk("colleague@example.org")
    free, taken = make_application(), make_application(state=State.PROCESSING, assignee_id=colleague.user_id)
    foreign = make_application(department="stadtamt")
    answer = client.post(
        "/backoffice/uebernehmen/", {"select": [free.pk, taken.pk, foreign.pk, "x"], "ansicht": "offen"}, follow=True
    )
    text = Page(answer).text
    assert f"{free.reference}: Sie haben den Vorgang übernommen." in text
    assert f"{taken.reference}: Diesen Vorgang hat schon jemand anderes übernommen." in text
    assert foreign.reference not in text
    with scope.system("look", read_only=True):
        assert Application.objects.get(pk=free.pk).assignee_id == clerk.user_id
        assert Application.objects.get(pk=foreign.pk).assignee_id is None


def test_many_cases_taken_over_at_once_are_told_in_one_sentence_each_way(client: Client) -> None:
    _user, colleague = make_clerk("colleague@example.org")
    free = [make_application() for _ in range(4)]
    taken = [make_application(state=State.PROCESSING, assignee_id=colleague.user_id) for _ in range(2)]
    gone = make_application(state=State.WITHDRAWN)
    chosen = [case.pk for case in (*free, *taken, gone)]
    page = Page(client.post("/backoffice/uebernehmen/", {"select": chosen, "ansicht": "offen"}, follow=True))
    told = [" ".join(each.text_content().split()) for each in page.tree.xpath("//p[@class='kern-title']")[:4]]
    told = [each for each in told if "melden wir Sie ab" not in each]
    assert len(told) == 3
    assert told[0] == "Sie haben 4 Vorgänge übernommen."
    assert all(case.reference in told[1] for case in taken)
    assert "Diesen Vorgang hat schon jemand anderes übernommen." in told[1]
    assert gone.reference in told[2]


def test_only_what_can_be_taken_over_can_be_chosen(client: Client, clerk: Clerk) -> None:
    _user, colleague = make_clerk("colleague@example.org")
    free = make_application()
    for fields in (
        {"state": State.PROCESSING, "assignee_id": clerk.user_id},
        {"state": State.PROCESSING, "assignee_id": colleague.user_id},
    ):
        make_application(**fields)
    page = page_of(client, "?ansicht=offen")
    assert len(references(page)) == 3
    assert page.tree.xpath("//input[@name='select']/@value") == [str(free.pk)]
    assert "Auswahl übernehmen" in page.text


@pytest.mark.parametrize("view", ["erledigt", "meine"])
def test_list_without_anything_to_take_over_does_not_offer_it(client: Client, clerk: Clerk, view: str) -> None:
    make_application(state=State.COMPLETED, assignee_id=clerk.user_id)
    make_application(state=State.PROCESSING, assignee_id=clerk.user_id)
    page = page_of(client, f"?ansicht={view}")
    assert len(references(page)) == 1
    assert page.count("//input[@name='select']") == 0
    assert "Auswahl" not in page.text


def test_closed_case_of_ones_own_is_not_said_to_be_taken_over(client: Client, clerk: Clerk) -> None:
    done = make_application(state=State.COMPLETED, assignee_id=clerk.user_id)
    page = Page(client.post("/backoffice/uebernehmen/", {"select": [done.pk], "ansicht": "erledigt"}, follow=True))
    assert f"{done.reference}: Dieser Vorgang ist schon erledigt." in page.text
    assert "Sie haben den Vorgang übernommen." not in page.text


def test_taking_over_nothing_says_what_to_do(client: Client) -> None:
    assert (
        "Wählen Sie mindestens einen Vorgang aus."
        in client.post("/backoffice/uebernehmen/", follow=True).content.decode()
    )


@pytest.mark.parametrize(
    ("state", "days", "words", "urgency"),
    [
        (State.PROCESSING, 0, "heute", "soon"),
        (State.PROCESSING, 1, "in 1 Arbeitstag", "soon"),
        (State.PROCESSING, 7, "in 5 Arbeitstagen", ""),
        (State.PROCESSING, -1, "1 Arbeitstag überfällig", "over"),
        (State.PROCESSING, -5, "3 Arbeitstage überfällig", "over"),
        (State.ACTION_REQUIRED, -5, "ruht", ""),
        (State.COMPLETED, -5, "erledigt", ""),
    ],
)
def test_due_date_is_told_in_working_days(state: State, days: int, words: str, urgency: str) -> None:
    monday = date(2026, 11, 23)
    case = Application(state=state, due_on=monday + timedelta(days=days))
    due = due_of(case, monday)
    assert (due.text, due.urgency) == (words, urgency)
