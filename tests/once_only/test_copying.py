"""An earlier application as a template: what is taken over, what is not, and that nobody sends it unseen."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client
from lxml import html

from accounts.models import User
from accounts.organisations import use_cases
from accounts.people import Applicant
from applications.models import Application, Draft
from applications.once_only import copying
from applications.states import State
from catalogue.models import Offering
from forms_engine.models import FormVersion
from foundation import scope
from foundation.audit.models import AuditEvent
from tests import filler
from tests.factories import make_application, make_user
from tests.following.test_acting import BAKERY, acting_for
from tests.forms_engine.definitions import definition, field, step

IDEA = {"thema": "gruen", "text": "Mehr Bäume.", "ort": "Neuer Markt", "antwort": True, "datenschutz": True}
SENT = datetime(2026, 11, 3, 9, tzinfo=UTC)


def earlier(party_id: object, **answers: object) -> Application:
    return make_application(
        service="wuensche-und-ideen",
        department="stadtgruen",
        party_id=party_id,
        answers=IDEA | {"person": {"vorname": "Lena", "familienname": "Kogge", "email": "alt@example.org"}} | answers,
        state=State.COMPLETED,
        submitted_at=SENT,
    )


def copy(client: Client, case: Application) -> str:
    answer = client.post(f"/vorgang/{case.reference}/als-vorlage/")
    assert answer.status_code == 302, answer.content
    return answer["Location"]


def the_draft() -> Draft:
    with scope.system("look"):
        return Draft.objects.select_related("authority").get()


def test_a_copy_holds_the_answers_and_says_what_it_left_out(client: Client, person: Applicant) -> None:
    case = earlier(person.party_id)
    address = copy(client, case)
    text = " ".join(html.fromstring(client.get(address).content).text_content().split())

    assert "Übernommen aus Ihrem Antrag vom 3. November 2026" in text
    assert case.reference in text
    assert "eine Erklärung gilt nur für einen Antrag" in text
    assert text.count("Bitte prüfen") == 2
    answers = the_draft().read_answers()
    assert answers["text"] == "Mehr Bäume."
    assert "datenschutz" not in answers
    assert the_draft().party_id == person.party_id


def test_each_value_says_that_it_comes_from_the_earlier_application(client: Client, person: Applicant) -> None:
    address = copy(client, earlier(person.party_id))
    root = filler.page(client, f"{address}schritt/idee/")
    [source] = root.xpath("//*[@id='ort-source']")
    assert "Aus Ihrem Antrag vom 3. November 2026." in source.text_content()
    assert "ort-source" in root.xpath("//input[@id='ort']")[0].get("aria-describedby").split()

    filler.fill(client, f"{address}schritt/idee/", ort="Alter Markt")
    root = filler.page(client, f"{address}schritt/idee/")
    assert root.xpath("//*[@id='ort-source']") == []
    assert root.xpath("//*[@id='text-source']") != []


def test_nothing_is_sent_unseen(client: Client, person: Applicant) -> None:
    address = copy(client, earlier(person.party_id))
    filler.fill(client, f"{address}schritt/kontakt/", datenschutz="true")

    refused = filler.submit(client, address, delivery="postbox")
    assert refused.status_code == 422
    assert "Sehen Sie an, was wir übernommen haben" in refused.content.decode()

    filler.fill(client, f"{address}schritt/idee/")
    sent = filler.submit(client, address, delivery="postbox")
    assert sent.status_code == 302
    with scope.system("look"):
        assert Application.objects.count() == 2


def test_later_and_a_faulty_step_are_no_look(client: Client, person: Applicant) -> None:
    address = copy(client, earlier(person.party_id))
    filler.fill(client, f"{address}schritt/idee/", later="1")
    filler.fill(client, f"{address}schritt/idee/", text="")
    assert the_draft().read_taken_over().to_check == ["idee", "kontakt"]


def test_a_copy_is_told_in_the_read_log(client: Client, person: Applicant) -> None:
    case = earlier(person.party_id)
    copy(client, case)
    with scope.system("look"):
        assert AuditEvent.objects.filter(action="application.reused", object_id=case.pk).count() == 1


@pytest.mark.asvs("V8.2.2")
def test_only_own_applications_can_be_copied(client: Client, person: Applicant) -> None:
    foreign = earlier(make_user("other@example.org").party.pk)
    unknown = client.post("/vorgang/HRO-2026-AAAA-AAAA/als-vorlage/")
    refused = client.post(f"/vorgang/{foreign.reference}/als-vorlage/")
    assert (refused.status_code, unknown.status_code) == (404, 404)
    assert Client().post(f"/vorgang/{foreign.reference}/als-vorlage/")["Location"].startswith("/konto/anmelden/")
    with scope.system("look"):
        assert not Draft.objects.exists()


def test_an_organisation_copies_its_own_and_not_its_members(lena: User, person: Applicant) -> None:
    bakery = use_cases.found(BAKERY, by=lena)
    own, theirs = earlier(person.party_id), earlier(bakery.pk)
    client = acting_for(lena, bakery)
    assert client.post(f"/vorgang/{own.reference}/als-vorlage/").status_code == 404
    copy(client, theirs)
    assert the_draft().party_id == bakery.pk


@pytest.fixture
def ended(person: Applicant) -> Iterator[Application]:
    """A case of a service that is no longer offered."""
    case = earlier(person.party_id)
    with scope.system("the service ends"):
        Offering.objects.filter(pk=case.offering_id).update(is_active=False)
    yield case
    with scope.system("the city is for other tests, too"):
        Offering.objects.filter(pk=case.offering_id).update(is_active=True)


def test_a_service_that_is_no_longer_offered_is_told(client: Client, ended: Application) -> None:
    answer = client.post(f"/vorgang/{ended.reference}/als-vorlage/", follow=True)
    assert "Diese Leistung gibt es zurzeit nicht online." in answer.content.decode()
    assert "Als Vorlage verwenden" not in answer.content.decode()
    with scope.system("look"):
        assert not Draft.objects.exists()


def test_the_case_and_the_lists_offer_it(client: Client, person: Applicant) -> None:
    case = earlier(person.party_id)
    way = f'action="/vorgang/{case.reference}/als-vorlage/"'
    assert way in client.get(f"/vorgang/{case.reference}/").content.decode()
    assert way in client.get("/antraege/abgeschlossen/").content.decode()


def test_answers_go_from_the_version_that_was_sent_to_the_version_of_the_draft(person: Applicant) -> None:
    """Drafts begin on the newest version; what the earlier one asked otherwise stays behind and is named."""
    case = earlier(person.party_id)
    old, new = (
        FormVersion(published_at=SENT, definition=definition(step("s", *fields)))
        for fields in (
            (field("text", "name"), field("text", "ort")),
            (field("text", "name"), field("number", "ort"), field("text", "neu")),
        )
    )
    sent = Application(pk=case.pk, authority=case.authority, form_version=old, reference="X", submitted_at=SENT)
    sent.answers = sent.seal("answers", {"name": "Lena", "ort": "Hof"})

    taken = copying._taken_over(sent, "de", Draft(form_version=new))

    assert taken.answers == {"name": "Lena"}
    assert taken.to_check == ["s"]
    assert taken.left_out == [("Ort", "changed")]
