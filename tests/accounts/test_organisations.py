"""Organisations: who may do what, for whom one acts, and that whoever left sees nothing from that moment on."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.core import mail
from django.db import DatabaseError
from django.test import Client

from accounts.errors import AccountError
from accounts.models import Invitation, LegalForm, Membership, Organisation, Party, User
from accounts.organisations import details, queries, register, use_cases
from accounts.organisations.details import Details
from foundation import scope
from tests.drain import drain
from tests.factories import make_user
from tests.frame.pages import Page

OFFICE = {"street": "Kröpeliner Straße", "house_number": "26", "postal_code": "18055", "city": "Rostock"}
BAKERY = Details("Bäckerei Kogge GmbH", LegalForm.GMBH, "Rostock", "HRB 12345", [OFFICE])
TYPED = {
    "name": "Bäckerei Kogge GmbH",
    "legal_form": "gmbh",
    "register_court": "Amtsgericht Rostock",
    "register_number": "hrb 12345",
    "form-TOTAL_FORMS": "2",
    "form-INITIAL_FORMS": "0",
    **{f"form-0-{key}": value for key, value in OFFICE.items()},
}


@pytest.fixture
def owner(city: None) -> User:
    return make_user("owner@example.org")


@pytest.fixture
def member(city: None) -> User:
    return make_user("member@example.org")


@pytest.fixture
def stranger(city: None) -> User:
    return make_user("stranger@example.org")


@pytest.fixture
def bakery(owner: User, member: User) -> Party:
    party = use_cases.found(BAKERY, by=owner)
    Membership.objects.create(organisation=party, user=member, role="member")
    return party


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def stored(party_id: UUID) -> Details:
    with scope.party(party_id, read_only=True):
        return details.read(party_id)


# founding and editing ------------------------------------------------------------------------------------------------


def test_whoever_founds_an_organisation_owns_it(owner: User) -> None:
    answer = client_of(owner).post("/konto/organisationen/neu/", TYPED)
    membership = queries.memberships_of(owner.pk).get()
    assert answer.url == f"/konto/organisationen/{membership.organisation_id}/"
    assert membership.role == "owner"
    assert stored(membership.organisation_id) == BAKERY
    page = client_of(owner).get(answer.url).content.decode()
    assert "Rostock, HRB 12345" in page
    assert "Kröpeliner Straße 26, 18055 Rostock" in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Geben Sie den Namen der Organisation ein."),
        ({"name": "Bäckerei \u0416"}, "Das Zeichen „\u0416“ ist hier nicht zulässig."),
        ({"legal_form": "holding"}, "Wählen Sie die Rechtsform aus."),
        ({"register_court": "Atlantis"}, "Dieses Registergericht kennen wir nicht."),
        ({"register_number": "12345"}, "Geben Sie die Nummer mit Abteilung ein"),
        ({"register_number": "HRA 12345"}, "Eine Nummer dafür beginnt mit HRB."),
        ({"register_court": ""}, "Geben Sie auch das Registergericht ein"),
        ({"register_number": ""}, "Geben Sie auch die Nummer ein"),
        ({"form-0-city": ""}, "Ergänzen Sie die Anschrift"),
        ({"form-0-postal_code": "1805"}, "Geben Sie eine Postleitzahl mit 5 Ziffern ein"),
    ],
)
def test_bad_input_is_told_in_a_sentence_and_kept(owner: User, wrong: dict[str, str], sentence: str) -> None:
    answer = client_of(owner).post("/konto/organisationen/neu/", TYPED | wrong)
    page = answer.content.decode()
    assert (answer.status_code, queries.memberships_of(owner.pk).count()) == (422, 0)
    assert sentence in page
    assert "Kröpeliner Straße" in page


def test_a_form_without_its_counters_is_asked_again(owner: User) -> None:
    without = {key: value for key, value in TYPED.items() if not key.startswith("form-")}
    assert client_of(owner).post("/konto/organisationen/neu/", without).status_code in (200, 422)
    assert queries.memberships_of(owner.pk).count() == 0


def test_an_address_is_added_and_another_one_removed(owner: User, bakery: Party) -> None:
    client, address = client_of(owner), f"/konto/organisationen/{bakery.pk}/bearbeiten/"
    empty = {f"form-0-{key}": "" for key in OFFICE}
    harbour = OFFICE | {"street": "Am Strom", "house_number": "60", "postal_code": "18119"}
    second = {f"form-1-{key}": value for key, value in harbour.items()}
    assert client.post(address, TYPED | second | {"form-INITIAL_FORMS": "1"}).status_code == 302
    assert stored(bakery.pk).sites == [OFFICE, harbour]
    assert client.post(address, TYPED | second | empty | {"form-INITIAL_FORMS": "2"}).status_code == 302
    assert stored(bakery.pk).sites == [harbour]


@pytest.mark.parametrize(
    ("typed", "number"),
    [("HRB 12345", "HRB 12345"), ("vr1", "VR 1"), ("GNR 7 hro", "GnR 7 HRO"), ("HRC 1", None), ("HRB 0", None)],
)
def test_a_number_of_a_register_is_written_one_way(typed: str, number: str | None) -> None:
    assert register.number_of(typed) == number


def test_the_addresses_lie_sealed(bakery: Party) -> None:
    with scope.party(bakery.pk, read_only=True):
        assert b"Strom" not in bytes(Organisation.objects.get(party=bakery).sites)


# rights --------------------------------------------------------------------------------------------------------------


@pytest.mark.asvs("V8.2.2")
@pytest.mark.parametrize(("who", "status"), [("owner", 200), ("member", 200), ("stranger", 404)])
def test_only_members_see_an_organisation(request: pytest.FixtureRequest, bakery: Party, who: str, status: int) -> None:
    client = client_of(request.getfixturevalue(who))
    assert client.get(f"/konto/organisationen/{bakery.pk}/").status_code == status
    assert (bakery.name in client.get("/konto/organisationen/").content.decode()) == (status == 200)


@pytest.mark.asvs("V8.2.1")
@pytest.mark.parametrize(("who", "allowed"), [("owner", True), ("member", False), ("stranger", False)])
@pytest.mark.parametrize("page", ["bearbeiten/", "einladen/"])
def test_only_owners_change_and_invite(
    request: pytest.FixtureRequest, bakery: Party, who: str, allowed: bool, page: str
) -> None:
    client, address = client_of(request.getfixturevalue(who)), f"/konto/organisationen/{bakery.pk}/{page}"
    typed = TYPED | {"name": "Kaperbäckerei", "email": "new@example.org", "role": "owner"}
    assert client.get(address).status_code == (200 if allowed else 404)
    assert client.post(address, typed).status_code == (302 if allowed else 404)
    changed = Invitation.objects.exists() or stored(bakery.pk).name != BAKERY.name
    assert changed == allowed


@pytest.mark.parametrize("who", ["member", "stranger"])
def test_the_use_cases_ask_for_the_owner_themselves(request: pytest.FixtureRequest, bakery: Party, who: str) -> None:
    user = request.getfixturevalue(who)
    with pytest.raises(AccountError):
        use_cases.change_details(bakery.pk, replace(BAKERY, name="Kaperbäckerei"), by=user)
    with pytest.raises(AccountError):
        use_cases.invite(bakery.pk, email="new@example.org", role="owner", by=user)
    assert (stored(bakery.pk), Invitation.objects.count()) == (BAKERY, 0)


def test_a_member_of_one_organisation_is_a_stranger_to_another(member: User, bakery: Party) -> None:
    other = use_cases.found(replace(BAKERY, name="Zweite GmbH"), by=make_user("second@example.org"))
    client = client_of(member)
    assert client.get(f"/konto/organisationen/{other.pk}/").status_code == 404
    assert client.post("/konto/handeln-fuer/", {"acting_for": str(other.pk)}).status_code == 404
    own = Membership.objects.get(organisation=bakery, user=member)
    assert client.post(f"/konto/organisationen/{other.pk}/zugang/{own.pk}/beenden/").status_code == 404
    assert Membership.objects.filter(until__isnull=False).count() == 0


@pytest.mark.asvs("V8.2.2")
def test_the_database_shows_the_data_of_an_organisation_to_itself_alone(bakery: Party, stranger: User) -> None:
    with scope.party(stranger.party.pk, read_only=True):
        assert Organisation.objects.count() == 0
    with pytest.raises(DatabaseError):
        Organisation.objects.count()


# inviting ------------------------------------------------------------------------------------------------------------


def invite(client: Client, bakery: Party, email: str) -> str:
    typed = {"email": email, "role": "member"}
    page = client.post(f"/konto/organisationen/{bakery.pk}/einladen/", typed, follow=True)
    return page.content.decode()


def test_an_invitation_is_answered_the_same_way_whether_or_not_there_is_an_account(
    owner: User, bakery: Party, stranger: User
) -> None:
    client = client_of(owner)
    known, unknown = invite(client, bakery, stranger.email), invite(client, bakery, "nobody@example.org")
    sentence = "Wenn es das Konto gibt, bekommt die Person eine E-Mail."
    assert sentence in known
    assert sentence in unknown
    assert "nobody@example.org" in unknown
    drain()
    assert [message.to for message in mail.outbox] == [[stranger.email]]
    assert BAKERY.name not in mail.outbox[0].body


def test_each_fault_of_an_invitation_names_its_field_and_leads_to_it(owner: User, bakery: Party) -> None:
    page = Page(client_of(owner).post(f"/konto/organisationen/{bakery.pk}/einladen/", {"email": ""}))

    told = {link.text_content(): link.get("href")[1:] for link in page.tree.xpath("//*[@id='fehler']//a")}

    assert list(told) == [
        "E-Mail-Adresse: Geben Sie eine E-Mail-Adresse ein.",
        "Was darf die Person: Wählen Sie aus, was die Person darf.",
    ]
    for target in told.values():
        assert page.count(f"//input[@id='{target}']") == 1, target


def test_whoever_accepts_acts_for_the_organisation(owner: User, bakery: Party, stranger: User) -> None:
    invite(client_of(owner), bakery, "Stranger@Example.org")
    invitation = Invitation.objects.get()
    client = client_of(stranger)
    assert bakery.name in client.get("/konto/organisationen/").content.decode()
    answer = client.post(f"/konto/organisationen/einladung/{invitation.pk}/", {"answer": "accept"})
    assert answer.url == f"/konto/organisationen/{bakery.pk}/"
    assert queries.memberships_of(stranger.pk).get().role == "member"
    again = client.post(f"/konto/organisationen/einladung/{invitation.pk}/", {"answer": "accept"})
    assert again.status_code == 404


def test_nobody_accepts_the_invitation_of_another(owner: User, bakery: Party, stranger: User) -> None:
    invite(client_of(owner), bakery, "friend@example.org")
    address = f"/konto/organisationen/einladung/{Invitation.objects.get().pk}/"
    assert client_of(stranger).post(address, {"answer": "accept"}).status_code == 404
    assert not queries.memberships_of(stranger.pk).exists()


@pytest.mark.parametrize("way", ["taken back", "declined"])
def test_a_closed_invitation_opens_nothing(owner: User, bakery: Party, stranger: User, way: str) -> None:
    invite(client_of(owner), bakery, stranger.email)
    pk = Invitation.objects.get().pk
    if way == "taken back":
        client_of(owner).post(f"/konto/organisationen/{bakery.pk}/einladung/{pk}/")
    else:
        client_of(stranger).post(f"/konto/organisationen/einladung/{pk}/", {"answer": "decline"})
    late = client_of(stranger).post(f"/konto/organisationen/einladung/{pk}/", {"answer": "accept"})
    assert late.status_code == 404
    assert not queries.memberships_of(stranger.pk).exists()


# leaving -------------------------------------------------------------------------------------------------------------


def end(client: Client, bakery: Party, user: User) -> int:
    membership = Membership.objects.get(organisation=bakery, user=user)
    return client.post(f"/konto/organisationen/{bakery.pk}/zugang/{membership.pk}/beenden/").status_code


def test_the_last_owner_cannot_leave(owner: User, bakery: Party) -> None:
    assert end(client_of(owner), bakery, owner) == 409
    assert queries.memberships_of(owner.pk).exists()


def test_an_owner_leaves_when_there_is_another_one(owner: User, member: User, bakery: Party) -> None:
    Membership.objects.filter(user=member).update(role="owner")
    assert end(client_of(owner), bakery, owner) == 302
    assert end(client_of(member), bakery, member) == 409


def test_a_member_ends_their_own_membership_and_no_other(owner: User, member: User, bakery: Party) -> None:
    assert end(client_of(member), bakery, owner) == 404
    assert end(client_of(member), bakery, member) == 302
    assert [each.user for each in queries.members_of(bakery.pk)] == [owner]


# acting --------------------------------------------------------------------------------------------------------------


def test_without_an_organisation_there_is_no_switch(stranger: User) -> None:
    assert "Sie handeln für:" not in client_of(stranger).get("/konto/profil/").content.decode()


def test_the_switch_says_for_whom_one_acts_and_stays_on_pages_of_nobody(member: User, bakery: Party) -> None:
    client = client_of(member)
    assert "<strong>sich selbst</strong>" in client.get("/konto/profil/").content.decode()
    chosen = {"acting_for": str(bakery.pk), "next": "/leistungen/"}
    assert client.post("/konto/handeln-fuer/", chosen).url == "/leistungen/"
    assert f"<strong>{bakery.name}</strong>" in client.get("/konto/profil/").content.decode()
    assert client.post("/konto/handeln-fuer/", {"acting_for": "self", "next": "//evil.example"}).url == "/antraege/"
    assert "<strong>sich selbst</strong>" in client.get("/konto/profil/").content.decode()


@pytest.mark.asvs("V8.2.2")
@pytest.mark.parametrize("chosen", ["", "everybody", "00000000-0000-0000-0000-000000000000"])
def test_nobody_acts_for_a_party_that_is_not_theirs(stranger: User, bakery: Party, chosen: str) -> None:
    client = client_of(stranger)
    assert client.post("/konto/handeln-fuer/", {"acting_for": chosen}).status_code == 404
    assert client.post("/konto/handeln-fuer/", {"acting_for": str(bakery.pk)}).status_code == 404
    assert "acting_for" not in client.session
