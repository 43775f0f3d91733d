"""An operator sets up a city and its staff by two commands."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from accounts.models import StaffRole
from authorities.models import Authority
from foundation import scope
from foundation.audit.models import AuditEvent
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("city")
KNOWN = json.loads((Path(settings.BASE_DIR) / "hro_portal/demo/data/authorities.json").read_text(encoding="utf-8"))


def city(**changed: Any) -> dict[str, Any]:
    new = {"slug": "wismar", "reference_prefix": "HWI", "keyset": "wismar", "name": "Hansestadt Wismar"}
    return KNOWN[0] | new | changed


@pytest.fixture
def put(tmp_path: Path) -> Any:
    def put(entry: Any) -> None:
        file = tmp_path / "behoerde.json"
        file.write_text(json.dumps(entry), encoding="utf-8")
        call_command("put_authority", file)

    yield put
    with scope.system("the next test has three cities"):
        for authority in Authority.objects.filter(slug="wismar"):
            authority.departments.all().delete()
            authority.delete()


def test_city_is_put_and_put_again_changed(put: Any) -> None:
    put(city())
    put(city(phone="03841 251-0"))
    wismar = Authority.objects.get(slug="wismar")
    assert wismar.phone == "03841 251-0"
    assert wismar.departments.count() == len(KNOWN[0]["departments"])


@pytest.mark.parametrize(
    ("entry", "place"),
    [
        (city(slug="Wismar!"), "slug"),
        (city(colour="blue"), "colour"),
        (city(hours={"en": "Monday"}), "hours"),
        (city(departments=[]), "departments"),
        (city(departments=[{"slug": "a"}]), "departments[0].name"),
        (city(reference_prefix="HRO"), "reference_prefix"),
        ("wismar", "{ }"),
    ],
)
def test_faulty_city_is_refused_whole_with_the_place_named(put: Any, entry: Any, place: str) -> None:
    with pytest.raises(CommandError) as refusal:
        put(entry)
    assert place in str(refusal.value)
    assert not Authority.objects.filter(slug__istartswith="wismar").exists()


def test_role_is_given_taken_and_written_down() -> None:
    user = make_user("neu@example.org")
    call_command("grant_role", "NEU@example.org", "clerk", "--authority=rostock", "--department=stadtamt")
    with scope.system("look"):
        assert StaffRole.objects.filter(user=user, role="clerk", department__slug="stadtamt").count() == 1
    call_command(
        "grant_role", "neu@example.org", "clerk", "--authority=rostock", "--department=stadtamt", "--take-away"
    )
    with scope.system("look"):
        assert not StaffRole.objects.filter(user=user).exists()
        events = AuditEvent.objects.filter(object_id=user.pk, action__startswith="staff_role.")
        assert sorted(event.action for event in events) == ["staff_role.given", "staff_role.taken"]


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["wer@example.org", "clerk", "--authority=rostock"], "Konto"),
        (["neu@example.org", "clerk", "--authority=atlantis"], "schwerin"),
        (["neu@example.org", "clerk", "--authority=rostock", "--department=nichts"], "stadtamt"),
    ],
)
def test_role_that_cannot_be_given_says_what_there_is(arguments: list[str], part: str) -> None:
    make_user("neu@example.org")
    with pytest.raises(CommandError) as refusal:
        call_command("grant_role", *arguments)
    assert part in str(refusal.value)


def test_hours_are_told_in_the_language_of_the_page(put: Any) -> None:
    put(city(hours={"de": "Montag 8 bis 12 Uhr", "en": "Monday 8:00 to 12:00"}))
    wismar = Authority.objects.get(slug="wismar")
    assert (wismar.opening_hours, wismar.hours) == ("Montag 8 bis 12 Uhr", "Montag 8 bis 12 Uhr")
    with translation.override("en"):
        assert wismar.opening_hours == "Monday 8:00 to 12:00"
    put(city(hours="Dienstag 8 bis 12 Uhr"))
    wismar.refresh_from_db()
    with translation.override("en"):
        assert wismar.opening_hours == "Dienstag 8 bis 12 Uhr"


def test_a_page_in_english_names_the_hours_in_english(client: Client) -> None:
    page = client.get("/hilfe/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Tuesday 9:00 to 18:00, Thursday 9:00 to 16:00" in page
    assert "Dienstag" not in page
