"""A page in plain words: who may see it, what it is called, and when a test of it counts no longer."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import Client

from authorities import clock
from catalogue import use_cases
from catalogue.models import Offering, PlainPage
from catalogue.plain_pages import pages
from catalogue.plain_pages.pages import State
from foundation import scope
from foundation.ids import new_id
from tests.catalogue.test_plain_rules import BAD, GOOD

pytestmark = pytest.mark.usefixtures("city")
EMPTY = pages.text_digest({})


@pytest.fixture
def offering() -> Offering:
    wanted = Offering.objects.select_related("authority", "service")
    return wanted.get(authority__slug="rostock", service__slug="hundesteuer-anmelden")


def write(offering: Offering, texts: dict[str, str], *, seen: str = EMPTY, is_shown: bool = True) -> PlainPage:
    with scope.authority(offering.authority_id):
        return pages.write(offering, texts, is_shown=is_shown, seen=seen, by_id=new_id())


def note_test(offering: Offering, texts: dict[str, str] = GOOD) -> PlainPage:
    with scope.authority(offering.authority_id):
        return pages.note_test(
            offering, group="Prüfgruppe Nord", tested_on=clock.today(), seen=pages.text_digest(texts), by_id=new_id()
        )


def state(offering: Offering) -> State:
    return pages.state_of(pages.page_of(offering), offering)


def read(client: Client, offering: Offering, more: str = "einfach/") -> str:
    answer = client.get(f"{offering.get_absolute_url()}{more}", headers={"accept-language": "de"})
    return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


def test_only_a_tested_page_bears_the_name(client: Client, offering: Offering) -> None:
    assert read(client, offering) == "404"
    write(offering, GOOD, is_shown=False)
    assert read(client, offering) == "404"
    assert "Einfach erklärt" not in read(client, offering, "").split("<footer")[0].split("<main")[1]
    write(offering, GOOD, seen=pages.text_digest(GOOD))
    assert state(offering) is State.DRAFT
    for page in (read(client, offering), read(client, offering, "")):
        main = page.split("<main")[1].split("<footer")[0]
        assert "Einfach erklärt" in main
        assert "Leichte Sprache" not in main
    note_test(offering)
    assert state(offering) is State.TESTED
    page = read(client, offering)
    assert "Leichte Sprache" in page
    assert "Geprüft von Prüfgruppe Nord am" in page
    assert "<p>Sie haben einen Hund?</p>" in page
    assert "<li>die Nummer von dem Hund</li>" in page
    assert "Leichte Sprache" in read(client, offering, "").split("<main")[1]


def test_a_page_is_older_when_the_service_or_its_fee_has_changed(client: Client, offering: Offering) -> None:
    write(offering, GOOD)
    note_test(offering)
    before = offering.service.texts
    try:
        with scope.system("a test changes a service"):
            offering.service.texts = before | {"deadline": {"de": "Melden Sie den Hund in einer Woche an."}}
            offering.service.save(update_fields=["texts"])
        assert state(offering) is State.OLDER
        assert "Leichte Sprache" not in read(client, offering).split("<main")[1].split("<footer")[0]
        assert "Seit der Prüfung hat sich die Leistung geändert." in read(client, offering)
    finally:
        with scope.system("a test puts it back"):
            offering.service.texts = before
            offering.service.save(update_fields=["texts"])
    assert state(offering) is State.TESTED
    with scope.authority(offering.authority_id):
        use_cases.add_rate(offering, offering.fee | {"summary": {"de": "200 €"}}, valid_from=clock.today())
    assert state(offering) is State.OLDER


def test_another_text_is_a_draft_again_and_the_same_one_stays_tested(offering: Offering) -> None:
    write(offering, GOOD)
    note_test(offering)
    write(offering, GOOD, seen=pages.text_digest(GOOD), is_shown=False)
    assert state(offering) is State.TESTED
    write(offering, GOOD | {"costs": "Es kostet Geld."}, seen=pages.text_digest(GOOD))
    assert state(offering) is State.DRAFT


def test_what_breaks_a_rule_that_blocks_or_says_nothing_cannot_be_tested(offering: Offering) -> None:
    for texts in ({}, BAD):
        write(offering, texts, seen=pages.text_digest(pages.page_of(offering).texts))
        with pytest.raises(pages.PlainPageRefused, match="feste"):
            note_test(offering, texts)
    write(offering, GOOD, seen=pages.text_digest(BAD))
    with pytest.raises(pages.PlainPageRefused, match="Zukunft"), scope.authority(offering.authority_id):
        pages.note_test(
            offering,
            group="G",
            tested_on=clock.today() + timedelta(days=1),
            seen=pages.text_digest(GOOD),
            by_id=new_id(),
        )


def test_who_was_slower_changes_nothing(offering: Offering) -> None:
    write(offering, GOOD)
    with pytest.raises(pages.ChangedMeanwhile):
        write(offering, BAD, seen=EMPTY)
    with pytest.raises(pages.ChangedMeanwhile):
        note_test(offering, BAD)
    assert pages.page_of(offering).texts == GOOD


def test_no_authority_writes_about_the_service_of_another_one(offering: Offering) -> None:
    theirs = Offering.objects.get(authority__slug="schwerin", service=offering.service)
    with pytest.raises(DatabaseError, match="row-level security"), scope.authority(offering.authority_id):
        PlainPage.objects.create(offering=theirs, authority_id=offering.authority_id)
