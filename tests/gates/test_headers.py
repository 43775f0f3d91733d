"""What every answer carries: each address of the URLconf, for each kind of person, over http and https."""

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, override_settings

from accounts.models import User
from tests.factories import PASSWORD, make_clerk, make_user
from tests.gates.urlconf import addresses

pytestmark = pytest.mark.usefixtures("city")

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}
FORM = "application/x-www-form-urlencoded"
EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def anonymous(client: Client) -> None: ...


def citizen(client: Client) -> None:
    client.force_login(make_user("citizen@example.org"))


def clerk(client: Client) -> None:
    client.force_login(make_clerk(department=None)[0])


def operator(client: Client) -> None:
    client.force_login(make_user("operator@example.org", is_staff=True, is_superuser=True))


PEOPLE: list[Callable[[Client], None]] = [anonymous, citizen, clerk, operator]


def faults(response: HttpResponse) -> list[str]:
    """What an answer lacks."""
    found = [f"{name}: {response.get(name)}" for name, value in EXPECTED.items() if response.get(name) != value]
    if set(response.get("Content-Security-Policy", "").split("; ")) != POLICY:
        found.append(f"policy: {response.get('Content-Security-Policy')}")
    if "camera=()" not in response.get("Permissions-Policy", ""):
        found.append("no Permissions-Policy")
    media_type = response.get("Content-Type", "")
    if response.status_code not in (204, 304) and not media_type:
        found.append("no Content-Type")
    if media_type.startswith(("text/", "image/svg")) and "charset=utf-8" not in media_type.replace('"', ""):
        found.append(f"letters of {media_type}")
    return found


def faults_for(person: Callable[[Client], None], response: HttpResponse) -> list[str]:
    """What an answer to this person lacks; a signed-in person's stays in no cache, and nobody's is a failure."""
    found = faults(response)
    if response.status_code >= 500:
        found.append(f"status {response.status_code}")
    if person is not anonymous and "no-store" not in response.get("Cache-Control", ""):
        found.append(f"Cache-Control: {response.get('Cache-Control')}")
    return found


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False, headers={"accept": "text/html", "accept-language": "de"})


@pytest.mark.asvs("V3.4.1", "V3.4.3", "V3.4.4", "V3.4.5", "V3.4.6", "V4.1.1", "V14.3.2")
@pytest.mark.tr("A3.11.01", "A3.11.02", "A3.11.07")
@pytest.mark.parametrize("person", PEOPLE)
def test_every_address_carries_every_header(client: Client, person: Callable[[Client], None]) -> None:
    """Also when nothing is found there, or the person may not come in. Signed-in people leave nothing in a cache."""
    person(client)
    found = {}
    leaving = ("/konto/abmelden/", "/admin/logout/")
    for address in addresses():
        if address in leaving and person is not anonymous:
            continue
        response = client.get(address, secure=False)
        if wrong := faults_for(person, response):
            found[address] = wrong
    assert found == {}


@pytest.mark.asvs("V3.4.3", "V4.1.1")
def test_refusals_and_static_files_carry_them_too(
    client: Client, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mark.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    settings.STATIC_ROOT = tmp_path
    client.handler.load_middleware()
    drawing = client.get("/static/mark.svg")
    assert drawing.status_code == 200
    assert "Access-Control-Allow-Origin" not in drawing
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    answers = {
        "drawing": drawing,
        "NUL": client.get("/hilfe/?q=%00"),
        "verb": client.delete("/hilfe/"),
        "foreign form": strict.post("/konto/anmelden/", {}),
        "unknown host": client.get("/", headers={"host": "evil.example"}),
    }
    monkeypatch.setattr("hro_portal.views.home_authority", lambda: 1 / 0)
    answers["failure"] = client.get("/")
    assert [each.status_code for each in answers.values()] == [200, 400, 405, 403, 400, 500]
    assert {name: faults(each) for name, each in answers.items() if faults(each)} == {}


@pytest.mark.asvs("V3.4.3", "V3.4.4", "V3.4.5", "V3.4.6", "V4.1.1")
@pytest.mark.tr("A3.11.01", "A3.11.02")
@pytest.mark.parametrize("person", PEOPLE)
def test_every_address_carries_every_header_to_who_posts(client: Client, person: Callable[[Client], None]) -> None:
    """A form that was sent empty, a page that takes none, a deed that is refused: whatever the answer is."""
    person(client)
    kept = client.cookies["session"].value if "session" in client.cookies else None
    user = User.objects.first()
    found, statuses = {}, set()
    for address in addresses():
        if address in ENDS_THE_SITTING:
            continue
        if kept:
            client.cookies["session"] = kept
        response = client.post(address, {})
        statuses.add(response.status_code)
        if wrong := faults_for(person, response):
            found[address] = wrong
    for address in ENDS_THE_SITTING:
        if kept:
            client.force_login(user)
        if wrong := faults_for(person, client.post(address, {})):
            found[address] = wrong
    assert found == {}
    assert statuses >= {302, 404, 405, 422}


#: Whoever signs out or leaves is nobody at the next address.
ENDS_THE_SITTING = ("/konto/abmelden/", "/admin/logout/", "/konto/loeschen/")


@pytest.mark.asvs("V3.4.3", "V4.1.1")
def test_every_kind_of_refusal_of_a_post_carries_them_too(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    many = [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1)]
    wrong_code = {"nummer": "HRO-2026-AAAA-AAAA", "code": "AAAA-AAAA-AAAA-AAAA"}
    answers = {
        "broken letters": (400, client.post("/vorgang/", b"code=%ff", content_type=FORM)),
        "a body that is cut": (
            400,
            client.post("/pruefen/", b"--x\r\n", content_type="multipart/form-data; boundary="),
        ),
        "forged": (403, strict.post("/vorgang/", wrong_code)),
        "unknown page": (404, client.post("/gibt-es-nicht/auch-nicht/", {})),
        "takes no post": (405, client.post("/hilfe/", {})),
        "too many files": (413, client.post("/pruefen/", {"file": many})),
        "no form": (415, client.post("/vorgang/", b"{}", content_type="application/json")),
        "wrong code": (422, client.post("/vorgang/", wrong_code)),
        "too often": (429, [client.post("/vorgang/", wrong_code) for _ in range(12)][-1]),
    }
    with override_settings(ROOT_URLCONF="tests.frame.refusing_urls"):
        answers["refused by a use case"] = (410, client.post("/verweigert/", {}))
        answers["no database"] = (503, client.post("/ohne-datenbank/", {}))
        answers["no key"] = (503, client.post("/ohne-schluessel/", {}))
    assert {name: answer.status_code for name, (_, answer) in answers.items()} == {
        name: status for name, (status, _) in answers.items()
    }
    assert {name: faults(answer) for name, (_, answer) in answers.items() if faults(answer)} == {}


def settings_read_with(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    """The settings as they are read in such an environment."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(Path(settings.BASE_DIR) / "hro_portal" / "settings.py"))


def https_settings(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the settings of pages and cookies are where the portal's address begins with https."""
    kinds = ("SECURE_", "SESSION_", "CSRF_", "LANGUAGE_COOKIE", "THEME_", "HTTPS")
    read = settings_read_with(monkeypatch, PORTAL_BASE_URL="https://localhost")
    return {name: value for name, value in read.items() if name.isupper() and name.startswith(kinds)}


@pytest.mark.asvs("V3.3.1", "V3.3.2", "V3.3.3", "V3.3.4", "V3.4.1")
@pytest.mark.tr("A3.11.03-04", "A3.11.06")
def test_cookies_and_transport_under_https(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_user()
    with override_settings(**https_settings(monkeypatch)):
        client.handler.load_middleware()
        assert client.get("/hilfe/")["Location"] == "https://testserver/hilfe/"
        page = client.get("/konto/anmelden/", secure=True)
        assert page["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"
        assert faults(page) == []
        client.post("/konto/anmelden/", {"login": "lena.kogge@example.org", "password": PASSWORD}, secure=True)
        client.post("/sprache/", {"language": "en"}, secure=True)
        client.post("/darstellung/", {"theme": "dark"}, secure=True)
    assert set(client.cookies) == {"__Host-session", "__Host-csrf", "__Host-language", "__Host-theme"}
    for name, cookie in client.cookies.items():
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax"), name
        assert (cookie["path"], cookie["domain"]) == ("/", ""), name


@pytest.mark.asvs("V7.4.1", "V14.3.1")
def test_sign_out_clears_what_the_browser_keeps(client: Client) -> None:
    citizen(client)
    old = client.cookies["session"].value
    assert "Clear-Site-Data" not in client.get("/konto/abmelden/")
    answer = client.post("/konto/abmelden/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    client.cookies["session"] = old
    assert client.get("/konto/profil/").status_code == 302
