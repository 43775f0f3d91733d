"""Everyday words, slips and inflections lead to the right service, and it stands first."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue import queries, search
from catalogue.models import Offering, Service
from foundation import scope
from tests.frame.pages import Page

pytestmark = pytest.mark.usefixtures("city")

EVERYDAY = [
    ("hundesteuern anmelden", "hundesteuer-anmelden"),
    ("hund", "hundesteuer-anmelden"),
    ("Welpen", "hundesteuer-anmelden"),
    ("parkausweis", "bewohnerparkausweis"),
    ("anwohner parken", "bewohnerparkausweis"),
    ("bewonerparkausweis", "bewohnerparkausweis"),
    ("gewerbe", "gewerbe-anmelden"),
    ("firma gründen", "gewerbe-anmelden"),
    ("geburtsurkunde", "urkunde-anfordern"),
    ("heiratsurkunden", "urkunde-anfordern"),
    ("tische vor dem cafe", "sondernutzung"),
    ("wo wohnt", "melderegisterauskunft"),
    ("dog tax", "hundesteuer-anmelden"),
    ("umfrage", "befragung-der-unternehmen"),
    ("vorschläge", "wuensche-und-ideen"),
    ("gaststätte", "gewerbe-anmelden"),
    ("imbiss", "gewerbe-anmelden"),
    ("flohmarkt", "sondernutzung"),
    ("scheidung", "urkunde-anfordern"),
    ("schlagloch", "wuensche-und-ideen"),
    ("kneipe", "gewerbe-anmelden"),
    ("laden eröffnen", "gewerbe-anmelden"),
    ("handwerk", "gewerbe-anmelden"),
    ("open a shop", "gewerbe-anmelden"),
    ("self-employed", "gewerbe-anmelden"),
    ("kampfhund", "hundesteuer-anmelden"),
    ("baugerüst", "sondernutzung"),
    ("stammbuch", "urkunde-anfordern"),
]
SITUATIONS = [
    ("umziehen", "umziehen-und-wohnen"),
    ("Umzug", "umziehen-und-wohnen"),
    ("wohnung", "umziehen-und-wohnen"),
    ("ummelden", "umziehen-und-wohnen"),
    ("handel", "gastronomie-und-handel"),
    ("moving", "umziehen-und-wohnen"),
]


@pytest.mark.parametrize(("text", "service"), EVERYDAY)
def test_everyday_words_find_the_right_service_first(text: str, service: str) -> None:
    found = search.find(text, queries.entries())
    assert [entry.service.slug for entry in found.entries][:1] == [service]


@pytest.mark.parametrize(("text", "situation"), SITUATIONS)
def test_words_that_name_a_part_of_life_lead_to_it(client: Client, text: str, situation: str) -> None:
    shown = Page(client.get("/leistungen/", {"q": text}))
    assert shown.faults() == []
    assert f"/leistungen/lage/{situation}/" in shown.tree.xpath("//main//a/@href")
    assert "nichts gefunden" not in shown.text
    assert "Meinten Sie" not in shown.text


def test_a_slip_is_answered_with_a_guess_on_the_page(client: Client) -> None:
    shown = Page(client.get("/leistungen/", {"q": "bewonerparkausweis"}))
    assert shown.faults() == []
    assert "Meinten Sie:" in shown.text
    assert "/leistungen/rostock/bewohnerparkausweis/" in shown.tree.xpath("//main//a/@href")


@pytest.mark.asvs("V1.2.4", "V1.2.9")
@pytest.mark.tr("A3.12.05")
@pytest.mark.parametrize("text", ["xqzwv", "'; DROP TABLE", "((", "&|!:*", "-", "?" * 500, "ſ", "wo der die das"])
def test_whatever_is_typed_is_answered(client: Client, text: str) -> None:
    response = client.get("/leistungen/", {"q": text})
    assert response.status_code == 200
    assert Page(response).faults() == []


def test_nothing_found_says_so_and_leads_on(client: Client) -> None:
    shown = Page(client.get("/leistungen/", {"q": "xqzwv"}))
    assert "haben wir nichts gefunden" in shown.text
    assert "/leistungen/" in shown.tree.xpath("//main//p/a/@href")


@pytest.fixture
def many_services() -> list[int]:
    """How many queries the list makes with 1, 3 and 300 services more."""
    form_of = Offering.objects.select_related("authority").filter(authority__slug="rostock")[0]
    made: list[Service] = []
    counts = []
    try:
        for number in (1, 3, 300):
            new = [
                Service(
                    key=f"T-{no}",
                    slug=f"probe-{no}",
                    texts={"title": {"de": f"Probe {no}"}},
                )
                for no in range(len(made), number)
            ]
            with scope.system("a test needs many services"):
                made += Service.objects.bulk_create(new)
                Offering.objects.bulk_create(
                    Offering(
                        authority=form_of.authority,
                        service=each,
                        form_id=form_of.form_id,
                        level="none",
                        deadline_weeks=1,
                        retention_months=1,
                    )
                    for each in new
                )
            counts.append([_queries("/leistungen/"), _queries("/leistungen/?q=probe"), _queries("/")])
        return counts
    finally:
        with scope.system("a test takes them away again"):
            Offering.objects.filter(service__in=made).delete()
            Service.objects.filter(pk__in=[each.pk for each in made]).delete()


def _queries(url: str) -> int:
    client = Client()
    client.get(url)  # whatever is kept per process is kept now
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_lists_make_the_same_number_of_queries_however_long_they_are(many_services) -> None:
    one, three, many = many_services
    assert one == three == many
    assert max(many) <= 12
