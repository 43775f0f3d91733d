from collections.abc import Callable

import pytest
from django.db import InterfaceError, OperationalError
from django.db.transaction import TransactionManagementError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import override_settings
from django.urls import reverse

from foundation import vault
from foundation.errors import PortalError
from foundation.ids import new_id
from hro_portal import views
from tests.frame.pages import Page

FORM = "application/x-www-form-urlencoded"
BROKEN = ["a=%ff", "a=%ed%a0%80", "a=%00", "%c3=1", "a=\udce4".encode("utf-8", "surrogateescape").decode("latin-1")]


@pytest.mark.parametrize("query", BROKEN)
def test_broken_query_is_refused(client: Client, query: str) -> None:
    response = client.get("/", QUERY_STRING=query)
    assert response.status_code == 400
    assert "Diese Anfrage können wir nicht lesen" in response.content.decode()


@pytest.mark.parametrize("body", [b"login=%ff", b"login=\xff", b"login=%00", b"login=\x00", b"login=%ed%b0%80"])
def test_broken_body_is_refused(client: Client, body: bytes) -> None:
    assert client.post(reverse("account_login"), body, content_type=FORM).status_code == 400


@pytest.mark.usefixtures("portal_db")
@pytest.mark.parametrize("path", ["/%00", "/%ff", "/leistungen/%00/"])
def test_broken_path_is_refused(client: Client, path: str) -> None:
    assert client.get(path).status_code in (400, 404)


@pytest.mark.usefixtures("portal_db")
def test_german_letters_pass(client: Client) -> None:
    assert client.get("/hilfe/", QUERY_STRING="q=%C3%BC%E1%B8%B7").status_code == 200


@pytest.mark.usefixtures("portal_db")
def test_unknown_page_says_what_to_do(client: Client) -> None:
    response = client.get("/gibt-es-nicht/")
    assert response.status_code == 404
    assert Page(response).faults() == []
    assert Page(response).headings() == ["Diese Seite finden wir nicht"]


@pytest.mark.asvs("V3.5.1")
@pytest.mark.tr("A3.11.10")
@pytest.mark.usefixtures("portal_db")
def test_missing_csrf_token_says_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post(reverse("theme"), {"theme": "dark"})
    assert response.status_code == 403
    assert Page(response).faults() == []


@pytest.mark.asvs("V16.5.1")
@pytest.mark.tr("A3.3.02")
@pytest.mark.usefixtures("portal_db")
@pytest.mark.parametrize(
    ("answer", "status"), [(lambda r: views.too_many(r), 429), (lambda r: views.forbidden(r, Exception()), 403)]
)
def test_error_page_is_well_formed(client: Client, answer: Callable[[HttpRequest], HttpResponse], status: int) -> None:
    response = answer(client.get("/").wsgi_request)
    assert response.status_code == status
    assert Page(response).faults() == []


@pytest.mark.asvs("V16.5.1", "V16.5.2")
@pytest.mark.parametrize("answer", [lambda r: views.server_error(r), lambda r: views.bad_request(r, Exception())])
def test_plain_error_page_needs_no_database(rf: RequestFactory, answer: Callable[[HttpRequest], HttpResponse]) -> None:
    """Without the `portal_db` fixture every query is refused by pytest-django."""
    shown = Page(answer(rf.get("/")))
    assert len(shown.headings()) == 1
    assert shown.count("//main") == 1


def refuse(request: HttpRequest) -> HttpResponse:
    raise PortalError("too_late", "Die Frist ist vorbei. Rufen Sie uns an.", status=410)


def lose_the_database(request: HttpRequest) -> HttpResponse:
    raise OperationalError("the connection is closed")


def go_on_without_the_database(request: HttpRequest) -> HttpResponse:
    try:
        raise InterfaceError("the connection is closed")
    except InterfaceError:
        raise TransactionManagementError("the transaction cannot end")  # noqa: B904 - as Django does


def lose_a_key(request: HttpRequest) -> HttpResponse:
    vault.seal("nobody", b"x", owner=new_id(), row=new_id(), field="x")
    raise AssertionError("there is such a key")


@pytest.mark.usefixtures("portal_db")
@override_settings(ROOT_URLCONF="tests.frame.refusing_urls")
def test_refusal_of_a_use_case_becomes_a_page_with_its_sentence(client: Client) -> None:
    response = client.get("/verweigert/")
    assert response.status_code == 410
    assert Page(response).faults() == []
    assert "Die Frist ist vorbei. Rufen Sie uns an." in response.content.decode()


@pytest.mark.asvs("V16.5.1", "V16.5.2")
@pytest.mark.tr("A3.13.04")
@override_settings(ROOT_URLCONF="tests.frame.refusing_urls")
@pytest.mark.parametrize("path", ["/ohne-datenbank/", "/ohne-verbindung/", "/ohne-schluessel/"])
def test_lost_database_or_key_is_503_and_says_when_to_come_back(path: str) -> None:
    response = Client(raise_request_exception=False).get(path)
    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert "Das liegt an uns, nicht an Ihnen." in response.content.decode()


#: It may be the answer to COMMIT that was lost.
SENT_WHILE_AWAY = [
    ("de", "Wir wissen nicht, ob Ihre letzte Eingabe angekommen ist."),
    ("en", "We do not know whether your last entry has arrived."),
]


@pytest.mark.parametrize(("language", "sentence"), SENT_WHILE_AWAY)
@override_settings(ROOT_URLCONF="tests.frame.refusing_urls")
def test_whoever_sends_while_the_database_is_lost_is_told_that_it_may_have_arrived(
    language: str, sentence: str
) -> None:
    client = Client(raise_request_exception=False, headers={"accept-language": language})
    response = client.post("/ohne-datenbank/", {"confirmed": "on"})
    assert response.status_code == 503
    assert f'<html lang="{language}">' in response.content.decode()
    assert sentence in response.content.decode()
