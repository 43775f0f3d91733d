import pytest
from django.test import Client

from accounts import people
from tests.factories import make_clerk, make_user

pytestmark = pytest.mark.usefixtures("portal_db")


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
