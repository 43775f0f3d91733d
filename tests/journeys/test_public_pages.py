"""What everybody may read: no barrier at a desk or on a telephone, in the light or in the dark."""

import pytest

from tests.journeys.conftest import Arrive

PAGES = [
    "/",
    "/hilfe/",
    "/impressum/",
    "/barrierefreiheit/",
    "/barriere-melden/",
    "/gebaerdensprache/",
    "/einfach-erklaert/",
    "/leistungen/",
    "/vorgang/",
    "/konto/",
    "/konto/registrieren/",
    "/konto/passwort/vergessen/",
    "/demo/post/",
]


@pytest.mark.parametrize("path", PAGES)
def test_public_page_is_for_everybody(arrive: Arrive, script: bool, path: str) -> None:
    person = arrive(script=script)
    assert person.open(path) == 200
    person.at("")


def test_page_that_is_not_there_says_so(arrive: Arrive, script: bool) -> None:
    person = arrive(script=script)
    assert person.open("/gibt/es/nicht/") == 404
    person.at("")
