"""An author writes the page in plain words of a service, with the rules beside the text."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from authorities import clock
from catalogue.models import Offering, PlainPage
from catalogue.plain_pages import pages
from foundation import scope
from foundation.audit.models import AuditEvent
from tests.backoffice.designer import author_of
from tests.backoffice.test_forms import page_of
from tests.backoffice.test_rates import offering_of
from tests.catalogue.test_plain_rules import BAD, GOOD
from tests.frame.pages import Page

SLUG = "hundesteuer-anmelden"


def address(offering: Offering) -> str:
    return f"/backoffice/leistungen/{offering.pk}/einfach/"


def seen(page: Page) -> str:
    return page.tree.xpath("//input[@name='seen']/@value")[0]


@pytest.fixture
def author(city: None) -> Client:
    """One of Rostock."""
    return author_of("plain@example.org", "Gesa", authority="rostock")


@pytest.fixture
def offering(city: None) -> Offering:
    return offering_of(SLUG)


def test_an_author_writes_sees_what_the_rules_say_and_enters_a_test(author: Client, offering: Offering) -> None:
    page = page_of(author, address(offering))
    assert "Als geprüft eintragen" not in page.text
    assert author.post(address(offering), BAD | {"seen": seen(page)}).status_code == 302
    page = page_of(author, address(offering))
    said = [" ".join(each.text_content().split()) for each in page.tree.xpath("//form//li")]
    assert said[0].startswith("Fest, Zeile 1: ")
    assert any("Schreiben Sie jeden Satz in eine eigene Zeile. (L1)" in each for each in said)
    assert "Als geprüft eintragen" not in page.text
    assert author.post(address(offering), GOOD | {"seen": seen(page), "is_shown": "on"}).status_code == 302
    page = page_of(author, address(offering))
    tested = {"group": "Prüfgruppe Nord", "tested_on": clock.today().isoformat(), "seen": seen(page)}
    assert author.post(f"{address(offering)}geprueft/", tested).status_code == 302
    assert "Geprüft von Prüfgruppe Nord am" in page_of(author, address(offering)).text
    with scope.system("look"):
        actions = AuditEvent.objects.filter(object_id=offering.pk).order_by("at").values_list("action", flat=True)
        assert list(actions) == ["plain_page.changed", "plain_page.changed", "plain_page.tested"]


def test_a_test_that_cannot_be_is_refused(author: Client, offering: Offering) -> None:
    with scope.authority(offering.authority_id):
        PlainPage.objects.create(offering=offering, authority_id=offering.authority_id, texts=GOOD)
    right = {"group": "G", "tested_on": clock.today().isoformat(), "seen": pages.text_digest(GOOD)}
    for wrong, sentence in (
        ({"group": ""}, "Nennen Sie die Gruppe, die den Text gelesen hat."),
        ({"tested_on": "neulich"}, "Geben Sie ein Datum ein"),
        ({"tested_on": (clock.today() + timedelta(days=1)).isoformat()}, "Dieser Tag liegt in der Zukunft."),
        ({"seen": "x"}, "Der Text hat sich inzwischen geändert."),
    ):
        answer = author.post(f"{address(offering)}geprueft/", right | wrong)
        assert answer.status_code == 422
        assert Page(answer).faults() == []
        assert sentence in answer.content.decode()
    assert pages.page_of(offering).tested_on is None


def test_who_was_slower_sees_both_states(author: Client, offering: Offering) -> None:
    with scope.authority(offering.authority_id):
        PlainPage.objects.create(offering=offering, authority_id=offering.authority_id, texts=GOOD)
    answer = author.post(address(offering), {"what": "Das ist von mir.", "seen": pages.text_digest({})})
    assert answer.status_code == 409
    page = Page(answer)
    assert page.faults() == []
    assert "Das ist von mir." in page.text
    assert "Dann bezahlen Sie Geld an die Stadt." in page.text
    assert author.post(address(offering), {"what": "Das ist von mir.", "seen": seen(page)}).status_code == 302
    assert pages.page_of(offering).texts["what"] == "Das ist von mir."


def test_a_text_too_long_is_refused_and_kept_in_its_box(author: Client, offering: Offering) -> None:
    answer = author.post(address(offering), {"what": "Gut. " * 900, "costs": "Es kostet Geld.", "seen": ""})
    assert answer.status_code == 422
    assert "Kürzen Sie den Text auf 4.000 Zeichen." in answer.content.decode()
    assert "Es kostet Geld." in answer.content.decode()


def test_services_of_others_and_unknown_ones_do_not_exist(author: Client) -> None:
    for missing in (address(offering_of(SLUG, "schwerin")), f"/backoffice/leistungen/{uuid4()}/einfach/"):
        assert author.get(missing).status_code == 404
        assert author.post(missing, GOOD).status_code == 404
        assert author.post(f"{missing}geprueft/", {"group": "G"}).status_code == 404
