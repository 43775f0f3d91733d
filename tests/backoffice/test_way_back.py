"""Whoever opens a case from a list comes back to that list: to its tab, its filters and its page."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.people import Clerk
from applications.models import Application, Decision
from applications.states import State
from foundation import scope
from tests.backoffice.cases import IN_A_YEAR, address, ruling
from tests.factories import make_application, make_clerk
from tests.frame.pages import Page

PLACE = f"2026-11-27_{'0' * 8}-0000-7000-8000-{'0' * 12}"
#: A page of a narrowed list, as the inbox writes it.
LIST = f"?ansicht=offen&leistung=hundesteuer-anmelden&bearbeitung=ich&nach={PLACE}"


def back_link(page: Page) -> str:
    return page.tree.xpath("//a[starts-with(normalize-space(), 'Zurück zu ')]/@href")[0]


def new(_clerk: Clerk) -> Application:
    return make_application()


def mine(clerk: Clerk, **fields: Any) -> Application:
    return make_application(state=State.PROCESSING, assignee_id=clerk.user_id, **fields)


def asked(clerk: Clerk) -> Application:
    return mine(clerk, access_digest=b"x" * 32)


ACTS: dict[str, tuple[Callable[[Clerk], Application], Callable[[Application], dict[str, Any]]]] = {
    "uebernehmen/": (new, lambda _case: {}),
    "nachfordern/": (mine, lambda case: {"text": "Foto?", "due_on": IN_A_YEAR, "seen_no": case.state_no}),
    "entscheiden/": (mine, lambda case: ruling(case, "decide")),
    "antworten/": (asked, lambda _case: {"text": "Guten Tag, das Foto ist da."}),
    "frage-erledigt/": (asked, lambda _case: {}),
    "anmerken/": (new, lambda _case: {"path": "hunde.rasse", "text": "Die Liste ist lang."}),
}


@pytest.mark.parametrize("act", ACTS)
def test_every_act_on_a_case_leads_back_to_the_list_that_the_clerk_came_from(
    client: Client, clerk: Clerk, act: str
) -> None:
    make, typed = ACTS[act]
    application = make(clerk)
    fields = typed(application)
    if act == "anmerken/":
        shown = Page(client.get(address(application, act)))
        fields["path"] = next(filter(None, shown.tree.xpath("//select[@name='path']/option/@value")))
    answer = client.post(address(application, act) + LIST, fields)
    assert (answer.status_code, answer.url) == (302, address(application) + LIST)
    page = Page(client.get(answer.url))
    assert back_link(page) == "/backoffice/" + LIST
    assert "Zurück zu „Alle offenen“" in page.text


def test_links_and_forms_of_a_case_carry_the_list(client: Client, clerk: Clerk) -> None:
    case = mine(clerk)
    page = Page(client.get(address(case) + LIST))
    ways = page.tree.xpath("//main//a[contains(@href, '/vorgang/')]/@href | //main//form/@action")
    pages = [way for way in ways if "/kopie." not in way]
    assert len(pages) >= 4
    assert [way for way in pages if not way.endswith(LIST)] == []
    for part in ("entscheiden/", "nachfordern/", "antworten/", "anmerken/"):
        inner = Page(client.get(address(case, part) + LIST))
        assert inner.tree.xpath("//a[.='Zurück zum Vorgang']/@href") == [address(case) + LIST]
        # The form has no address of its own, so the browser sends it to the one with the list.
        assert inner.count("//main//form[@action]") == 0


def test_list_of_a_page_stays_through_preview_and_refusal(client: Client, clerk: Clerk) -> None:
    case = mine(clerk)
    preview = Page(client.post(address(case, "entscheiden/") + LIST, ruling(case, "preview")))
    refused = Page(client.post(address(case, "entscheiden/") + LIST, ruling(case, "preview", outcome="")))
    for page in (preview, refused):
        assert page.tree.xpath("//a[.='Zurück zum Vorgang']/@href") == [address(case) + LIST]


def test_lines_of_a_later_page_lead_back_to_that_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backoffice.queries.inbox.PAGE_SIZE", 1)
    _first, second = (make_application(due_on=date.today() + timedelta(days=day)) for day in (5, 6))
    query = Page(client.get("/backoffice/?ansicht=neu")).tree.xpath("//a[@rel='next']/@href")[0]
    line = Page(client.get("/backoffice/" + query)).tree.xpath("//tbody//a/@href")[0]
    assert line == address(second) + query
    assert back_link(Page(client.get(line))) == "/backoffice/" + query


@pytest.mark.asvs("V3.7.2")
@pytest.mark.parametrize(
    "made_up",
    ["?ansicht=//evil.example", "?ansicht=offen&nach=//evil.example", "?ansicht=offen&next=https://evil.example"],
)
def test_nothing_made_up_goes_on_into_the_address(client: Client, made_up: str) -> None:
    answer = client.post(address(make_application(), "uebernehmen/") + made_up)
    assert answer.status_code == 302
    assert answer.url.startswith("/backoffice/vorgang/")
    assert "evil" not in answer.url


def test_without_a_list_the_address_stays_short(client: Client) -> None:
    case = make_application()
    assert client.post(address(case, "uebernehmen/")).url == address(case)


@pytest.mark.parametrize(
    ("name", "title", "where"),
    [("briefe", "Briefe und Abholung", "/backoffice/briefe/"), ("stoerungen", "Störungen", "/backoffice/stoerungen/")],
)
def test_other_lists_are_found_again_too(client: Client, name: str, title: str, where: str) -> None:
    case = make_application()
    answer = client.post(address(case, "uebernehmen/") + f"?liste={name}")
    assert answer.url == address(case) + f"?liste={name}"
    page = Page(client.get(answer.url))
    assert page.faults() == []
    assert back_link(page) == where
    assert f"Zurück zu „{title}“" in page.text
    assert page.count("//a[@rel='next']") == 0


def test_actions_of_a_long_case_are_one_key_away(client: Client) -> None:
    page = Page(client.get(address(make_application())))
    (jump,) = page.tree.xpath("//a[.='Zu den Aktionen springen']/@href")
    assert page.count(f"//*[@id='{jump.removeprefix('#')}']//button[.='Vorgang übernehmen']") == 1


def test_payment_leads_back_to_the_list(client: Client, clerk: Clerk) -> None:
    case = mine(clerk)
    client.post(address(case, "entscheiden/"), ruling(case, "decide"))
    with scope.system("look", read_only=True):
        decision = Decision.objects.get()
    done = LIST.replace("offen", "erledigt").split("&nach")[0]
    answer = client.post(address(case, f"zahlung/{decision.pk}/") + done, {"day": date.today().isoformat()})
    assert answer.url == address(case) + done


def test_revoking_leads_back_to_the_list(client: Client, clerk: Clerk) -> None:
    case = mine(clerk)
    client.post(address(case, "entscheiden/"), ruling(case, "decide", valid_from=date.today().isoformat()))
    with scope.system("look", read_only=True):
        decision = Decision.objects.get()
    user, _head = make_clerk("head@example.org", role="head")
    head = Client()
    head.force_login(user)
    typed = {"effective_on": date.today().isoformat(), "reason": "Der Hund ist umgezogen."}
    answer = head.post(address(case, f"widerrufen/{decision.pk}/") + LIST, typed)
    assert (answer.status_code, answer.url) == (302, address(case) + LIST)
