"""What every page owes its readers: search, trail, help, and the statements of the authority whose page it is."""

from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from applications.models import Application
from authorities.models import Authority
from foundation import scope
from hro_portal.demo.tour import CITIZEN, STATIONS
from hro_portal.pages.statements import accessibility_of
from tests import filler
from tests.factories import make_user
from tests.frame.pages import Page

pytestmark = pytest.mark.usefixtures("city")

STATEMENTS = ["imprint", "data-protection", "accessibility", "sign-language", "simply-explained"]


@pytest.fixture
def client() -> Client:
    return Client(HTTP_ACCEPT="text/html", HTTP_ACCEPT_LANGUAGE="de")


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", STATEMENTS)
def test_statement_is_well_formed_in_both_languages(name: str, language: str) -> None:
    shown = Page(Client(HTTP_ACCEPT_LANGUAGE=language).get(reverse(f"pages:{name}")))
    assert shown.faults() == []
    assert shown.tree.get("lang") == language
    assert shown.count("//nav[@aria-label]//*[@aria-current='page']") == 1


@pytest.mark.parametrize("name", STATEMENTS)
def test_statement_is_the_authoritys_own(client: Client, name: str) -> None:
    shown = client.get(reverse(f"pages:{name}"), {"behoerde": "schwerin"}).content.decode()
    assert 'data-portal-city="schwerin"' in shown
    assert "Rostock" not in shown
    assert client.get(reverse(f"pages:{name}"), {"behoerde": "atlantis"}).status_code == 404


def test_accessibility_statement_holds_what_the_land_asks_for(client: Client) -> None:
    shown = Page(client.get(reverse("pages:accessibility")))
    text = " ".join(shown.tree.xpath("//main")[0].text_content().split())
    for part in (
        "http://", "Tastatur", "teilweise vereinbar", "Gebärdensprache", "24. November 2026", "selbst bewertet",
        "sechs Wochen", "Durchsetzungsverfahren", "Anlauf- und Überwachungsstelle", "0381 381-0",
    ):  # fmt: skip
        assert part in text
    assert shown.tree.xpath("//main//a[@href='/barriere-melden/?behoerde=rostock']")


def test_authority_that_states_nothing_is_not_called_accessible() -> None:
    statement = accessibility_of(Authority(accessibility={}))
    assert (statement.status, statement.barriers, statement.created_on) == ("none", [], None)


def test_barrier_reported_becomes_a_case_due_in_six_weeks(client: Client) -> None:
    answer = client.get(reverse("pages:report-a-barrier"), {"behoerde": "rostock"})
    assert answer["Location"] == "/leistungen/rostock/barriere-melden/"
    draft = filler.begin(client, "barriere-melden")
    told = {"wo": "seite", "text": "Mein Screenreader liest die Tabelle nicht vor."}
    assert filler.fill(client, f"{draft}schritt/barriere/", **told).status_code == 302
    who = {"familienname": "Kogge", "email": "lena@example.org", "datenschutz": "true"}
    assert filler.fill(client, f"{draft}schritt/antwort/", **who).status_code == 302
    assert filler.submit(client, draft).status_code == 302
    with scope.system("a test looks at the case", read_only=True):
        case = Application.objects.get(offering__service__slug="barriere-melden")
    assert 40 <= (case.due_on - date.today()).days <= 44


def test_search_stands_in_every_header_once(client: Client) -> None:
    for path in ("/hilfe/", "/impressum/", "/konto/anmelden/", "/", "/leistungen/", "/gibt/es/nicht/"):
        shown = Page(client.get(path))
        fields = shown.tree.xpath("//form[@role='search' and @action='/leistungen/']//input[@name='q']")
        assert len(fields) == 1, path


def test_trail_leads_back_to_the_pages_above(client: Client) -> None:
    client.force_login(make_user())
    shown = Page(client.get(reverse("account_change_password")))
    trail = shown.tree.xpath("//ol[@class='portal-crumbs']//a/@href")
    assert trail == ["/", "/konto/profil/"]


def test_tour_has_six_pictures_with_a_link_each(client: Client) -> None:
    shown = Page(client.get(reverse("tour")))
    assert shown.faults() == []
    assert len(STATIONS) == shown.count("//main//ol/li//img") == 6
    for station in STATIONS:
        picture = settings.BASE_DIR / "static" / "portal" / "tour" / f"{station.picture}.webp"
        assert picture.stat().st_size <= 60_000
        assert client.get(station.url, follow=True).status_code == 200


def test_tour_leads_each_person_where_they_may_go(client: Client) -> None:
    """A citizen is not sent to the inbox of the office: she is asked to sign in as the clerk, and arrives there."""
    inbox, own = "/backoffice/", "/postfach/"
    stranger = Page(client.get(reverse("tour")))
    assert stranger.count(f"//main//a[@href='/konto/anmelden/?next={inbox}']") == 1
    client.force_login(make_user(CITIZEN))
    shown = Page(client.get(reverse("tour")))
    assert shown.faults() == []
    assert shown.count(f"//main//a[@href='{own}']") == 1
    assert shown.count(f"//main//li//a[contains(@href, '{inbox}')]") == 0
    assert f"Sie sind als {CITIZEN} angemeldet." in shown.text
    (target,) = shown.tree.xpath("//main//ol//form//input[@name='next']/@value")
    left = client.post(reverse("account_logout"), {"next": target})
    assert left.headers["Location"] == f"/konto/anmelden/?next={inbox}"
    assert client.get(own).status_code == 302


def test_tour_is_for_the_demo_only(client: Client, settings: object) -> None:
    settings.DEMO = False
    assert client.get(reverse("tour")).status_code == 404
    assert "/rundgang/" not in client.get("/hilfe/").content.decode()
