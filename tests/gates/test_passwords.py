"""Rules for passwords: long, not known to everybody, and kept exactly as typed (ASVS V6.2, BSI TR-03172-3 A3.9.05)."""

import gzip
from pathlib import Path

import pytest
from django.contrib.auth import password_validation
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.gates.test_headers import settings_read_with

pytestmark = pytest.mark.usefixtures("portal_db")


def sign_up(password: str, email: str = "lena.kogge@example.org") -> str:
    answer = Client(headers={"accept-language": "de"}).post(
        reverse("account_signup"), {"email": email, "password1": password}
    )
    return answer.content.decode() if answer.status_code == 200 else "taken"


@pytest.mark.asvs("V6.2.1", "V6.2.4", "V6.2.12")
@pytest.mark.tr("A3.9.05")
@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("Kran7Boje", "mindestens 10 Zeichen"),
        ("1234567890", "erraten andere leicht"),
        ("password123", "erraten andere leicht"),
        ("lena.kogge@example", "ähnelt Ihrer E-Mail-Adresse"),
    ],
)
def test_short_and_known_passwords_are_refused(password: str, sentence: str) -> None:
    assert sentence in sign_up(password)
    assert not User.objects.exists()


@pytest.mark.asvs("V6.2.4")
def test_the_list_of_known_passwords_is_long_enough() -> None:
    """At least the 3000 most used that are long enough for our other rule would be refused by this list alone."""
    validator = password_validation.CommonPasswordValidator()
    listed = Path(password_validation.__file__).with_name("common-passwords.txt.gz")
    with gzip.open(listed, "rt") as file:
        assert sum(1 for _ in file) > 10_000
    assert len(validator.passwords) > 10_000


@pytest.mark.asvs("V6.2.5", "V6.2.8", "V6.2.9")
@pytest.mark.parametrize(
    "password",
    [
        "nurkleinebuchstaben",
        "  zwei Leerzeichen am Rand  ",
        "üüüüüüüüüüüß",
        "langes Wort " * 12,
        "🚢🚢🚢🚢🚢🚢🚢🚢🚢🚢",
    ],
)
def test_any_letters_are_taken_and_none_is_cut_off(password: str) -> None:
    assert sign_up(password) == "taken"
    user = User.objects.get()
    assert user.check_password(password)
    assert not user.check_password(password.strip()) or password == password.strip()
    assert not user.check_password(password[:-1])
    assert not user.check_password(password.swapcase()) or password == password.swapcase()


@pytest.mark.asvs("V11.4.2")
@pytest.mark.tr("A3.5.03")
def test_passwords_are_hashed_with_argon2(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings_read_with(monkeypatch)["PASSWORD_HASHERS"] == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
