from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from hro_portal.deployment import fit_for_production


@pytest.mark.tr("A3.1.05")
@pytest.mark.parametrize("today", ["2026-11-24", "2031-02-28"])
def test_security_txt_names_whom_to_tell_and_has_not_expired(settings: Any, today: str) -> None:
    settings.SECURITY_CONTACT = "mailto:sicherheit@rostock.example"
    with time_machine.travel(f"{today} 12:00:00+00:00"):
        answer = Client().get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert fields["Contact"] == "mailto:sicherheit@rostock.example"
    assert fields["Canonical"] == f"{settings.BASE_URL}/.well-known/security.txt"
    left = datetime.fromisoformat(fields["Expires"]) - datetime.fromisoformat(today).replace(tzinfo=UTC)
    assert timedelta(days=30) < left < timedelta(days=365)


@pytest.mark.tr("A3.15.05")
@pytest.mark.asvs("V13.4.2")
def test_deployment_check_names_what_protects_too_little(settings: Any) -> None:
    settings.DEBUG = False
    settings.DEMO = True
    settings.STAFF_MFA, settings.HTTPS, settings.LIMIT_PER_ADDRESS, settings.SECURITY_CONTACT = False, False, 0, ""
    assert [each.id for each in fit_for_production()] == [f"portal.W00{no}" for no in range(1, 6)]
    settings.DEMO, settings.STAFF_MFA, settings.HTTPS, settings.LIMIT_PER_ADDRESS = False, True, True, 120
    settings.SECURITY_CONTACT = "mailto:sicherheit@rostock.example"
    assert fit_for_production() == []
