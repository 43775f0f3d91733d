"""Reference and code open one case; neither opens anything alone."""

from collections.abc import Callable

import pytest
from django.test import Client

from applications.following import views
from applications.models import Application
from foundation.ids import new_code, new_reference
from tests.factories import make_application

GuestCase = Callable[..., tuple[Application, str]]
SENTENCE = "Nummer und Zugangscode passen nicht zusammen."


def test_reference_and_code_open_the_case_for_this_sitting(guest_case: GuestCase) -> None:
    case, code = guest_case()
    guest = Client()
    typed = {"nummer": case.reference.lower().replace("-", " "), "code": code.lower().replace("-", "")}
    answer = guest.post("/vorgang/", typed)
    assert (answer.status_code, answer.url) == (302, f"/vorgang/{case.reference}/")
    assert guest.get(answer.url).status_code == 200
    assert Client().get(answer.url).status_code == 302


@pytest.mark.asvs("V8.2.2")
def test_a_code_opens_no_other_case(guest_case: GuestCase) -> None:
    case, code = guest_case()
    other, _ = guest_case()
    guest = Client()
    guest.post("/vorgang/", {"nummer": case.reference, "code": code})
    assert guest.get(f"/vorgang/{other.reference}/").status_code == 302


@pytest.mark.parametrize("wrong", ["number", "code", "both malformed", "foreign account"])
def test_whatever_is_wrong_the_sentence_is_the_same_and_nothing_typed_is_lost(
    guest_case: GuestCase, wrong: str
) -> None:
    case, code = guest_case()
    typed = {
        "number": {"nummer": new_reference("HRO", 2026), "code": code},
        "code": {"nummer": case.reference, "code": new_code()},
        "both malformed": {"nummer": "abc", "code": "12"},
        "foreign account": {"nummer": make_application().reference, "code": code},
    }[wrong]
    answer = Client().post("/vorgang/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert SENTENCE in page
    assert all(f'value="{value}"' in page for value in typed.values())
    assert "<title>Fehler:" in page.replace("\n", "")


@pytest.mark.asvs("V2.4.1", "V6.6.3")
def test_tries_of_others_do_not_lock_the_owner_out(guest_case: GuestCase) -> None:
    case, code = guest_case()
    for place in range(3):
        for _ in range(11):
            last = Client(REMOTE_ADDR=f"192.0.2.{place}").post(
                "/vorgang/", {"nummer": case.reference, "code": new_code()}
            )
        assert last.status_code == 429
    owner = Client(REMOTE_ADDR="192.0.2.99").post("/vorgang/", {"nummer": case.reference, "code": code})
    assert (owner.status_code, owner.url) == (302, f"/vorgang/{case.reference}/")


@pytest.mark.asvs("V2.4.1", "V6.6.3")
def test_a_flood_of_tries_at_one_reference_is_stopped_wherever_it_comes_from(
    guest_case: GuestCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(views.TRIES_OF_A_REFERENCE, "tries", 4)
    case, code = guest_case()
    for place in range(4):
        tried = Client(REMOTE_ADDR=f"192.0.2.{place}").post("/vorgang/", {"nummer": case.reference, "code": new_code()})
        assert tried.status_code == 422
    refused = Client(REMOTE_ADDR="192.0.2.99").post("/vorgang/", {"nummer": case.reference, "code": code})
    assert refused.status_code == 429
    assert "Das waren zu viele Versuche." in refused.content.decode()


def test_tries_are_limited_for_each_address(guest_case: GuestCase) -> None:
    case, code = guest_case()
    for _ in range(10):
        Client(REMOTE_ADDR="192.0.2.1").post("/vorgang/", {"nummer": new_reference("HRO", 2026), "code": new_code()})
    typed = {"nummer": case.reference, "code": code}
    assert Client(REMOTE_ADDR="192.0.2.1").post("/vorgang/", typed).status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.2").post("/vorgang/", typed).status_code == 302


def test_the_reference_of_the_address_is_filled_in(city: None) -> None:
    page = Client().get("/vorgang/?nummer=HRO-2026-7K3M-4Q9X").content.decode()
    assert 'value="HRO-2026-7K3M-4Q9X"' in page


def test_typing_errors_of_others_stop_nobody(city: None) -> None:
    for place in range(12):
        answer = Client(REMOTE_ADDR=f"192.0.2.{place}").post("/vorgang/", {"nummer": "HRO", "code": "1"})
        assert answer.status_code == 422
