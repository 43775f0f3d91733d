import pytest
from django.test import Client

from accounts import people
from accounts.models import StaffRole, User
from applications.deciding.revoking import is_headed_by
from applications.models import Application
from applications.telling.use_cases import answered_for_by
from authorities.models import Authority
from foundation import scope
from tests.factories import make_application, make_clerk, make_user

pytestmark = pytest.mark.usefixtures("city")


def give_role(user: User, role: str, *, department: str | None) -> None:
    with scope.system("a test gives a second role"):
        authority = Authority.objects.get(slug="rostock")
        office = authority.departments.get(slug=department) if department else None
        StaffRole.objects.create(user=user, authority=authority, department=office, role=role)


def clerk_of(client: Client) -> people.Clerk | None:
    return people.clerk_of(client.get("/").wsgi_request)


def test_clerk_has_the_departments_and_roles_given(client: Client) -> None:
    user, clerk = make_clerk(department="steuern")
    client.force_login(user)
    assert clerk_of(client) == clerk


@pytest.mark.asvs("V8.2.1")
@pytest.mark.tr("A3.9.10-11")
def test_role_without_department_holds_in_all_of_the_authority(client: Client) -> None:
    user, clerk = make_clerk("leitung@example.org", department=None, role="head")
    client.force_login(user)
    found = clerk_of(client)
    assert set(found.department_ids) == set(clerk.department_ids)
    assert len(found.department_ids) > 1
    assert found.roles == {"head"}


@pytest.mark.asvs("V8.2.1", "V8.2.2")
@pytest.mark.tr("A3.9.10-11")
@pytest.mark.parametrize("role", ["form_author", "operator", "data_protection"])
def test_second_role_for_the_whole_authority_opens_no_cases_of_other_offices(client: Client, role: str) -> None:
    user, clerk = make_clerk(department="steuern")
    give_role(user, role, department=None)
    client.force_login(user)
    found = clerk_of(client)
    assert found.roles == {"clerk", role}
    assert found.department_ids == clerk.department_ids
    assert len(found.departments_as(role)) > 1


@pytest.mark.asvs("V8.2.1", "V8.2.2")
def test_head_of_one_office_is_a_clerk_only_in_the_other(client: Client) -> None:
    user, head = make_clerk(department="mobilitaet", role="head")
    give_role(user, "clerk", department="steuern")
    client.force_login(user)
    found = clerk_of(client)
    assert found.departments_as("head") == head.department_ids
    assert len(found.department_ids) == 2

    mine, other = make_application(department="mobilitaet"), make_application(department="steuern")
    with scope.for_person(found, read_only=True):
        assert [is_headed_by(case, found) for case in (mine, other)] == [True, False]
        assert set(Application.objects.visible_to(found)) == {mine, other}
        assert list(answered_for_by(found)) == [mine]


def test_clerk_of_another_authority_sees_that_one(client: Client) -> None:
    user, clerk = make_clerk("clerk.schwerin@example.org", authority="schwerin", department=None)
    client.force_login(user)
    assert clerk_of(client).authority_id == clerk.authority_id


@pytest.mark.asvs("V8.2.1")
@pytest.mark.tr("A3.9.10-11")
def test_citizen_and_stranger_are_no_clerks(client: Client) -> None:
    assert clerk_of(client) is None
    client.force_login(make_user())
    assert clerk_of(client) is None
