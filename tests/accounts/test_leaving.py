"""Leaving: what is the person's alone goes at once, what offices keep stays with them."""

import pytest
from django.test import Client

from accounts import leaving, profile
from accounts.errors import AccountError
from accounts.models import Invitation, Membership, Organisation, Party, User
from accounts.organisations import use_cases
from accounts.organisations.details import Details
from applications.filling.use_cases import begin_draft
from applications.models import Application, Draft
from catalogue.models import Offering
from foundation import scope
from foundation.erasure import journal
from tests.erasing.test_erasing import naming
from tests.factories import PASSWORD, applicant, make_application, make_clerk, make_user

pytestmark = pytest.mark.usefixtures("city")
EMAIL = "quirina.zweifelstein@example.org"
PAGE = "/konto/loeschen/"


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def user() -> User:
    user = make_user(EMAIL)
    profile.write(user, {"family_name": "Zweifelstein"})
    return user


@pytest.fixture
def client(user: User) -> Client:
    client = Client()
    client.post("/konto/anmelden/", {"login": EMAIL, "password": PASSWORD})
    client.post("/konto/bestaetigen/", {"password": PASSWORD, "next": PAGE})
    return client


def begin(user: User) -> Draft:
    with scope.system("a test looks", read_only=True):
        offering = Offering.objects.select_related("authority", "form").get(
            authority__slug="rostock", service__slug="hundesteuer-anmelden"
        )
    return begin_draft(offering, by=applicant(user))[0]


def test_the_page_says_what_goes_and_what_stays_and_a_look_erases_nothing(client):
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "muss das Amt eine Zeit lang aufbewahren" in page.content.decode()
    assert User.objects.count() == 1


@pytest.mark.tr("A3.2.06")
def test_the_account_goes_with_its_drafts_and_the_case_stays(client, user):
    draft, party_id = begin(user), user.party.pk
    case = make_application(party_id=party_id, retrieval_consent=True)
    answer = client.post(PAGE, follow=True)
    assert "Ihr Konto ist gelöscht." in answer.content.decode()
    assert naming(EMAIL) - {"portal_cache"} == set()
    assert naming(user.pk) - {"portal_cache"} == {"audit_auditevent", "erasure_erasure"}
    assert "applications_draft" not in naming(draft.pk)
    with scope.system("a test looks", read_only=True):
        assert Application.objects.get(pk=case.pk).retrieval_consent is False
    assert client.get("/konto/profil/").status_code == 302


@pytest.mark.asvs("V7.5.1")
def test_it_asks_for_the_password_once_more(user):
    client = Client()
    client.post("/konto/anmelden/", {"login": EMAIL, "password": PASSWORD})
    for answer in (client.get(PAGE), client.post(PAGE)):
        assert answer.url == "/konto/bestaetigen/?next=%2Fkonto%2Floeschen%2F"
    assert User.objects.filter(pk=user.pk).exists()


def test_who_works_with_an_account_does_not_erase_it(client):
    clerk, _person = make_clerk("amt@example.org")
    with pytest.raises(AccountError) as refusal:
        leaving.leave(clerk.pk)
    assert refusal.value.code == "staff"
    assert User.objects.filter(pk=clerk.pk).exists()


def test_an_organisation_of_nobody_else_goes_too(client, user):
    organisation = use_cases.found(_details(), by=user)
    use_cases.invite(organisation.pk, email="friend@example.org", role="member", by=user)
    invitation = Invitation.objects.get()
    assert "outbox_outboxrow" in naming(invitation.pk)
    client.post(PAGE)
    assert naming(invitation.pk) == {"audit_auditevent"}
    assert not Party.objects.filter(pk=organisation.pk).exists()
    with scope.system("a test looks", read_only=True):
        assert not Organisation.objects.exists()


def test_an_organisation_with_others_needs_another_owner_first(client, user):
    organisation = use_cases.found(_details(), by=user)
    other = make_user("other@example.org")
    Membership.objects.create(organisation=organisation, user=other, role=Membership.Role.MEMBER)
    answer = client.post(PAGE)
    assert answer.status_code == 409
    assert "Sie allein verwalten „Kogge GmbH“" in answer.content.decode()
    Membership.objects.create(organisation=organisation, user=make_user("third@example.org"), role="owner")
    client.post(PAGE)
    assert not User.objects.filter(pk=user.pk).exists()
    assert Party.objects.filter(pk=organisation.pk).exists()


def test_invitations_to_the_address_go_too(client, user):
    organisation = use_cases.found(_details(), by=make_user("other@example.org"))
    owner = organisation.memberships.get().user
    use_cases.invite(organisation.pk, email=EMAIL, role="member", by=owner)
    client.post(PAGE)
    assert not Invitation.objects.filter(email=EMAIL).exists()


def test_a_restored_account_is_erased_again(user):
    journal.append(journal.Entry("account", user.pk, "wish"))
    assert journal.replay(journal.file()) == 1
    assert naming(EMAIL) == set()


def _details() -> Details:
    return Details(name="Kogge GmbH", legal_form="gmbh", register_court="", register_number="", sites=[])
