"""What everybody may read, on a telephone without JavaScript; with it, `test_every_page` goes there."""

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
def test_public_page_is_for_everybody(arrive: Arrive, path: str) -> None:
    person = arrive(script=False)
    assert person.open(path) == 200
    person.at("")


def test_page_that_is_not_there_says_so(arrive: Arrive, script: bool) -> None:
    person = arrive(script=script)
    assert person.open("/gibt/es/nicht/") == 404
    person.at("")
