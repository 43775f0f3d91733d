"""The page on which an author says what a service costs from a day on."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from authorities import clock
from catalogue import tariffs, use_cases
from catalogue.models import Offering
from foundation import scope
from foundation.audit.models import AuditEvent
from tests.backoffice.designer import author_of
from tests.backoffice.test_forms import page_of

#: Session and user: 2. The roles in a scope of their own: 5. The page in its scope: opening and closing 5; offering,
#: version, rates 3; today and what holds then 2.
QUERIES = 17


@pytest.fixture
def author(city: None) -> Client:
    """One of Rostock."""
    return author_of("rates@example.org", "Gesa", authority="rostock")


def offering_of(slug: str, authority: str = "rostock") -> Offering:
    return Offering.objects.select_related("authority", "service").get(authority__slug=authority, service__slug=slug)


def address(offering: Offering) -> str:
    return f"/backoffice/leistungen/{offering.pk}/gebuehren/"


def typed(page: Any) -> dict[str, str]:
    """What stands in the boxes of the last form."""
    form = page.tree.xpath("//section[@aria-labelledby='neu']//form")[0]
    return {box.get("name"): box.get("value") or "" for box in form.xpath(".//input[not(@type='hidden')]")}


def test_an_author_adds_a_rate_by_changing_the_amounts_of_the_last_one(author: Client) -> None:
    offering = offering_of("hundesteuer-anmelden")
    page = page_of(author, address(offering))
    boxes = typed(page)
    assert [boxes[f"amount_{no}"] for no in range(4)] == ["108,00", "144,00", "168,00", "468,00"]
    labels = " ".join(page.tree.text_content().split())
    assert "Gilt der Hund als gefährlich?" in labels
    day = clock.today() + timedelta(days=40)
    sent = boxes | {"valid_from": day.isoformat(), "amount_0": "120,50", "summary_de": "120,50 € im Jahr"}
    assert author.post(address(offering), sent).status_code == 302
    tariff = tariffs.tariff_on(offering, day)
    assert tariff["sum"][0]["scale"] == ["120.50", "144.00", "168.00"]
    assert tariff["summary"]["de"] == "120,50 € im Jahr"
    assert tariffs.tariff_on(offering, day - timedelta(days=1)) == offering.fee
    with scope.system("look"):
        assert AuditEvent.objects.filter(action="tariff.added", object_id=offering.pk).count() == 1
    preview = page_of(author, f"{address(offering)}?tag={day.isoformat()}")
    assert "gilt: 120,50 € im Jahr" in preview.tree.text_content()
    assert "120,50 €" in preview.tree.text_content()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"amount_0": "viel"}, "Geben Sie einen Betrag ein, zum Beispiel 108,00."),
        ({"amount_1": "-1"}, "Geben Sie einen Betrag ein, zum Beispiel 108,00."),
        ({"valid_from": "gestern"}, "Geben Sie ein Datum ein, zum Beispiel 3.12.2026."),
        ({"valid_from": "2020-01-01"}, "Dieser Tag ist vorbei. Geben Sie heute oder einen späteren Tag ein."),
        ({"summary_de": ""}, "Schreiben Sie, was die Leistung kostet, zum Beispiel: kostenlos"),
    ],
)
def test_a_rate_that_cannot_be_is_refused_and_nothing_typed_is_lost(
    author: Client, wrong: dict[str, str], sentence: str
) -> None:
    offering = offering_of("hundesteuer-anmelden")
    sent = typed(page_of(author, address(offering))) | {"valid_from": "2040-01-01", "period_de": "im Halbjahr"} | wrong
    answer = author.post(address(offering), sent)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert sentence in text
    assert 'value="im Halbjahr"' in text
    assert len(tariffs.rates(offering)) == 1


def test_an_author_chooses_which_day_decides(author: Client) -> None:
    offering = offering_of("sondernutzung")
    where = f"{address(offering)}stichtag/"
    try:
        assert author.post(where, {"deciding_date": "von"}).status_code == 302
        assert offering_of("sondernutzung").deciding_date == "von"
        answer = author.post(where, {"deciding_date": "zweck"})
        assert answer.status_code == 422
        assert "Wählen Sie eine der Angaben aus der Liste." in answer.content.decode()
        assert offering_of("sondernutzung").deciding_date == "von"
    finally:
        with scope.authority(offering.authority_id):
            Offering.objects.filter(pk=offering.pk).update(deciding_date="")


def test_a_day_that_does_not_exist_is_told(author: Client) -> None:
    page = author.get(f"{address(offering_of('sondernutzung'))}?tag=2026-02-30")
    assert page.status_code == 200
    assert "Geben Sie ein Datum ein" in page.content.decode()


def test_services_of_others_and_unknown_ones_do_not_exist(author: Client) -> None:
    for missing in (
        address(offering_of("gewerbe-anmelden", "schwerin")),
        f"/backoffice/leistungen/{uuid4()}/gebuehren/",
    ):
        assert author.get(missing).status_code == 404
        assert author.post(missing, {"valid_from": "2040-01-01"}).status_code == 404
        assert author.post(f"{missing}stichtag/", {"deciding_date": ""}).status_code == 404


def test_more_rates_ask_no_more(author: Client) -> None:
    offering = offering_of("gewerbe-anmelden")
    page_of(author, address(offering))
    counts = []
    for more in (1, 2):
        for _ in range(more):
            with scope.authority(offering.authority_id):
                use_cases.add_rate(offering, offering.fee, valid_from=clock.today())
        with CaptureQueriesContext(connection) as asked:
            page_of(author, address(offering))
        counts.append(len(asked))
    assert counts == [QUERIES, QUERIES]
