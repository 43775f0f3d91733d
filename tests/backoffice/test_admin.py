import re

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from applications.models import Application
from authorities.models import Department
from foundation import scope
from foundation.audit.models import AuditEvent
from foundation.outbox.models import OutboxRow
from tests.factories import make_application, make_clerk, make_user
from tests.frame.pages import Page

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def operator() -> Client:
    client = Client(headers={"accept-language": "de"})
    client.force_login(make_user("operator@example.org", is_staff=True))
    return client


@pytest.mark.asvs("V8.2.3")
def test_operator_sees_where_applications_stand_and_nothing_of_what_is_in_them(operator: Client) -> None:
    application = make_application(name="Lena Kogge", answers={"person": {"vorname": "Lena"}})
    foreign = make_application(authority="schwerin", department="finanzen")
    listed = operator.get("/admin/applications/application/").content.decode()
    assert application.reference in listed
    assert foreign.reference in listed
    page = operator.get(f"/admin/applications/application/{application.pk}/change/")
    assert page.status_code == 200
    assert application.reference in page.content.decode()
    assert operator.get(f"/admin/applications/application/{application.pk}/history/").status_code == 200
    for text in (listed, page.content.decode()):
        assert "Kogge" not in text
        assert "memory at" not in text


@pytest.mark.parametrize(
    "page",
    ["", "applications/application/", "authorities/department/", "outbox/outboxrow/", "accounts/user/"],
)
def test_operators_read_german_words_and_the_names_of_authorities(page: str) -> None:
    application = make_application()
    OutboxRow.objects.create(kind="notice", authority_id=application.authority_id, subject_id=application.pk)
    client = Client(headers={"accept-language": "de"})
    client.force_login(make_user("operator@example.org", is_staff=True, is_superuser=True))
    main = Page(client.get(f"/admin/{page}")).tree.xpath("//div[@id='main' or @id='container']")[0].text_content()
    found = re.search(
        r"\b(application|authority|department|user|outbox row|state|due|reference|object|is \w+)s?\b", main
    )
    assert not found, found
    assert "(01" not in main


def test_operator_finds_an_application_by_its_reference(operator: Client) -> None:
    wanted, other = make_application(), make_application()
    found = operator.get("/admin/applications/application/", {"q": wanted.reference}).content.decode()
    assert wanted.reference in found
    assert other.reference not in found


@pytest.mark.asvs("V8.2.3")
def test_operator_changes_no_application(operator: Client) -> None:
    application = make_application()
    address = f"/admin/applications/application/{application.pk}"
    assert operator.post(f"{address}/change/", {"state": "COMPLETED"}).status_code == 403
    assert operator.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
    assert operator.get("/admin/applications/application/add/").status_code == 403
    with scope.system("look", read_only=True):
        assert Application.objects.get().state == "RECEIVED"


def test_unknown_application_leads_back_to_the_list(operator: Client) -> None:
    answer = operator.get("/admin/applications/application/00000000-0000-0000-0000-000000000000/change/")
    assert answer.status_code == 302


def test_dead_effect_gets_a_new_life_by_hand(operator: Client) -> None:
    application = make_application()
    row = OutboxRow.objects.create(
        kind="notice", authority_id=application.authority_id, subject_id=application.pk, state="dead", attempts=12
    )
    assert "notice" in operator.get("/admin/outbox/outboxrow/").content.decode()
    chosen = {"action": "redrive", "_selected_action": [row.pk]}
    told = operator.post("/admin/outbox/outboxrow/", chosen, follow=True).content.decode()
    assert "Aufgaben, die es noch einmal versuchen: 1. Nicht gescheitert waren: 0." in told
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("due", 0)
    again = operator.post("/admin/outbox/outboxrow/", chosen, follow=True).content.decode()
    assert "Aufgaben, die es noch einmal versuchen: 0. Nicht gescheitert waren: 1." in again


@pytest.mark.tr("R4:A3.7.02")
@pytest.mark.asvs("V1.3.6")
def test_operator_sets_the_address_of_a_departments_program_and_nothing_else(operator: Client) -> None:
    with scope.system("look", read_only=True):
        office = Department.objects.get(authority__slug="rostock", slug="steuern")
    page = f"/admin/authorities/department/{office.pk}/change/"
    assert operator.get("/admin/authorities/department/").status_code == 200
    assert "Die Adresse muss mit https:// beginnen." in operator.post(page, {"endpoint": "http://10.0.0.1/"}).text
    assert operator.post(page, {"endpoint": "https://fach.example.org/in?k=1", "name": "X"}).status_code == 302
    with scope.system("look"):
        changed = Department.objects.get(pk=office.pk)
        event = AuditEvent.objects.get(action="department.endpoint_set")
        Department.objects.filter(pk=office.pk).update(endpoint="")
    assert (changed.endpoint, changed.name) == ("https://fach.example.org/in?k=1", office.name)
    assert event.refs == {"host": "fach.example.org"}


@pytest.mark.asvs("V8.2.1")
@pytest.mark.tr("A3.9.10-11")
@pytest.mark.parametrize("role", ["clerk", "head"])
def test_clerks_are_not_operators(role: str) -> None:
    user, _clerk = make_clerk(role=role)
    client = Client()
    client.force_login(user)
    assert client.get("/admin/applications/application/", follow=True).status_code == 403


@pytest.mark.asvs("V8.2.1", "V8.2.3")
@pytest.mark.parametrize("is_superuser", [False, True])
def test_only_who_has_all_rights_gives_any(is_superuser: bool) -> None:
    operator = make_user("operator@example.org", is_staff=True, is_superuser=is_superuser)
    operator.user_permissions.add(*Permission.objects.filter(codename__in=["change_user", "view_user"]))
    client, other = Client(), make_user("other@example.org")
    client.force_login(operator)
    for user in (operator, other):
        address = f"/admin/accounts/user/{user.pk}/change/"
        assert client.get(address).status_code == 200
        asked = {"is_active": "on", "is_staff": "on", "is_superuser": "on"}
        assert client.post(address, asked).status_code == 302
    mighty = set(User.objects.filter(is_superuser=True).values_list("email", flat=True))
    assert mighty == ({operator.email, other.email} if is_superuser else set())
    assert User.objects.get(pk=other.pk).is_staff == is_superuser
