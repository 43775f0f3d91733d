"""A sitting ends also for somebody who never stops (ASVS V7.3.2, BSI TR-03172-3 A3.11.09)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.sealed_sessions import SessionStore
from drills import traces
from tests.factories import PASSWORD, make_user
from tests.gates.test_second_factor import set_up

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


@pytest.mark.asvs("V7.2.4")
@pytest.mark.tr("A3.11.10")
def test_session_id_set_before_is_dead_after_sign_in_second_factor_and_new_password() -> None:
    """Session fixation: whoever knows the id from before finds nobody signed in under it."""
    user, client = make_user(), Client(headers={"accept-language": "de"})
    steps: dict[str, Callable[[], object]] = {
        "sign-in": lambda: client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD}),
        "second factor": lambda: set_up(client),
        "new password": lambda: client.post(
            reverse("account_change_password"),
            {"oldpassword": PASSWORD, "password1": "Kran Boje Watt 7", "password2": "Kran Boje Watt 7"},
        ),
    }
    # An id that this browser was given before anybody signed in.
    session = client.session
    session["theirs"] = "known"
    session.save()
    client.cookies["session"] = session.session_key
    for name, take in steps.items():
        before = client.cookies["session"].value
        take()
        assert client.cookies["session"].value != before, name
        thief = Client()
        thief.cookies["session"] = before
        assert thief.get("/konto/profil/").status_code == 302, name
        assert client.get("/konto/profil/").status_code == 200, name


@pytest.mark.asvs("V14.2.1")
def test_what_a_sitting_holds_lies_sealed_and_opens_in_its_own_row_only() -> None:
    """Who signed in, and the secret of a second factor that is only half set up."""
    user, client = make_user(), Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    held = str(client.session.load())
    assert user.email in held
    assert "mfa.totp.secret" in held
    (row,) = Session.objects.all()
    assert traces.in_text(row.session_data, secrets={"address": user.email, "secret": "mfa.totp"}) == []
    stolen = Session.objects.create(session_key="x" * 32, session_data=row.session_data, expire_date=row.expire_date)
    assert SessionStore(stolen.session_key).load() == {}


def test_without_the_keyset_nobody_is_signed_out_unheard(settings: Any, tmp_path: Path) -> None:
    user, client = make_user(), Client(raise_request_exception=False)
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    kept = settings.KEYS_DIR
    settings.KEYS_DIR = tmp_path
    assert client.get("/konto/profil/").status_code == 503
    settings.KEYS_DIR = kept
    assert client.get("/konto/profil/").status_code == 200
