"""What people are told about their data: whole, in their language, and kept as they were told it."""

import pytest
from django.db import DatabaseError
from django.test import Client

from applications.models import Application
from catalogue import privacy, queries
from catalogue.models import Offering
from foundation import scope
from tests import filler
from tests.factories import make_application, make_user
from tests.frame.pages import Page

pytestmark = pytest.mark.usefixtures("city")


def notice(service: str = "hundesteuer-anmelden", language: str = "de") -> privacy.PrivacyNotice:
    offering = Offering.objects.select_related("authority", "service").get(
        authority__slug="rostock", service__slug=service
    )
    with scope.party(scope.NOBODY, read_only=True):
        version = queries.published_version(offering)
    return privacy.notice_of(offering, language, version=version)


def test_the_notice_names_what_the_law_asks_for() -> None:
    told = notice()
    assert told.controller[0] == "Hanse- und Universitätsstadt Rostock"
    assert told.purpose == "Festsetzung der Hundesteuer"
    assert "DSGVO" in told.legal_basis
    assert told.recipients
    assert "10 Jahre" in told.retention
    assert "Landesbeauftragte" in told.complaint
    assert len(told.rights) == 5


def test_questions_on_special_kinds_of_data_are_named() -> None:
    assert notice().special == ["Aus welchem Grund?", "Nachweis"]
    assert notice("wuensche-und-ideen").special == []


def test_the_notice_speaks_english() -> None:
    assert notice(language="en").purpose == "Assessment of dog tax"
    assert "10 years" in notice(language="en").retention


@pytest.mark.parametrize("offering", ["rostock/hundesteuer-anmelden", "mv/wuensche-und-ideen"])
def test_it_stands_on_a_page_that_the_service_page_leads_to(client: Client, offering: str) -> None:
    url = f"/leistungen/{offering}/datenschutz/"
    assert url in Page(client.get(f"/leistungen/{offering}/")).tree.xpath("//main//a/@href")
    shown = Page(client.get(url))
    assert shown.faults() == []
    assert "Artikel 13 DSGVO" in shown.text


def test_every_offering_says_what_the_law_asks_for() -> None:
    missing = [
        (offering.authority.slug, offering.service.slug, name)
        for offering in Offering.objects.select_related("authority", "service")
        for name in ("purpose", "legal_basis", "recipients")
        if not offering.privacy.get(name, {}).get("de") or not offering.privacy[name].get("en")
    ]
    assert missing == []


def test_what_was_told_is_never_changed() -> None:
    application = make_application(privacy_notice=notice().as_data())
    with pytest.raises(DatabaseError, match="never changed"), scope.authority(application.authority_id):
        Application.objects.filter(pk=application.pk).update(privacy_notice={})


def test_an_application_keeps_what_its_person_was_told(client: Client) -> None:
    client.force_login(make_user())
    draft = filler.begin(client)
    assert "/leistungen/rostock/wuensche-und-ideen/datenschutz/" in Page(client.get(f"{draft}schritt/idee/")).text
    filler.fill_idea(client, draft)
    filler.submit(client, draft, delivery="postbox")
    with scope.system("a test looks"):
        application = Application.objects.get()
    assert application.privacy_notice == notice("wuensche-und-ideen").as_data()
    shown = Page(client.get(f"/vorgang/{application.reference}/"))
    assert shown.faults() == []
    assert "So galt der Hinweis" in shown.text
    assert "Büro der Oberbürgermeisterin" in shown.text
