"""What `check --deploy` says of our own settings, beside Django's."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning


def fit_for_production(**kwargs: Any) -> list[CheckMessage]:
    """One warning for each setting that protects people less than a city needs."""
    faults = {
        "W001": (settings.DEMO, "PORTAL_DEMO loads accounts with a public password."),
        "W002": (not settings.STAFF_MFA, "PORTAL_STAFF_MFA is off: staff sign in with a password only."),
        "W003": (not settings.LIMIT_PER_ADDRESS, "PORTAL_LIMIT_PER_ADDRESS is off: a machine may file without end."),
        "W004": (not settings.SECURITY_CONTACT, "PORTAL_SECURITY_CONTACT is missing: nobody can report a weakness."),
        "W005": (not settings.HTTPS, "PORTAL_BASE_URL does not begin with https://."),
    }
    return [Warning(sentence, id=f"portal.{number}") for number, (holds, sentence) in faults.items() if holds]
