"""A sitting ends also for somebody who never stops (ASVS V7.3.2, BSI TR-03172-3 A3.11.09)."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.usefixtures("portal_db")

MORNING = datetime.fromisoformat("2026-11-24T07:00:00+00:00")


@pytest.mark.asvs("V7.3.2")
@pytest.mark.tr("A3.11.09")
def test_sitting_ends_after_twelve_hours_of_work() -> None:
    user, client = make_user(), Client()
    with time_machine.travel(MORNING, tick=False) as clock:
        client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
        for minutes in range(20, 12 * 60, 20):
            clock.move_to(MORNING + timedelta(minutes=minutes))
            assert client.get("/konto/noch-da/", headers={"accept": "application/json"}).json()["seconds"]
        clock.move_to(MORNING + timedelta(hours=12, minutes=1))
        assert client.get("/konto/profil/").status_code == 302


@pytest.mark.asvs("V7.2.4", "V7.3.2")
def test_signing_in_again_begins_anew() -> None:
    user, client = make_user(), Client()
    with time_machine.travel(MORNING, tick=False) as clock:
        for hours in (0, 11):
            clock.move_to(MORNING + timedelta(hours=hours))
            client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
        clock.move_to(MORNING + timedelta(hours=11, minutes=20))
        assert client.get("/konto/profil/").status_code == 200
