"""Earlier answers at the field: offered, never filled in; few, of one's own, and at a known cost."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from accounts import profile
from accounts.models import User
from accounts.organisations import use_cases
from accounts.people import Applicant
from applications.models import Application
from applications.states import State
from foundation import scope
from foundation.audit.models import AuditEvent
from tests import filler
from tests.factories import make_application, make_user
from tests.following.test_acting import BAKERY, acting_for

#: What the pages of a step ask for besides: the last applications of the party.
OFFER_QUERIES = 1
STEP = "schritt/kontakt/"


def earlier(party_id: Any, day: int = 1, **who: str) -> Application:
    person = {"vorname": "Lena", "familienname": "Kogge"} | who
    return make_application(
        service="wuensche-und-ideen",
        department="stadtgruen",
        party_id=party_id,
        answers={"antwort": True, "person": person},
        state=State.COMPLETED,
        submitted_at=f"2026-10-{day:02}T10:00:00+02:00",
    )


def begun(client: Client) -> str:
    draft = filler.begin(client)
    filler.fill(client, f"{draft}schritt/idee/", **filler.IDEA)
    filler.fill(client, f"{draft}{STEP}", antwort="true", refresh="1")
    return f"{draft}{STEP}"


def offers(root: html.HtmlElement, field: str) -> list[str]:
    found = root.xpath(f"//ul[contains(@aria-label, 'Frühere Antworten: {field}')]/li/span")
    return [" ".join(each.text_content().split()) for each in found]


def test_newest_distinct_answers_are_offered_with_their_day(client: Client, person: Applicant) -> None:
    for day, name in enumerate(("Alt", "Kogge", "Hansen", "Kogge", "Petersen"), start=1):
        earlier(person.party_id, day, familienname=name)
    root = filler.page(client, begun(client))

    assert offers(root, "Familienname") == [
        "Petersen Aus Ihrem Antrag vom 5. Oktober 2026",
        "Kogge Aus Ihrem Antrag vom 4. Oktober 2026",
        "Hansen Aus Ihrem Antrag vom 3. Oktober 2026",
    ]
    box = root.xpath("//input[@id='person-familienname']")[0]
    assert not box.get("value")
    assert "person-familienname-offers" in box.get("aria-describedby").split()


def test_only_the_last_five_applications_are_opened(client: Client, person: Applicant) -> None:
    oldest = earlier(person.party_id, 1, familienname="Uralt")
    cases = [earlier(person.party_id, day) for day in range(2, 7)]
    root = filler.page(client, begun(client))
    assert offers(root, "Familienname") == ["Kogge Aus Ihrem Antrag vom 6. Oktober 2026"]
    with scope.system("look"):
        opened = set(AuditEvent.objects.filter(action="application.offered").values_list("object_id", flat=True))
    assert opened == {case.pk for case in cases}
    assert oldest.pk not in opened


def test_an_offer_is_taken_by_its_button_and_all_that_was_typed_stays(client: Client, person: Applicant) -> None:
    earlier(person.party_id)
    step = begun(client)
    root = filler.page(client, step)
    [button] = root.xpath("//button[@name='take'][contains(@aria-label, 'Familienname')]")

    answer = client.post(step, filler.boxes(root) | {"person-vorname": "Lena Marie", "take": button.get("value")})
    boxes = filler.boxes(html.fromstring(answer.content))
    assert answer.status_code == 200
    assert boxes["person-familienname"] == "Kogge"
    assert boxes["person-vorname"] == "Lena Marie"
    assert offers(html.fromstring(answer.content), "Familienname") == []


@pytest.mark.parametrize("choice", ["", "kaputt", '["gibtsnicht","x"]', '["person-familienname",{"a":1}]'])
def test_a_forged_offer_breaks_nothing(client: Client, person: Applicant, choice: str) -> None:
    step = begun(client)
    answer = client.post(step, filler.boxes(filler.page(client, step)) | {"take": choice})
    assert answer.status_code == 200


def test_what_the_account_knows_is_filled_in_and_not_offered(client: Client, lena: User, person: Applicant) -> None:
    profile.write(lena, {"family_name": "Kogge", "given_name": "Lena"})
    earlier(person.party_id, familienname="Alt")
    root = filler.page(client, begun(client))
    assert offers(root, "Familienname") == []
    assert root.xpath("//input[@id='person-familienname']/@value") == ["Kogge"]
    [source] = root.xpath("//*[@id='person-familienname-source']")
    assert source.text_content().strip().startswith("Aus Ihrem Konto. Ändern Sie hier")


def test_a_correction_stays_in_this_application(client: Client, lena: User) -> None:
    profile.write(lena, {"family_name": "Kogge"})
    step = begun(client)
    filler.fill(client, step, **{"person-familienname": "Hansen"})
    assert filler.page(client, step).xpath("//*[@id='person-familienname-source']") == []
    assert profile.read(User.objects.get(pk=lena.pk)) == {"family_name": "Kogge"}


@pytest.mark.asvs("V8.2.2")
def test_answers_of_others_are_not_offered(client: Client, person: Applicant) -> None:
    earlier(make_user("other@example.org").party.pk)
    assert offers(filler.page(client, begun(client)), "Familienname") == []


def test_guests_are_offered_nothing_and_nothing_is_asked_for(city: None) -> None:
    client = Client()
    step = begun(client)
    with CaptureQueriesContext(connection) as made:
        root = filler.page(client, step)
    assert root.xpath("//button[@name='take']") == []
    assert not [each for each in made if "applications_application" in each["sql"] and "ORDER BY" in each["sql"]]


def test_three_applications_cost_as_many_queries_as_one_and_a_save_costs_none(
    client: Client, person: Applicant
) -> None:
    def asked(method: str, step: str, data: Any = None) -> int:
        with CaptureQueriesContext(connection) as made:
            getattr(client, method)(step, data)
        return sum("applications_application" in each["sql"] and "LIMIT 5" in each["sql"] for each in made)

    step = begun(client)
    for count in (1, 3):
        while True:
            with scope.system("look"):
                if Application.objects.count() == count:
                    break
            earlier(person.party_id)
        assert asked("get", step) == OFFER_QUERIES
    sent = filler.boxes(filler.page(client, step)) | filler.CONTACT
    assert asked("post", step, sent) == 0


def test_an_organisation_is_offered_its_own_answers_and_not_those_of_its_members(lena: User, person: Applicant) -> None:
    bakery = use_cases.found(BAKERY, by=lena)
    earlier(person.party_id, familienname="Privat")
    earlier(bakery.pk, familienname="Backstube")
    client = acting_for(lena, bakery)
    root = filler.page(client, begun(client))
    assert offers(root, "Familienname") == ["Backstube Aus Ihrem Antrag vom 1. Oktober 2026"]
