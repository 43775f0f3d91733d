"""Nobody is charged another fee than the page said at which they pressed the button."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from lxml import html

from applications.models import Application, Draft
from authorities import clock
from catalogue.models import Offering
from catalogue.use_cases import add_rate
from foundation import scope
from tests import filler
from tests.carrying.forms import KEY, definition, offer_form, question
from tests.frame.pages import Page

FREE: dict[str, Any] = {"summary": {"de": "kostenlos"}}


def price(amount: str) -> dict[str, Any]:
    return {"summary": {"de": "Gebühr"}, "sum": [{"price": amount}]}


@pytest.fixture
def offering(form_of_its_own: None) -> Offering:
    return offer_form(definition([question("name")]))


def begins_today(offering: Offering, tariff: dict[str, Any]) -> None:
    """A rate of today: for a page that was opened before, it began in between."""
    with scope.system("a test adds a rate"):
        add_rate(offering, tariff, valid_from=clock.today())


def checked(language: str = "de") -> tuple[Client, str, dict[str, Any]]:
    """A browser with its draft and what its check page would send, once everything is confirmed."""
    client = Client(headers={"accept-language": language})
    draft = filler.begin(client, KEY, "schwerin")
    assert filler.fill(client, f"{draft}schritt/s1/", name="Lena").status_code == 302
    return client, f"{draft}pruefen/", filler.boxes(filler.page(client, f"{draft}pruefen/")) | {"confirmed": "on"}


def told(answer: Any) -> str:
    assert answer.status_code == 409
    assert Page(answer).faults() == []
    return " ".join(html.fromstring(answer.content).xpath("//*[@id='fehler']")[0].text_content().split())


def fees() -> list[str]:
    with scope.system("a test looks"):
        return [str(each.fee) for each in Application.objects.all()]


CHANGES = {
    "dearer": (price("20.00"), price("1030.50"), "Vorher: 20,00 €. Jetzt: 1.030,50 €."),
    "cheaper": (price("20.00"), price("10.00"), "Vorher: 20,00 €. Jetzt: 10,00 €."),
    "no longer free": (FREE, price("30.00"), "Vorher: keine Gebühr angezeigt. Jetzt: 30,00 €."),
}


@pytest.mark.parametrize(("before", "after", "sentence"), CHANGES.values(), ids=CHANGES.keys())
def test_rate_that_begins_while_somebody_reads_is_shown_first(
    offering: Offering, before: dict[str, Any], after: dict[str, Any], sentence: str
) -> None:
    begins_today(offering, before)
    client, address, sent = checked()
    begins_today(offering, after)
    answer = client.post(address, sent)
    said = told(answer)
    assert sentence in said
    assert "Ihre Angaben sind gespeichert." in said
    assert fees() == []
    with scope.system("a test looks"):
        assert Draft.objects.count() == 1
    again = filler.boxes(html.fromstring(answer.content))
    assert again["confirmed"] == "on", "what was ticked stays ticked"
    assert client.post(address, again).status_code == 302
    assert fees() == [after["sum"][0]["price"]]


def test_rate_of_tomorrow_and_another_rate_of_the_same_amount_change_nothing(offering: Offering) -> None:
    begins_today(offering, price("20.00"))
    client, address, sent = checked()
    begins_today(offering, price("20.00") | {"period": {"de": "im Jahr"}})
    with scope.system("a test adds a rate"):
        add_rate(offering, price("99.00"), valid_from=clock.today() + timedelta(days=1))
    assert client.post(address, sent).status_code == 302
    assert fees() == ["20.00"]


def test_new_fee_is_told_before_what_else_is_missing(offering: Offering) -> None:
    begins_today(offering, price("20.00"))
    client, address, sent = checked()
    begins_today(offering, price("30.00"))
    assert "Jetzt: 30,00 €." in told(client.post(address, sent | {"confirmed": ""}))


def test_english_page_says_it_in_english(offering: Offering) -> None:
    begins_today(offering, price("20.00"))
    client, address, sent = checked("en")
    begins_today(offering, price("30.00"))
    assert "The fee has changed since you opened this page. Before: 20.00 €. Now: 30.00 €." in told(
        client.post(address, sent)
    )


@pytest.mark.parametrize("said", ["x", "NaN", "Infinity", "20", "-1", "9" * 400])
def test_fee_that_no_page_said_is_no_error_of_ours(offering: Offering, said: str) -> None:
    begins_today(offering, price("20.00"))
    client, address, sent = checked()
    assert "Jetzt: 20,00 €." in told(client.post(address, sent | {"fee": said}))
    assert fees() == []
