"""Every page that citizens can reach by links: no barrier in both languages, at 320 and 1280 pixels, light and dark.

Nobody keeps a list: a stranger and a citizen follow every link, and one page of each kind is looked at. A new page is
looked at as soon as something links to it.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import Browser, BrowserContext, Page

from hro_portal.stack import Stack
from tests import axe
from tests.journeys.conftest import Arrive
from tests.journeys.looking import tree
from tests.journeys.visitor import PASSWORD

CITIZEN, OWNER = "buerger1@example.org", "firma@example.org"
#: Addresses that answer with a file, belong to staff, or are the address of another page in disguise.
NOT_A_PAGE = re.compile(r"\.pdf$|^/(backoffice|admin|static)/|/datei/|^/healthz|^/readyz")
#: What must be among the pages found, or the walk itself is broken.
OF_A_STRANGER = {
    "start", "help", "catalogue:services", "catalogue:service", "following:find", "account_login", "account_signup",
    "account_reset_password", "pages:imprint", "pages:data-protection", "pages:accessibility", "pages:sign-language",
    "pages:simply-explained",
}  # fmt: skip
OF_A_CITIZEN = OF_A_STRANGER - {"account_login", "account_signup", "account_reset_password"} | {
    "following:running", "following:case", "postbox:list", "profile", "account_email", "account_change_password",
}  # fmt: skip


#: What looks different for those who act for an organisation.
OF_AN_ORGANISATION = {"organisations", "organisation", "found_organisation", "following:running", "postbox:list"}
#: Looked at as a stranger already; for somebody signed in only the header differs, which `start` shows.
SAME_FOR_ALL = re.compile(r"^(catalogue:|pages:|help$|following:find$)")


def kind_of(path: str) -> str:
    return resolve(path).view_name


def pages_linked_from(page: Page) -> Iterator[str]:
    for address in page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"):
        parts = urlsplit(address)
        if address.startswith(page.url.split("/", 3)[0] + "//" + urlsplit(page.url).netloc + "/"):
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            if not NOT_A_PAGE.search(parts.path):
                yield path


def one_page_of_each_kind(page: Page, start: str) -> Iterator[tuple[str, str]]:
    """The kind of each page that can be reached, and the address where it was met first; the browser stands there."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(urlsplit(path).path)
        if kind in found:
            continue
        found.add(kind)
        answer = page.goto(path)
        assert answer
        assert answer.status == 200, path
        waiting += pages_linked_from(page)
        yield kind, path


def barriers(page: Page, path: str) -> list[str]:
    return [f"{path} {each}" for each in (*axe.barriers(page), *tree(page))]


def arriving(browser: Browser, stack: Stack, language: str, *, signed_in: bool, who: str = CITIZEN) -> BrowserContext:
    context = browser.new_context(base_url=stack.base_url, locale=language)
    if signed_in:
        page = context.new_page()
        page.goto("/konto/anmelden/")
        page.locator("#id_login").fill(who)
        page.locator("#id_password").fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_url(lambda address: "/konto/anmelden/" not in address)
        page.close()
    return context


@pytest.mark.parametrize("language", ["de-DE", "en-GB"])
@pytest.mark.parametrize(("signed_in", "expected"), [(False, OF_A_STRANGER), (True, OF_A_CITIZEN)])
def test_no_page_has_a_barrier(
    browser: Browser, stack: Stack, language: str, signed_in: bool, expected: set[str]
) -> None:
    context = arriving(browser, stack, language, signed_in=signed_in)
    page = context.new_page()
    kinds, found = set[str](), list[str]()
    for kind, path in one_page_of_each_kind(page, "/"):
        kinds.add(kind)
        if not (signed_in and SAME_FOR_ALL.search(kind)):
            found += barriers(page, path)
    assert expected <= kinds
    assert page.locator("html").get_attribute("lang") == language[:2]
    context.close()
    assert found == []


@pytest.mark.parametrize("language", ["de-DE", "en-GB"])
def test_pages_of_a_draft_have_no_barrier(browser: Browser, stack: Stack, language: str) -> None:
    """A form is begun by a button, so no link leads there."""
    context = arriving(browser, stack, language, signed_in=False)
    page = context.new_page()
    page.goto("/leistungen/rostock/barriere-melden/")
    page.locator("form[action$='/beginnen/'] button").first.click()
    page.wait_for_url("**/antrag/**")
    kinds, found = set[str](), list[str]()
    for kind, path in one_page_of_each_kind(page, urlsplit(page.url).path):
        kinds.add(kind)
        if kind.startswith("filling:"):
            found += barriers(page, path)
    assert {"filling:task-list", "filling:step"} <= kinds
    context.close()
    assert found == []


@pytest.mark.parametrize("language", ["de-DE", "en-GB"])
def test_no_page_has_a_barrier_for_somebody_who_acts_for_an_organisation(
    browser: Browser, stack: Stack, language: str
) -> None:
    context = arriving(browser, stack, language, signed_in=True, who=OWNER)
    page = context.new_page()
    page.goto("/antraege/")
    page.locator(".portal-switch summary").click()
    page.locator(".portal-switch button").first.click()
    page.locator(".portal-switch button[value=self]").wait_for(state="attached")
    kinds, found = set[str](), list[str]()
    page.goto("/konto/organisationen/")
    for path in ["/konto/organisationen/", *pages_linked_from(page)]:
        kind = kind_of(urlsplit(path).path)
        if kind in OF_AN_ORGANISATION - kinds:
            kinds.add(kind)
            page.goto(path)
            found += barriers(page, path)
    assert kinds >= OF_AN_ORGANISATION
    context.close()
    assert found == []


def test_help_stands_at_the_same_place_on_every_page(arrive: Arrive) -> None:
    """WCAG 2.2, 3.2.6: whom to call, and when, as the second part of the footer."""
    person = arrive()
    for _kind, path in one_page_of_each_kind(person.page, "/"):
        second = person.page.locator("footer .portal-grid > div").nth(1)
        assert re.search(r"Telefon 03\d\d", second.inner_text()), path
        assert "Uhr" in second.inner_text(), path
