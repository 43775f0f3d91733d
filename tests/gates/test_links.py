"""Links of mails are signed: whoever changes one, comes too late, or comes twice is not let in (ASVS V9)."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("portal_db")

NOON = datetime.fromisoformat("2026-11-24T12:00:00+00:00")
NEW = "Kran Boje Watt 7"


def link() -> str:
    return re.search(r"http://localhost:?\d*(/konto/\S+)", mail.outbox[-1].body)[1]


def changed(path: str) -> str:
    """One letter in the middle of the token is another one."""
    at = len(path) - 8
    return path[:at] + ("a" if path[at] != "a" else "b") + path[at + 1 :]


def reset_link(address: str) -> str:
    Client().post(reverse("account_reset_password"), {"email": address})
    return link()


def sets_password(path: str) -> bool:
    client = Client(headers={"accept-language": "de"})
    answer = client.get(path)
    if answer.status_code != 302:
        return False
    return client.post(answer["Location"], {"password1": NEW}).status_code == 302


@pytest.mark.asvs("V9.1.1", "V9.2.1")
def test_confirmation_holds_unchanged_and_in_time_only() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        Client().post(reverse("account_signup"), {"email": "lena.kogge@example.org", "password1": NEW})
        path = link()
        Client().post(changed(path))
        assert not EmailAddress.objects.get().verified
        clock.move_to(NOON + timedelta(days=4))
        Client().post(path)
        assert not EmailAddress.objects.get().verified
        clock.move_to(NOON + timedelta(days=2))
        Client().post(path)
        assert EmailAddress.objects.get().verified


@pytest.mark.asvs("V9.1.1", "V9.2.1")
def test_link_for_a_new_password_holds_once_unchanged_in_time_and_for_its_account() -> None:
    user, other = make_user(), make_user("other@example.org")
    with time_machine.travel(NOON, tick=False) as clock:
        path, foreign = reset_link(user.email), reset_link(other.email)
        mine, theirs = (re.search(r"/neu/([0-9A-Za-z]+)-", each)[1] for each in (path, foreign))
        assert not sets_password(changed(path))
        assert not sets_password(path.replace(mine, theirs))
        clock.move_to(NOON + timedelta(days=4))
        assert not sets_password(path)
        clock.move_to(NOON + timedelta(minutes=5))
        assert sets_password(path)
        assert not sets_password(path), "it was used already"
    other.refresh_from_db()
    assert not other.check_password(NEW)


@pytest.mark.asvs("V15.3.7")
def test_a_parameter_that_comes_twice_is_one_value_and_no_failure() -> None:
    make_user()
    client = Client(headers={"accept-language": "de"})
    twice = {"login": ["lena.kogge@example.org", "other@example.org"], "password": ["hro-test-2026", "x"]}
    assert client.post(reverse("account_login"), twice).status_code == 200
    assert "_auth_user_id" not in client.session
    assert client.get("/vorgang/?nummer=HRO-2026-7K3M-4Q9X&nummer=%3Cscript%3E").status_code == 200
