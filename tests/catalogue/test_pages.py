"""The ways to a service, and what its page says before anybody begins."""

from datetime import date, timedelta

import pytest
from django.test import Client

from catalogue import queries
from catalogue.models import Offering, Service, Situation
from foundation import scope
from tests.factories import make_clerk, make_user
from tests.frame.pages import Page

pytestmark = pytest.mark.usefixtures("city")

DOG = "/leistungen/rostock/hundesteuer-anmelden/"


@pytest.fixture
def client() -> Client:
    return Client(HTTP_ACCEPT="text/html", HTTP_ACCEPT_LANGUAGE="de")


def links(client: Client, url: str) -> set[str]:
    response = client.get(url)
    assert response.status_code == 200
    shown = Page(response)
    assert shown.faults() == []
    return set(shown.tree.xpath("//main//a/@href"))


def test_letters_hold_every_service_once(client: Client) -> None:
    shown = Page(client.get("/leistungen/"))
    letters = [each.text_content() for each in shown.tree.xpath("//h2[starts-with(@id, 'buchstabe-')]")]
    assert letters == sorted(letters)
    titles = shown.tree.xpath("//main//section//h3/a")
    assert len(titles) == Service.objects.filter(offerings__is_active=True).distinct().count()
    assert "/leistungen/schwerin/hundesteuer-anmelden/" in shown.tree.xpath("//main//a/@href")


def test_an_authority_shows_its_own_only(client: Client) -> None:
    found = {
        url
        for url in links(client, "/leistungen/?behoerde=mv")
        if url.startswith("/leistungen/") and "/lage/" not in url and url.count("/") == 4
    }
    offered = Offering.objects.filter(authority__slug="mv").values_list("service__slug", flat=True)
    assert found == {f"/leistungen/mv/{slug}/" for slug in offered}
    assert client.get("/leistungen/?behoerde=atlantis").status_code == 404


def test_pages_of_another_authority_keep_its_head_and_lead_to_its_offices(client: Client) -> None:
    for address in ("/leistungen/?behoerde=schwerin", "/leistungen/schwerin/hundesteuer-anmelden/"):
        shown = Page(client.get(address))
        assert shown.tree.get("data-portal-city") == "schwerin"
        assert "/hilfe/?behoerde=schwerin" in shown.tree.xpath("//footer//a/@href")
    offices = Page(client.get("/hilfe/?behoerde=schwerin"))
    assert offices.faults() == []
    assert offices.tree.get("data-portal-city") == "schwerin"
    assert "Fachdienst Finanzen und Steuern" in offices.text
    assert "Stadtamt" not in offices.text
    assert client.get("/hilfe/?behoerde=atlantis").status_code == 404


def test_businesses_see_what_is_for_businesses(client: Client) -> None:
    for_businesses = links(client, "/leistungen/?zielgruppe=unternehmen")
    assert "/leistungen/rostock/gewerbe-anmelden/" in for_businesses
    assert DOG not in for_businesses
    assert DOG in links(client, "/leistungen/?zielgruppe=buerger")


def test_a_situation_leads_to_its_services(client: Client) -> None:
    assert DOG in links(client, "/leistungen/lage/tiere-halten/")
    assert client.get("/leistungen/lage/im-lotto-gewinnen/").status_code == 404


def test_the_start_page_counts_what_the_home_authority_offers(client: Client) -> None:
    home = Offering.objects.select_related("authority").filter(authority__slug="rostock")[0].authority
    shown = Page(client.get("/"))
    tiles = {
        each.find(".//a").get("href"): each.text_content() for each in shown.tree.xpath("//li[@class='portal-tile']")
    }
    for situation in queries.situations(home):
        number = Offering.objects.filter(authority=home, service__situations=situation).count()
        assert f"{number} Leistung" in tiles[situation.get_absolute_url()]
    empty = set(Situation.objects.values_list("slug", flat=True)) - {each.slug for each in queries.situations(home)}
    assert not {f"/leistungen/lage/{slug}/" for slug in empty} & tiles.keys()


def test_the_service_page_tells_the_modules_in_order(client: Client) -> None:
    shown = Page(client.get(DOG))
    assert shown.faults() == []
    order = ["description", "requirements", "documents", "fees", "deadline", "duration", "procedure", "legal_basis"]
    ids = shown.tree.xpath("//main//section/h2/@id")
    assert [each for each in ids if each in order] == order
    facts = shown.tree.xpath("//dl[@class='portal-facts']")[0].text_content()
    assert "108 €" in facts
    assert "4 Wochen" in facts


def test_the_breadcrumb_goes_through_the_situation(client: Client) -> None:
    assert "/leistungen/lage/tiere-halten/" in Page(client.get(DOG)).tree.xpath("//nav//a/@href")


def test_a_short_address_leads_to_the_home_authority(client: Client) -> None:
    with scope.system("a test reads"):
        short = Service.objects.get(slug="hundesteuer-anmelden").short
    response = client.get(f"/{short}/")
    assert (response.status_code, response["Location"]) == (302, DOG)
    assert client.get("/gibt-es-nicht/").status_code == 404


def test_no_short_address_hides_a_page(client: Client) -> None:
    for short in Service.objects.exclude(short=None).values_list("short", flat=True):
        assert client.get(f"/{short}/").status_code == 302


def _change(**fields: object) -> None:
    with scope.system("a test changes an offering"):
        Offering.objects.filter(authority__slug="rostock", service__slug="hundesteuer-anmelden").update(**fields)


@pytest.fixture
def dog() -> Offering:
    """The offering; put back as it was."""
    offering = Offering.objects.get(authority__slug="rostock", service__slug="hundesteuer-anmelden")
    yield offering
    with scope.system("a test puts it back"):
        offering.save()


def test_who_answers_for_the_text_and_when_it_was_looked_through(client: Client, dog: Offering) -> None:
    with scope.system("a test changes an offering"):
        owner = dog.authority.departments.get(slug="steuern")
    _change(owner=owner, reviewed_on=date(2026, 11, 2), appointment_url="https://termine.example.org/hund")
    shown = Page(client.get(DOG))
    assert "Fachlich freigegeben am 2. November 2026 durch: Kämmereiamt" in shown.text
    assert "https://termine.example.org/hund" in shown.tree.xpath("//main//a/@href")


def test_overdue_reviews_are_listed_for_the_authors_of_the_authority(client: Client, dog: Offering) -> None:
    _change(next_review_on=date.today() - timedelta(days=1))
    assert dog in queries.overdue_reviews(dog.authority_id)
    author, _person = make_clerk("author@example.org", role="form_author", department=None)
    client.force_login(author)
    shown = Page(client.get("/backoffice/leistungen/"))
    assert shown.faults() == []
    assert "überfällig" in shown.text
    assert DOG in shown.tree.xpath("//main//a/@href")
    assert not any("/schwerin/" in url for url in shown.tree.xpath("//main//a/@href"))


def test_a_review_is_noted_and_the_service_is_off_the_list(client: Client, dog: Offering) -> None:
    _change(next_review_on=date.today() - timedelta(days=1))
    author, _person = make_clerk("author@example.org", role="form_author", department=None)
    client.force_login(author)
    shown = Page(client.post(f"/backoffice/leistungen/{dog.pk}/geprueft/", follow=True))
    assert "Die Prüfung ist eingetragen" in shown.text
    assert dog not in queries.overdue_reviews(dog.authority_id)
    stranger, _person = make_clerk("schwerin@example.org", authority="schwerin", role="form_author", department=None)
    client.force_login(stranger)
    assert client.post(f"/backoffice/leistungen/{dog.pk}/geprueft/").status_code == 404


@pytest.mark.parametrize("role", ["clerk", "head"])
def test_only_authors_see_the_list_of_reviews(client: Client, role: str) -> None:
    clerk, _person = make_clerk(role=role)
    client.force_login(clerk)
    assert client.get("/backoffice/leistungen/").status_code == 404


def test_the_office_can_be_called_and_found_from_the_service_page(client: Client, dog: Offering) -> None:
    office = dog.owner
    panel = Page(client.get(dog.get_absolute_url())).tree.xpath("//main//aside")[0]
    number = office.phone.replace(" ", "").replace("-", "")
    assert panel.xpath(f".//a[@href='tel:{number}']")
    assert office.street in panel.text_content()
    assert f"{office.postal_code} {office.city}" in panel.text_content()


@pytest.mark.parametrize(
    ("service", "noun"), [("wuensche-und-ideen", "diese Mitteilung"), ("hundesteuer-anmelden", "diesen Antrag")]
)
def test_what_is_only_answered_is_no_application(client: Client, service: str, noun: str) -> None:
    begin = Page(client.get(f"/leistungen/rostock/{service}/")).tree.xpath("//section[@aria-labelledby='beginnen']")[0]

    assert f"Für {noun} brauchen Sie kein Konto." in begin.text_content()


@pytest.mark.parametrize(
    ("service", "word"), [("wuensche-und-ideen", "Mitteilung beginnen"), ("hundesteuer-anmelden", "Antrag beginnen")]
)
def test_the_button_says_what_its_heading_says(client: Client, service: str, word: str) -> None:
    client.force_login(make_user())
    begin = Page(client.get(f"/leistungen/rostock/{service}/")).tree.xpath("//section[@aria-labelledby='beginnen']")[0]
    assert begin.xpath("string(.//h2)") == word
    assert begin.xpath("normalize-space(.//button)") == word


def test_a_survey_that_asks_nobodys_name_names_no_time_for_an_answer(client: Client) -> None:
    survey = Page(client.get("/leistungen/rostock/befragung-der-unternehmen/"))
    assert "Bearbeitung" not in survey.tree.xpath("//dl[@class='portal-facts']//dt/text()")
    assert "Woche" not in survey.tree.xpath("//main")[0].text_content()
    (begin,) = survey.tree.xpath("//section[@aria-labelledby='beginnen']")
    assert "Wir fragen nicht, wer Sie sind." in begin.text_content()
    assert [button.text_content().strip() for button in begin.xpath(".//button")] == ["Mitteilung beginnen"]
    idea = Page(client.get("/leistungen/rostock/wuensche-und-ideen/"))
    assert "Bearbeitung" in idea.tree.xpath("//dl[@class='portal-facts']//dt/text()")
