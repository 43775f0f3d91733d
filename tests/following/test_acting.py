"""Acting for an organisation: its cases, drafts and documents follow, one party at a time, and only for members."""

from dataclasses import replace

import pytest
from django.test import Client
from lxml import html

from accounts import profile
from accounts.models import LegalForm, Membership, Party, User
from accounts.organisations import use_cases
from accounts.organisations.details import Details
from accounts.people import Applicant
from applications.models import Application, Draft
from applications.recipients import mail_address_of
from applications.states import State
from foundation import scope
from tests.factories import make_application, make_user
from tests.filler import begin, fill, page
from tests.following.rows import make_document

SITE = {"street": "Am Strom", "house_number": "60", "postal_code": "18119", "city": "Rostock"}
BAKERY = Details("Bäckerei Kogge GmbH", LegalForm.GMBH, "Rostock", "HRB 12345", [SITE])


@pytest.fixture
def bakery(lena: User) -> Party:
    return use_cases.found(BAKERY, by=lena)


@pytest.fixture
def case(bakery: Party) -> Application:
    return make_application(party_id=bakery.pk, state=State.PROCESSING)


@pytest.fixture
def member(bakery: Party) -> User:
    user = make_user("member@example.org")
    Membership.objects.create(organisation=bakery, user=user, role="member")
    return user


def acting_for(user: User, party: Party | None = None) -> Client:
    client = Client()
    client.force_login(user)
    choose(client, party)
    return client


def choose(client: Client, party: Party | None) -> None:
    answer = client.post("/konto/handeln-fuer/", {"acting_for": str(party.pk) if party else "self"})
    assert answer.status_code == 302


def pages_of(case: Application, item_id: object) -> list[str]:
    return [f"/vorgang/{case.reference}/", f"/vorgang/{case.reference}/frage/", f"/postfach/{item_id}/"]


def test_lists_hold_one_party_at_a_time(lena: User, person: Applicant, bakery: Party, case: Application) -> None:
    own = make_application(party_id=person.party_id, state=State.PROCESSING)
    client = acting_for(lena)
    for party, seen, hidden in ((None, own, case), (bakery, case, own)):
        choose(client, party)
        text = client.get("/antraege/").content.decode()
        assert seen.reference in text
        assert hidden.reference not in text
        assert client.get(f"/vorgang/{hidden.reference}/").status_code == 404


def test_a_member_sees_cases_and_postbox_until_the_membership_ends(
    lena: User, member: User, bakery: Party, case: Application
) -> None:
    item = make_document(case)
    client = acting_for(member, bakery)
    assert [client.get(address).status_code for address in pages_of(case, item.pk)] == [200] * 3
    assert item.title in client.get("/postfach/").content.decode()

    membership = Membership.objects.get(user=member)
    use_cases.end_membership(bakery.pk, membership_id=membership.pk, by=lena)

    assert [client.get(address).status_code for address in pages_of(case, item.pk)] == [404] * 3
    assert item.title not in client.get("/postfach/").content.decode()
    assert case.reference not in client.get("/antraege/").content.decode()
    assert client.post(f"/postfach/{item.pk}/oeffnen/").status_code == 404
    assert bakery.name not in client.get("/konto/profil/").content.decode()


@pytest.mark.asvs("V8.2.2")
def test_an_organisation_is_nothing_to_the_members_of_another(bakery: Party, case: Application) -> None:
    other = make_user("other@example.org")
    workshop = use_cases.found(replace(BAKERY, name="Werkstatt GmbH"), by=other)
    client = acting_for(other, workshop)
    assert client.get(f"/vorgang/{case.reference}/").status_code == 404
    assert case.reference not in client.get("/antraege/").content.decode()


def test_a_draft_stays_with_the_party_that_began_it(lena: User, bakery: Party) -> None:
    client = acting_for(lena)
    draft = begin(client)
    choose(client, bakery)
    assert client.get(draft).status_code == 404
    refused = client.post(f"{draft}schritt/idee/", {"version": "0", "text": "Mehr Bäume."})
    assert refused.status_code == 409
    assert "Dieser Antrag ist für: Sie selbst." in refused.content.decode()
    choose(client, None)
    assert client.get(draft).status_code == 200
    assert client.get(f"{draft}schritt/nirgends/").status_code == 404
    assert "Mehr Bäume." in client.get(f"{draft}schritt/idee/").content.decode()
    with scope.party(lena.party.pk, read_only=True):
        assert Draft.objects.get().party_id == lena.party.pk


def test_the_draft_of_a_stranger_is_not_told(lena: User, bakery: Party) -> None:
    draft = begin(acting_for(make_user("jonas@example.org")))
    assert acting_for(lena, bakery).post(f"{draft}schritt/idee/", {"text": "Mehr Bäume."}).status_code == 404


def test_the_organisation_takes_part_in_what_was_begun_for_it(lena: User, member: User, bakery: Party) -> None:
    draft = begin(acting_for(lena, bakery))
    assert acting_for(member, bakery).get(draft).status_code == 200
    assert acting_for(member).get(draft).status_code == 404


def test_forms_know_the_organisation_and_the_name_of_whoever_acts_but_not_their_home(lena: User, bakery: Party) -> None:
    profile.write(lena, {"given_name": "Lena", "family_name": "Kogge", "street": "Lange Straße", "phone": "0381 1"})
    client = acting_for(lena, bakery)
    draft = begin(client, "gewerbe-anmelden")
    step = html.fromstring(client.get(draft).content).xpath("//main//a[contains(@href, '/schritt/')]/@href")[0]
    fill(client, step, inhaber_art="organisation")
    values = {box.name: box.value for box in page(client, step).xpath("//main//input[@name]")}
    assert values["organisation-name"] == BAKERY.name
    assert values["organisation-register_nummer"] == "HRB 12345"
    assert values["organisation-anschrift_street"] == "Am Strom"
    assert "Lange Straße" not in page(client, step).text_content()


def test_mails_about_an_organisation_go_to_somebody_who_still_acts_for_it(
    lena: User, member: User, bakery: Party
) -> None:
    case = make_application(party_id=bakery.pk, acting_user_id=member.pk)
    assert mail_address_of(case) == member.email
    membership = Membership.objects.get(user=member)
    use_cases.end_membership(bakery.pk, membership_id=membership.pk, by=lena)
    assert mail_address_of(case) == lena.email
