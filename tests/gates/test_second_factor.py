"""Who works for a city shows a second factor; each code holds once, and nothing goes around it."""

import re
import time
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from foundation import scope
from foundation.audit.models import AuditEvent
from tests.factories import PASSWORD, make_clerk, make_user
from tests.frame.pages import Page

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture(autouse=True)
def staff_needs_it(settings: Any) -> None:
    settings.STAFF_MFA = True


@pytest.fixture
def noon() -> Any:
    with time_machine.travel("2026-11-24 12:00:00+00:00", tick=False) as clock:
        yield clock


def browser() -> Client:
    return Client(headers={"accept": "text/html", "accept-language": "de", "user-agent": "Mozilla Firefox/150 Linux"})


def sign_in(client: Client, user: User, **more: str) -> Any:
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD, **more})


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def set_up(client: Client) -> tuple[str, list[str]]:
    """Turns the second factor on the way a person does; the secret and the recovery codes."""
    page = Page(client.get(reverse("mfa_activate_totp"), follow=True))
    if page.title().startswith("Passwort bestätigen"):
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        page = Page(client.get(reverse("mfa_activate_totp")))
    assert page.faults() == []
    (picture,) = page.tree.xpath("//main//img/@src")
    assert picture.startswith("data:image/svg+xml;base64,")
    secret = page.tree.findtext(".//code")
    answer = client.post(reverse("mfa_activate_totp"), {"code": code(secret)}, follow=True)
    shown = Page(answer)
    assert shown.faults() == []
    return secret, [each.text for each in shown.tree.findall(".//code")]


@pytest.mark.asvs("V6.3.3")
@pytest.mark.tr("A3.9.03")
def test_clerk_works_only_after_setting_up_a_second_factor(noon: Any) -> None:
    user, _clerk = make_clerk(department=None)
    client = browser()
    sign_in(client, user)
    answer = client.get("/backoffice/")
    assert answer["Location"] == reverse("mfa_activate_totp")
    assert client.post("/backoffice/uebernehmen/")["Location"] == reverse("mfa_activate_totp")
    _secret, codes = set_up(client)
    assert len(set(codes)) == 10
    assert client.get("/backoffice/").status_code == 200


@pytest.mark.asvs("V6.3.3")
@pytest.mark.tr("A3.9.03")
def test_operator_enters_the_admin_only_with_it(noon: Any) -> None:
    user = make_user("operator@example.org", is_staff=True, is_superuser=True)
    client = browser()
    assert client.get("/admin/").status_code == 302
    assert client.get(client.get("/admin/")["Location"])["Location"].startswith(reverse("account_login"))
    sign_in(client, user)
    assert client.get("/admin/")["Location"] == reverse("mfa_activate_totp")
    set_up(client)
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/password_change/")["Location"] == reverse("account_change_password")


@pytest.mark.asvs("V6.5.1", "V6.5.5", "V7.2.4")
def test_code_and_recovery_code_hold_once_and_in_time(noon: Any) -> None:
    user, _clerk = make_clerk(department=None)
    first = browser()
    sign_in(first, user)
    secret, codes = set_up(first)
    noon.shift(30)

    second = browser()
    assert sign_in(second, user)["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in second.session, "a password alone is no sign-in"
    assert second.get("/backoffice/").status_code == 302
    page = Page(second.get(reverse("mfa_authenticate")))
    assert page.faults() == []
    before = second.session.session_key
    fresh = code(secret)
    assert second.post(reverse("mfa_authenticate"), {"code": fresh}).status_code == 302
    assert second.session.session_key != before
    assert second.get("/backoffice/").status_code == 200

    third = browser()
    sign_in(third, user)
    for used in (fresh, code("A" * 32), "000000"):
        answer = third.post(reverse("mfa_authenticate"), {"code": used})
        assert "Der Code stimmt nicht" in answer.content.decode()
    noon.shift(90)
    assert "stimmt nicht" in third.post(reverse("mfa_authenticate"), {"code": fresh}).content.decode()
    assert third.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 302
    fourth = browser()
    sign_in(fourth, user)
    assert "stimmt nicht" in fourth.post(reverse("mfa_authenticate"), {"code": codes[0]}).content.decode()


@pytest.mark.asvs("V6.6.3", "V6.3.1", "V16.3.3")
def test_guessing_codes_ends_after_five(noon: Any) -> None:
    user = make_user()
    client = browser()
    sign_in(client, user)
    secret, _codes = set_up(client)
    noon.shift(60)
    guesser = browser()
    sign_in(guesser, user)
    for _ in range(5):
        guesser.post(reverse("mfa_authenticate"), {"code": "000000"})
    answer = guesser.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert "zu viele Versuche" in answer.content.decode()
    guesser.post(reverse("mfa_authenticate"), {"code": "000000"})
    with scope.system("look at the trail", read_only=True):
        assert AuditEvent.objects.get(action="limit.refused").refs == {"limit": "second-factor"}
    assert "_auth_user_id" not in guesser.session


@pytest.mark.asvs("V6.4.3")
def test_new_password_does_not_go_around_it(noon: Any) -> None:
    user = make_user()
    client = browser()
    sign_in(client, user)
    set_up(client)
    stranger = browser()
    stranger.post(reverse("account_reset_password"), {"email": user.email})
    link = re.search(r"http://localhost:?\d*(/konto/passwort/neu/\S+)", mail.outbox[-1].body)[1]
    form = stranger.get(link)["Location"]
    stranger.post(form, {"password1": "Kran Boje Watt 7"})
    assert "_auth_user_id" not in stranger.session
    answer = stranger.post(reverse("account_login"), {"login": user.email, "password": "Kran Boje Watt 7"})
    assert answer["Location"] == reverse("mfa_authenticate")


@pytest.mark.asvs("V11.3.2", "V11.3.3")
def test_secrets_are_sealed_and_open_for_their_user_only(noon: Any) -> None:
    one, two = make_user("one@example.org"), make_user("two@example.org")
    secrets = []
    for user in (one, two):
        client = browser()
        sign_in(client, user)
        secret, codes = set_up(client)
        secrets.append(secret)
        kept = str(list(Authenticator.objects.filter(user=user).values_list("data", flat=True)))
        assert secret not in kept
        assert not any(each in kept for each in codes)
    Authenticator.objects.filter(user=one, type="totp").update(
        data=Authenticator.objects.get(user=two, type="totp").data
    )
    noon.shift(60)
    client = browser()
    sign_in(client, one)
    for secret in secrets:
        answer = client.post(reverse("mfa_authenticate"), {"code": code(secret)})
        assert (answer.status_code, "stimmt nicht" in answer.content.decode()) == (200, True)


@pytest.mark.asvs("V7.2.4", "V7.4.3", "V7.5.1", "V7.5.2")
@pytest.mark.tr("A3.9.08", "A3.11.10")
def test_person_sees_where_they_are_signed_in_and_ends_the_others(noon: Any) -> None:
    user = make_user()
    here, there = browser(), Client(headers={"user-agent": "Mozilla/5.0 (iPhone) Version/19 Safari/605"})
    for client in (here, there):
        before = client.session.session_key
        sign_in(client, user)
        assert client.session.session_key != before
    page = Page(here.get(reverse("usersessions_list")))
    assert page.faults() == []
    assert "Safari, iPhone" in page.text
    here.post(reverse("usersessions_list"))
    assert there.get("/konto/profil/").status_code == 302
    assert here.get("/konto/profil/").status_code == 200
    assert "keinem anderen Gerät" in here.get(reverse("usersessions_list")).content.decode()

    sign_in(there, user)
    assert here.post(reverse("account_email"), {"email": "new@example.org", "action_add": ""})["Location"].startswith(
        reverse("account_reauthenticate")
    )
    before = here.session.session_key
    new = {"oldpassword": PASSWORD, "password1": "Kran Boje Watt 7", "password2": "Kran Boje Watt 7"}
    assert here.post(reverse("account_change_password"), new).status_code == 302
    assert here.session.session_key != before
    assert there.get("/konto/profil/").status_code == 302
    assert here.get("/konto/profil/").status_code == 200


@pytest.mark.asvs("V7.4.2", "V7.4.5", "V16.3.1", "V16.3.2")
@pytest.mark.tr("A3.9.04", "A3.9.06", "A3.14.03")
def test_operator_locks_an_account_and_ends_its_sittings(settings: Any, noon: Any) -> None:
    settings.STAFF_MFA = False
    user = make_user()
    person, operator = browser(), browser()
    sign_in(person, user)
    sign_in(operator, make_user("operator@example.org", is_staff=True, is_superuser=True))
    listing = "/admin/accounts/user/"
    operator.post(listing, {"action": "sign_out_everywhere", "_selected_action": [str(user.pk)]})
    assert person.get("/konto/profil/").status_code == 302
    sign_in(person, user)
    assert operator.get(f"{listing}{user.pk}/change/").status_code == 200
    operator.post(f"{listing}{user.pk}/change/", {})
    assert person.get("/konto/profil/").status_code == 302
    assert sign_in(person, user)["Location"] == reverse("account_inactive")
    assert Session.objects.count() <= 3
    with scope.system("look at the trail", read_only=True):
        actions = list(AuditEvent.objects.filter(object_id=user.pk).order_by("pk").values_list("action", flat=True))
    signed_in, refused = "account.signed_in", "account.sign_in_refused"
    assert actions == [signed_in, "account.sittings_ended", signed_in, "account.locked", refused]


@pytest.mark.asvs("V16.3.1")
@pytest.mark.tr("A3.14.03")
def test_refused_sign_in_stands_in_the_trail_without_the_address(noon: Any) -> None:
    user = make_user()
    client = browser()
    for address in (user.email, "nobody@example.org"):
        client.post(reverse("account_login"), {"login": address, "password": "wrong-password"})
    with scope.system("look at the trail", read_only=True):
        (event,) = AuditEvent.objects.all()
    assert (event.action, event.object_id, event.refs) == ("account.sign_in_refused", user.pk, {})


def test_second_factor_is_turned_off_only_by_whoever_has_it(noon: Any) -> None:
    user = make_user()
    client = browser()
    sign_in(client, user)
    set_up(client)
    off = reverse("mfa_deactivate_totp")
    assert "nur einmal" in client.get(reverse("mfa_view_recovery_codes")).content.decode()
    for name in ("mfa_index", "mfa_generate_recovery_codes", "mfa_deactivate_totp", "mfa_reauthenticate"):
        assert Page(client.get(reverse(name), follow=True)).faults() == []
    noon.shift(3600 // 2 - 60)
    assert client.post(off)["Location"].startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.post(off)["Location"] == reverse("mfa_index")
    assert not Authenticator.objects.exists()
