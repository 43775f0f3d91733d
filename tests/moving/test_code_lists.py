"""Code lists that forms follow go with an authority, so that its cases read elsewhere as they did here."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError

from applications import search
from applications.contents import summary_of
from applications.models import Application, SearchTerm
from authorities import clock
from authorities.models import Authority
from forms_engine.models import CodeList
from forms_engine.use_cases import add_version, publish
from foundation import scope
from foundation.ids import new_id
from tests.carrying.forms import case, definition, offer_form, question
from tests.moving import forging
from tests.moving.places import Place, export, take
from tests.sharing.test_followed_lists import listed

pytestmark = pytest.mark.usefixtures("form_of_its_own")

URI = "urn:probe:umzug"
FORM = definition([question("boot", "choice", code_list={"uri": URI, "follow": True}, search=True)])


def in_days(number: int) -> date:
    return clock.today() + timedelta(days=number)


@pytest.fixture
def moved(old: Place, tmp_path: Path) -> Path:
    """Schwerin with a case of today; the list changed ten days ago and will change tomorrow."""
    with old.entered():
        listed(URI, "1", {"a": "Kajak"})
        listed(URI, "2", {"a": "Jolle"}, in_days(-10))
        listed(URI, "3", {"a": "Floß"}, in_days(1))
        listed(f"{URI}:andere", "1", {"a": "x"})
        offer_form(FORM)
        case({"boot": "a"})
        return export(to=tmp_path / "export")


def in_words() -> str:
    with scope.system("a test reads what has arrived", read_only=True):
        (section,) = summary_of(Application.objects.select_related("authority").get(), language="de")
        return section.rows[0].value


def versions() -> list[str]:
    return list(CodeList.objects.filter(uri__startswith=URI).order_by("version").values_list("version", flat=True))


def test_cases_read_as_they_did_and_are_found(moved: Path, new: Place) -> None:
    with new.entered():
        take(moved)
        assert in_words() == "Jolle"
        assert versions() == ["1", "2", "3"]
        assert CodeList.objects.get(uri=URI, version="2").origin["authority"]["slug"] == "schwerin"
        with scope.system("a test searches", read_only=True):
            assert SearchTerm.objects.filter(digest__in=search.digests_of("Jolle", keyset="schwerin")).exists()


def test_where_the_same_list_is_known_it_stays_and_what_comes_later_is_added(moved: Path, new: Place) -> None:
    with new.entered():
        listed(URI, "1", {"a": "Kajak"})
        here = listed(URI, "2", {"a": "Jolle", "b": "Yacht"}, in_days(-20))
        take(moved)
        assert (in_words(), versions()) == ("Jolle", ["1", "2", "3"])
        assert CodeList.objects.get(uri=URI, version="2").pk == here.pk


@pytest.mark.parametrize(
    "furnish",
    [
        pytest.param(lambda: listed(URI, "9", {"a": "Kutter"}), id="another list"),
        pytest.param(lambda: listed(URI, "9", {"a": "Kutter"}, in_days(-3)), id="another list by now"),
        pytest.param(lambda: listed(URI, "2", {"a": "Kutter"}, in_days(-10)), id="other words of that version"),
    ],
)
def test_where_a_case_would_read_otherwise_nothing_is_taken(
    moved: Path,
    new: Place,
    furnish: Callable[[], CodeList],
) -> None:
    with new.entered():
        there = furnish().version
        with pytest.raises(CommandError, match=f"Die Codeliste {URI} sagt hier am {clock.today():%d.%m.%Y}"):
            take(moved)
        assert versions() == [there]
        with scope.system("a test looks", read_only=True):
            assert not Application.objects.exists()


def followed_by_rostock() -> None:
    """A published form of the authority that stays."""
    with scope.system("a test needs a form"):
        publish(add_version(Authority.objects.get(slug="rostock"), FORM))


def test_a_list_that_a_form_here_follows_says_what_it_said_on_every_day_to_come(moved: Path, new: Place) -> None:
    """Else whoever writes an export would put answers into the forms of others, from tomorrow on."""
    with new.entered():
        listed(URI, "1", {"a": "Kajak"})
        listed(URI, "2", {"a": "Jolle"}, in_days(-10))
        followed_by_rostock()
        take(moved)
        assert (in_words(), versions()) == ("Jolle", ["1", "2"])


def test_a_list_that_no_arriving_form_needs_does_not_arrive(moved: Path, new: Place) -> None:
    [row] = [row for row in forging.rows(moved, CodeList) if row["version"] == "1"]
    forging.replace(
        moved, CodeList, [*forging.rows(moved, CodeList), row | {"id": str(new_id()), "uri": f"{URI}:mehr"}]
    )
    with new.entered():
        take(moved)
        assert not CodeList.objects.filter(uri=f"{URI}:mehr").exists()
