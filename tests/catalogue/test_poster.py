"""The poster of a service: made by a worker, says what the page says, and its QR code leads there."""

import copy

import pytest
from django.conf import settings
from django.test import Client

from catalogue import poster
from catalogue.models import Offering, Poster
from forms_engine import use_cases
from forms_engine.models import FormVersion
from foundation import scope
from foundation.outbox.models import OutboxRow
from tests.drain import drain
from tests.pdf import pictures_of, read_codes, text_of

pytestmark = pytest.mark.usefixtures("city")

URL = "/leistungen/rostock/hundesteuer-anmelden/plakat.pdf"


@pytest.fixture
def offering() -> Offering:
    return Offering.objects.select_related("authority", "service").get(
        authority__slug="rostock", service__slug="hundesteuer-anmelden"
    )


def make(offering: Offering) -> None:
    with scope.system("a test orders a poster"):
        poster.order(offering)
    drain()


def test_the_poster_is_offered_once_it_is_made(client: Client, offering: Offering) -> None:
    assert client.get(URL).status_code == 404
    assert URL not in client.get(offering.get_absolute_url()).content.decode()
    make(offering)
    assert URL in client.get(offering.get_absolute_url()).content.decode()
    response = client.get(URL)
    assert response["Content-Type"] == "application/pdf"
    words = " ".join(text_of(response.content).split())
    assert "Hundesteuer anmelden" in words
    assert "108 € im Jahr" in words
    assert "bis zu 4 Wochen" in words
    pages = pictures_of(response.content)
    assert len(pages) == 1
    assert read_codes(pages) == [settings.BASE_URL + offering.get_absolute_url()]


def test_a_poster_that_says_what_it_must_is_not_made_again(offering: Offering) -> None:
    make(offering)
    made = Poster.objects.get(offering=offering)
    with scope.system("a test orders once more"):
        poster.order(offering)
    assert not OutboxRow.objects.ready().exists()
    before, offering.fee = offering.fee, offering.fee | {"summary": {"de": "200 € im Jahr"}}
    try:
        with scope.system("a test raises the fee"):
            offering.save(update_fields=["fee"])
        make(offering)
        assert Poster.objects.get(offering=offering).file_id != made.file_id
    finally:
        with scope.system("a test puts the fee back"):
            offering.fee = before
            offering.save(update_fields=["fee"])


def test_a_version_that_asks_nobodys_name_any_more_makes_the_poster_anew() -> None:
    """Nobody who gives no name gets an answer, so the poster names no time for one."""
    with scope.system("a test reads the service's form"):
        offering = Offering.objects.select_related("authority", "service").get(
            authority__slug="rostock", service__slug="wuensche-und-ideen"
        )
        version = FormVersion.objects.filter(form=offering.form_id).latest("no")
    nameless = copy.deepcopy(version.definition)
    nameless["steps"] = nameless["steps"][:1]
    make(offering)
    told = Poster.objects.get(offering=offering).content_sha256
    for definition, changes in ((nameless, True), (version.definition, False)):
        with scope.system("a test publishes"):
            use_cases.publish(use_cases.add_version(offering.authority, definition))
        drain()
        assert (Poster.objects.get(offering=offering).content_sha256 != told) == changes
