"""The daily mail to each office: numbers only, once a day; and what a head sees."""

from datetime import UTC, date, datetime

import pytest
from django.core import mail
from django.test import Client

from applications.deciding import tasks, waiting
from applications.models import Application
from applications.states import State
from authorities.models import Authority
from foundation import clock, scope
from tests.drain import drain
from tests.factories import make_application, make_clerk

pytestmark = pytest.mark.usefixtures("city")
MONDAY = datetime(2026, 11, 30, 5, 30, tzinfo=UTC)


def at(day: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=UTC)


@pytest.fixture
def monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


@pytest.fixture
def cases(monday):
    later = date(2026, 12, 24)
    make_application(submitted_at=at(29), due_on=later)  # Sunday: new
    make_application(submitted_at=at(26), due_on=later)  # Thursday: two working days
    make_application(submitted_at=at(27), due_on=later)  # Friday: one
    make_application(submitted_at=at(20), due_on=later)  # Friday before: six
    make_application(submitted_at=at(2), due_on=date(2026, 11, 30), state=State.PROCESSING)  # due
    make_application(submitted_at=at(2), due_on=date(2026, 11, 27), state=State.ACTION_REQUIRED)  # rests
    make_application(submitted_at=at(2), due_on=date(2026, 11, 27), state=State.COMPLETED)


@pytest.mark.tr("R4:A3.6.02")
def test_an_office_is_told_numbers_and_nothing_else_once_a_day(cases):
    tasks.ask_for_digests()
    drain()
    tasks.ask_for_digests()
    drain()
    (message,) = mail.outbox
    with scope.system("look", read_only=True):
        office = Authority.objects.get(slug="rostock").departments.get(slug="steuern")
        references = list(Application.objects.values_list("reference", flat=True))
    assert message.to == [office.email]
    assert "Neu: 4" in message.body
    assert "Seit zwei Arbeitstagen nicht übernommen: 2" in message.body
    assert "Heute fällig oder überfällig: 1" in message.body
    for absent in ("Kogge", "Hund", *references):
        assert absent not in message.body + message.subject


def test_an_office_where_nothing_waits_gets_no_mail(monday):
    tasks.ask_for_digests()
    drain()
    assert mail.outbox == []


def test_nobody_is_told_on_a_sunday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: at(29))
    with scope.system("a test asks"):
        assert waiting.ask_for_digests() == 0


@pytest.mark.parametrize(("role", "seen"), [("head", True), ("clerk", False)])
def test_a_head_sees_what_nobody_took_for_five_working_days(cases, role, seen):
    user, _clerk = make_clerk(role=role)
    client = Client()
    client.force_login(user)
    page = client.get("/backoffice/").content.decode()
    assert ("Seit fünf Arbeitstagen nicht übernommen" in page) is seen
    assert ("1 Vorgang wartet." in page) is seen
