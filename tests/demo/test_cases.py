"""The demo's applications: enough of them, in all states, from all services; loaded once and fast."""

import time
from collections import Counter
from dataclasses import replace

import pytest
from django.core.management import call_command

from accounts.models import User
from accounts.organisations.queries import memberships_of
from applications.following.queries import permits
from applications.models import Application, CorrectionRequest, Decision, Draft
from applications.states import State
from authorities.clock import is_working_day
from authorities.models import Department
from foundation import scope
from hro_portal.demo.cases import load_cases
from hro_portal.demo.city import DATA, read_json
from hro_portal.demo.people import load_people
from tests.factories import applicant

LONGEST = 10.0  # seconds of work that a first start may cost; on the clock it depends on who else works here


@pytest.fixture
def demo(city: None, settings) -> float:
    """The whole demo; out: the seconds of work that its cases took."""
    settings.DEMO = True
    load_people()
    began = time.process_time()
    load_cases()
    return time.process_time() - began


def test_about_sixty_applications_in_all_states_of_all_services(demo: float) -> None:
    with scope.system("a test looks at the demo"):
        rows = list(Application.objects.select_related("offering__service"))
        drafts = Draft.objects.count()
    assert 55 <= len(rows) <= 75
    assert drafts >= 1
    assert {row.state for row in rows} == set(State) - {State.INITIATED}
    services = Counter(row.offering.service.slug for row in rows)
    assert services.keys() >= {case["service"] for case in read_json(DATA / "cases.json")["cases"]}
    assert min(services.values()) >= 2
    assert demo < LONGEST


def test_a_certificate_goes_by_letter_and_by_date(demo: float) -> None:
    with scope.system("a test looks at the demo"):
        rows = Application.objects.filter(
            offering__service__slug="urkunde-anfordern", authority__slug="rostock", department__isnull=False
        )
        gone_to = Counter(Department.objects.get(pk=row.department_id).slug for row in rows)
    assert gone_to == {"geburten-a-j": 3, "geburten-k-z": 1, "stadtarchiv": 1, "standesamt": 4}


def test_loading_twice_files_nothing_twice(demo: float) -> None:
    with scope.system("a test looks at the demo"):
        before = Application.objects.count()
    call_command("load_demo")
    with scope.system("a test looks at the demo"):
        assert Application.objects.count() == before


@pytest.mark.parametrize(
    ("email", "title"), [("buerger1", "Bewohnerparkausweis"), ("firma", "Erlaubnis zur Sondernutzung")]
)
def test_a_permit_stands_on_my_page_from_the_start(demo: float, email: str, title: str) -> None:
    user = User.objects.get(email=f"{email}@example.org")
    person = applicant(user)
    if email == "firma":
        person = replace(person, party_id=memberships_of(user.pk)[0].organisation_id)
    with scope.for_person(person, read_only=True):
        (row,) = permits(person).rows
    assert row.title == title
    assert row.is_ahead  # opened today, it counts as made known tomorrow


def test_whoever_has_to_do_something_has_until_a_working_day(demo: float) -> None:
    with scope.system("a test looks at the demo"):
        asked = list(CorrectionRequest.objects.values_list("due_on", flat=True))
        to_pay = list(Decision.objects.filter(fee_due_on__isnull=False).values_list("fee_due_on", flat=True))
    assert asked
    assert to_pay
    assert [day for day in asked + to_pay if not is_working_day(day)] == []
