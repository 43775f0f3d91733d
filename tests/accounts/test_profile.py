import pytest
from django.test import Client
from django.urls import reverse

from accounts import profile
from accounts.models import User
from tests.factories import make_user
from tests.frame.pages import Page

pytestmark = pytest.mark.usefixtures("portal_db")

GOOD = {
    "given_name": "Lena Žofie",
    "family_name": "O’Kogge-Müller",
    "birth_date": "3.5.1984",
    "street": "Lange Straße",
    "house_number": "12 a",
    "postal_code": "18055",
    "city": "Rostock",
    "phone": "+49 381 1234567",
}


@pytest.fixture
def user() -> User:
    return make_user()


@pytest.fixture
def client(user: User) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="de")
    client.force_login(user)
    return client


def test_profile_is_kept_and_shown(client: Client, user: User) -> None:
    assert client.post(reverse("profile"), GOOD).status_code == 302
    user.refresh_from_db()
    assert profile.read(user) == GOOD | {"birth_date": "1984-05-03"}
    shown = Page(client.get(reverse("profile")))
    assert shown.faults() == []
    assert {name: shown.tree.get_element_by_id(f"id_{name}").get("value") for name in GOOD} == GOOD


@pytest.mark.tr("A3.16.01")
def test_profile_is_sealed_at_rest(client: Client, user: User) -> None:
    client.post(reverse("profile"), GOOD)
    user.refresh_from_db()
    assert b"Lange" not in bytes(user.profile)


def test_profile_can_be_emptied(client: Client, user: User) -> None:
    client.post(reverse("profile"), GOOD)
    client.post(reverse("profile"), {})
    user.refresh_from_db()
    assert profile.read(user) == {}


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("birth_date", "31.4.1984", "Geben Sie ein Datum ein, das es gibt, zum Beispiel 3.5.1984."),
        ("birth_date", "gestern", "Geben Sie ein Datum ein, das es gibt, zum Beispiel 3.5.1984."),
        ("birth_date", "1.1.2999", "Geben Sie ein Datum zwischen 1900 und heute ein, zum Beispiel 3.5.1984."),
        ("postal_code", "1805", "Geben Sie eine Postleitzahl mit 5 Ziffern ein, zum Beispiel 18055."),
        ("postal_code", "١٨٠٥٥", "Geben Sie eine Postleitzahl mit 5 Ziffern ein, zum Beispiel 18055."),
        ("phone", "anrufen", "Geben Sie eine Telefonnummer ein, zum Beispiel 0381 1234567."),
        ("given_name", "Lena ❤", "Das Zeichen „❤“ ist hier nicht zulässig. Nehmen Sie es heraus."),
        ("city", "Rоstock", "Das Zeichen „о“ ist hier nicht zulässig. Nehmen Sie es heraus."),
        ("street", "x" * 121, "Das ist zu lang. Kürzen Sie die Angabe."),
    ],
)
def test_bad_value_gets_a_sentence_and_nothing_is_lost(client: Client, field: str, typed: str, sentence: str) -> None:
    shown = Page(client.post(reverse("profile"), GOOD | {field: typed}))
    assert shown.faults() == []
    assert shown.title().startswith("Fehler: ")
    assert sentence in shown.tree.get_element_by_id(f"id_{field}_error").text_content()
    assert shown.tree.get_element_by_id(f"id_{field}").get("value") == typed
    assert shown.tree.get_element_by_id("id_family_name").get("value") == GOOD["family_name"]


def test_letters_are_kept_composed(client: Client, user: User) -> None:
    client.post(reverse("profile"), {"city": "Gu\u0308strow"})
    user.refresh_from_db()
    assert profile.read(user) == {"city": "Güstrow"}
