"""What the code and the settings rule out once and for all."""

import ast
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from hro_portal.celery import app
from tests.gates.test_headers import settings_read_with

ROOT = Path(settings.BASE_DIR)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
ROOMS = ("accounts", "applications", "authorities", "backoffice", "catalogue", "forms_engine", "foundation", "postbox")
#: Whoever needs cryptography takes tink, pyHanko (with cryptography) or what Python brings for digests and chance.
OWN_CRYPTO = {"Crypto", "Cryptodome", "nacl", "rsa", "ecdsa", "jose", "jwt", "M2Crypto", "OpenSSL", "gnupg", "pyaes"}
UNSAFE_READERS = {"pickle", "marshal", "shelve", "dill", "yaml", "xmlrpc"}


def imported() -> dict[str, set[str]]:
    """{module that is imported: files that do}, over all rooms."""
    found: dict[str, set[str]] = {}
    for file in (file for room in (*ROOMS, "hro_portal") for file in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
            for name in names:
                for module in {name, name.partition(".")[0]}:
                    found.setdefault(module, set()).add(str(file.relative_to(ROOT)))
    return found


@pytest.mark.asvs("V11.2.1")
@pytest.mark.tr("A3.7.04")
def test_cryptography_comes_from_the_chosen_libraries() -> None:
    modules = imported()
    assert {"tink", "hashlib"} <= modules.keys()
    assert OWN_CRYPTO & modules.keys() == set()


@pytest.mark.asvs("V1.5.2", "V1.5.1")
@pytest.mark.tr("A3.12.03")
def test_nothing_is_read_that_could_bring_code_along() -> None:
    modules = imported()
    assert UNSAFE_READERS & modules.keys() == set()
    assert {"lxml", "xmltodict"} & modules.keys() == set()
    assert modules["xml"] == modules["xml.parsers"] == {"forms_engine/xdatenfelder/elements.py"}, "XML has one gate"
    assert (list(app.conf.accept_content), app.conf.task_serializer) == (["json"], "json")
    assert import_module(settings.SESSION_ENGINE).SessionStore.__base__ is SessionStore
    assert "Pickle" not in getattr(settings, "SESSION_SERIALIZER", "")


@pytest.mark.asvs("V13.4.2", "V13.4.3", "V13.4.4", "V13.4.5")
@pytest.mark.tr("A3.15.05")
@pytest.mark.usefixtures("city")
def test_no_debugging_no_listing_no_trace_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings_read_with(monkeypatch, PORTAL_DEMO="0")["DEBUG"] is False
    client = Client(raise_request_exception=False)
    assert client.generic("TRACE", "/").status_code == 405
    for address in ("/static/", "/static/portal/", "/files/", "/var/", "/.git/config", "/api/", "/metrics", "/docs/"):
        assert client.get(address, follow=True).status_code == 404, address
    answer = client.get("/gibt-es-nicht/")
    assert not {"server", "x-powered-by"} & {name.lower() for name, _value in answer.items()}
    assert "Django" not in answer.content.decode()


@pytest.mark.asvs("V4.1.3")
@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    "told",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Original-URL": "/admin/"},
        {"X-HTTP-Method-Override": "DELETE"},
    ],
)
def test_headers_of_strangers_change_no_page(told: dict[str, str]) -> None:
    def page(**headers: str) -> tuple[int, str]:
        answer: Any = Client(headers={"accept-language": "de"}).get("/impressum/", headers=headers)
        return answer.status_code, TOKEN.sub("", answer.content.decode())

    assert page(**told) == page()
