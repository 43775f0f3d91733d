"""Limits hold when fifty try at once, and nobody dodges them by telling another address."""

import fcntl
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from foundation import limits, scope
from foundation.audit.models import AuditEvent
from foundation.ids import code_digest, new_code, new_reference
from tests.at_once import at_once
from tests.factories import make_application, make_user
from tests.gates.test_second_factor import browser, code, set_up, sign_in

pytestmark = pytest.mark.usefixtures("city")

AT_ONCE = 50
BEGIN = "/leistungen/rostock/hundesteuer-anmelden/beginnen/"


@pytest.fixture(scope="module", autouse=True)
def alone() -> Iterator[None]:
    """Fifty connections twice, from two processes of one run, would be more than the database takes."""
    with (Path(tempfile.gettempdir()) / "fifty-at-once.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def together(one: Callable[[int], HttpResponse]) -> list[HttpResponse]:
    return at_once(AT_ONCE, one)


def somebody(no: int) -> Client:
    """Each from an address of their own, and each telling another one."""
    return Client(REMOTE_ADDR=f"198.51.100.{no}", HTTP_X_FORWARDED_FOR=f"203.0.113.{no}", HTTP_ACCEPT_LANGUAGE="de")


def liar(no: int) -> Client:
    """All from one address, each telling another one."""
    return Client(REMOTE_ADDR="198.51.100.7", HTTP_X_FORWARDED_FOR=f"203.0.113.{no}", HTTP_ACCEPT_LANGUAGE="de")


@pytest.mark.asvs("V6.3.1", "V15.3.4")
def test_fifty_guesses_of_one_password_are_five() -> None:
    """Each refusal in the trail is a password that was really compared."""
    user = make_user()
    together(lambda no: somebody(no).post(reverse("account_login"), {"login": user.email, "password": f"guess-{no}"}))
    with scope.system("look at the trail", read_only=True):
        compared = AuditEvent.objects.filter(action="account.sign_in_refused", object_id=user.pk).count()
    assert 1 <= compared <= 5


@pytest.mark.asvs("V6.3.1", "V6.6.3", "V15.3.4")
@pytest.mark.parametrize("sign_ins", [1, AT_ONCE])
def test_fifty_guesses_of_one_second_factor_are_five(monkeypatch: Any, sign_ins: int) -> None:
    """Whoever has the password tries codes from fifty addresses, in one sign-in or in many; the owner gets in later."""
    user = make_user()
    with time_machine.travel("2026-11-24 12:00:00+00:00", tick=False) as clock:
        owner = browser()
        sign_in(owner, user)
        secret, _codes = set_up(owner)
        clock.shift(60)
        waiting = [_at_the_code(no, user) for no in range(sign_ins)] * (AT_ONCE // sign_ins)
        right = code(secret)
        compared: list[str] = []
        compare = TOTP.validate_code
        monkeypatch.setattr(TOTP, "validate_code", lambda *asked: (compared.append(asked[1]), compare(*asked))[1])

        def guess(no: int) -> HttpResponse:
            client = somebody(no)
            client.cookies.load(waiting[no])
            return client.post(reverse("mfa_authenticate"), {"code": f"{(int(right) + no + 1) % 1_000_000:06}"})

        answers = together(guess)
        assert 1 <= len(compared) <= 5
        assert 302 not in {each.status_code for each in answers}
        clock.shift(3600)
        later = browser()
        sign_in(later, user)
        assert later.post(reverse("mfa_authenticate"), {"code": code(secret)}).status_code == 302


def _at_the_code(no: int, user: User) -> dict[str, str]:
    """The cookies of somebody who has shown the password and is asked for the code."""
    client = somebody(no)
    answer = sign_in(client, user)
    assert answer["Location"] == reverse("mfa_authenticate")
    return {name: each.value for name, each in client.cookies.items()}


@pytest.mark.asvs("V2.4.1", "V6.6.3", "V15.3.4")
@pytest.mark.tr("A3.8.01")
def test_fifty_guesses_of_one_code_are_ten() -> None:
    code = new_code()
    case = make_application(access_digest=code_digest(code))
    answers = together(lambda no: liar(no).post("/vorgang/", {"nummer": case.reference, "code": new_code()}))
    assert Counter(each.status_code for each in answers) == {422: 10, 429: 40}
    owner = somebody(99).post("/vorgang/", {"nummer": case.reference, "code": code})
    assert owner.status_code == 302, "who tries elsewhere does not lock the owner out"
    refused = next(each for each in answers if each.status_code == 429)
    assert 0 < int(refused["Retry-After"]) <= 900
    assert "Warten Sie 15 Minuten" in refused.content.decode()


@pytest.mark.asvs("V2.4.1", "V15.3.4")
def test_fifty_guessed_references_from_one_address_are_ten() -> None:
    answers = together(
        lambda no: liar(no).post("/vorgang/", {"nummer": new_reference("HRO", 2026), "code": new_code()})
    )
    assert Counter(each.status_code for each in answers) == {422: 10, 429: 40}


@pytest.mark.asvs("V2.3.2", "V2.4.1", "V15.3.4")
def test_one_address_begins_no_more_than_it_may(settings: Any) -> None:
    settings.LIMIT_PER_ADDRESS = 5
    answers = together(lambda no: liar(no).post(BEGIN))
    assert Counter(each.status_code for each in answers) == {302: 5, 429: 45}
    refused = next(each for each in answers if each.status_code == 429)
    assert 0 < int(refused["Retry-After"]) <= 600
    assert "Das waren zu viele Versuche. Warten Sie" in refused.content.decode()
    assert somebody(8).post(BEGIN).status_code == 302


@pytest.mark.asvs("V2.4.1")
@pytest.mark.parametrize("what", ["submit", "upload"])
def test_sending_and_uploading_are_limited_too(settings: Any, what: str) -> None:
    settings.LIMIT_PER_ADDRESS = 1
    client = liar(1)
    draft = client.post(BEGIN)["Location"]
    post = {
        "submit": lambda: client.post(f"{draft}pruefen/", {}),
        "upload": lambda: client.post(f"{draft}schritt/halter/", {"x": SimpleUploadedFile("a.pdf", b"%PDF")}),
    }[what]
    first, second = post().status_code, post().status_code
    assert (first != 429, second) == (True, 429)


@pytest.mark.asvs("V2.4.1")
@pytest.mark.parametrize("what", ["submit", "upload"])
def test_fifty_at_once_from_one_address_send_and_upload_no_more_than_it_may(settings: Any, what: str) -> None:
    settings.LIMIT_PER_ADDRESS = 5
    writer = liar(0)
    draft = writer.post(BEGIN)["Location"]

    def one(no: int) -> HttpResponse:
        client = liar(no)
        client.cookies.load({name: morsel.value for name, morsel in writer.cookies.items()})
        if what == "submit":
            return client.post(f"{draft}pruefen/", {})
        return client.post(f"{draft}schritt/halter/", {"x": SimpleUploadedFile("a.pdf", b"%PDF")})

    answers = Counter(each.status_code for each in together(one))
    assert (answers[429], answers[500]) == (45, 0)
    assert sum(answers.values()) == AT_ONCE


@pytest.mark.asvs("V2.4.1")
def test_mail_is_not_sent_as_often_as_somebody_wants() -> None:
    user = make_user()
    for no in range(12):
        answer = somebody(no).post(reverse("account_reset_password"), {"email": user.email})
    assert len(mail.outbox) == 5
    assert answer.status_code == 429
    assert answer["Retry-After"] == "300"
    assert "Warten Sie 5 Minuten" in answer.content.decode()


@pytest.mark.asvs("V4.1.3", "V15.3.4")
@pytest.mark.parametrize(
    ("proxies", "told", "counts"),
    [
        (0, "203.0.113.9", "198.51.100.7"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1, 127.0.0.1, 203.0.113.9", "203.0.113.9"),
        (2, "10.0.0.1, 203.0.113.9, 192.0.2.1", "203.0.113.9"),
        (2, "203.0.113.9", "198.51.100.7"),
        (1, "", "198.51.100.7"),
        (1, "<script>", "198.51.100.7"),
        (1, "2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
    ],
)
def test_the_trusted_hop_counts_and_nothing_else(settings: Any, proxies: int, told: str, counts: str) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="198.51.100.7", HTTP_X_FORWARDED_FOR=told)
    assert limits.client_address(request) == counts


def refusals(limit: str) -> int:
    with scope.system("look at the trail", read_only=True):
        return AuditEvent.objects.filter(action="limit.refused", refs={"limit": limit}, actor_id=None).count()


def flooded_sign_in() -> None:
    user = make_user()
    for no in range(8):
        somebody(no).post(reverse("account_login"), {"login": user.email, "password": "guess"})


def flooded_codes() -> None:
    case = make_application(access_digest=code_digest(new_code()))
    for no in range(13):
        liar(no).post("/vorgang/", {"nummer": case.reference, "code": new_code()})


def flooded_pages() -> None:
    for _ in range(8):
        liar(1).post(reverse("account_reset_password"), {"email": "nobody@example.org"})


def flooded(what: str) -> Callable[[], None]:
    def sending() -> None:
        client = liar(1)
        draft = client.post(BEGIN)["Location"]
        for _ in range(4):
            client.post(f"{draft}pruefen/", {})
            client.post(f"{draft}schritt/halter/", {"x": SimpleUploadedFile("a.pdf", b"%PDF")})

    return sending


@pytest.mark.asvs("V16.3.3")
@pytest.mark.parametrize(
    ("limit", "flood"),
    [
        ("sign-in", flooded_sign_in),
        ("find-by-address", flooded_codes),
        ("submit", flooded("submit")),
        ("upload", flooded("upload")),
        ("account_reset_password", flooded_pages),
    ],
)
def test_a_limit_that_refuses_is_in_the_trail_once_and_names_nobody(
    settings: Any, limit: str, flood: Callable[[], None]
) -> None:
    settings.LIMIT_PER_ADDRESS = 2
    flood()
    assert refusals(limit) == 1
    with scope.system("look at the trail", read_only=True):
        event = AuditEvent.objects.get(action="limit.refused", refs={"limit": limit})
    assert (event.authority_id, event.for_party_id, event.object_kind) == (None, None, "limit")


@pytest.mark.asvs("V16.3.3")
def test_one_address_that_tries_many_accounts_is_told_of_once_and_other_addresses_anew() -> None:
    for no in range(14):
        liar(1).post(reverse("account_login"), {"login": f"nobody{no}@example.org", "password": "guess"})
    assert refusals("sign-in") == 1
    for no in range(14):
        Client(REMOTE_ADDR="198.51.100.8").post(
            reverse("account_login"), {"login": f"other{no}@example.org", "password": "guess"}
        )
    assert refusals("sign-in") == 2
