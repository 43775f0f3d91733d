"""The versions of a form in the backoffice: read, compared, checked, published."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import profile
from accounts.models import User
from authorities.models import Authority
from forms_engine.models import FormVersion
from forms_engine.use_cases import add_version, publish
from foundation import scope
from foundation.ids import new_id
from tests.backoffice.test_forms import definition, page_of
from tests.factories import make_clerk

#: Those of the list of forms, the versions without their definitions, and their people.
VERSIONS_QUERIES = 17


@pytest.fixture
def author_user(city: None) -> User:
    user, _clerk = make_clerk("releases@example.org", role="form_author", authority="schwerin", department=None)
    profile.write(user, {"given_name": "Frieda", "family_name": "Redlich"})
    return user


@pytest.fixture
def author(author_user: User) -> Client:
    client = Client(headers={"accept-language": "de"})
    client.force_login(author_user)
    return client


def add(key: str, *, by: User | None = None, published: bool = True, reason: str = "", **changes: Any) -> FormVersion:
    """One more version of a form of Schwerin's."""
    by_id = by.pk if by else None
    with scope.system("a test needs a version"):
        version = add_version(Authority.objects.get(slug="schwerin"), definition(key, **changes), by=by_id)
        return publish(version, reason=reason, by=by_id) if published else version


def text(page: Any) -> str:
    return " ".join(" ".join(page.tree.itertext()).split())


def title(words: str) -> dict[str, str]:
    return {"de": words, "en": words}


def address(version: FormVersion, rest: str) -> str:
    return f"/backoffice/formulare/{version.form_id}/{rest}"


# --- versions --------------------------------------------------------------------------------------------------------


def test_list_of_versions_says_who_when_and_why_and_asks_no_more_for_more(author: Client, author_user: User) -> None:
    version = add("r-liste", by=author_user, reason="Die erste.")
    page_of(author, address(version, "versionen/"))
    with CaptureQueriesContext(connection) as few:
        page = page_of(author, address(version, "versionen/"))
    (row,) = [" ".join(each.text_content().split()) for each in page.tree.xpath("//tbody/tr")]
    assert row.startswith("Version 1 veröffentlicht am ")
    assert row.endswith("Frieda Redlich Frieda Redlich Die erste.")
    add("r-liste", title=title("Zweite"))
    add("r-liste", title=title("Dritte"), published=False)
    with CaptureQueriesContext(connection) as many:
        page = page_of(author, address(version, "versionen/"))
    assert len(few) == len(many) == VERSIONS_QUERIES
    rows = [" ".join(each.text_content().split()) for each in page.tree.xpath("//tbody/tr")]
    assert len(rows) == 3
    assert "in Arbeit" in rows[0]
    assert "Redaktion Redaktion –" in rows[1]


def test_version_is_readable_as_tables_also_when_it_is_old(author: Client) -> None:
    old = add("r-alt", title=title("Früher"))
    add("r-alt", title=title("Heute"))
    page = page_of(author, address(old, "versionen/1/"))
    assert "Überschrift (Deutsch): Früher" in text(page)
    assert "name Name eine Zeile Bezeichnung (Deutsch): Name Bezeichnung (Englisch): Name" in text(page)
    assert old.sha256 in text(page)


def test_difference_is_shown_before_and_after(author: Client) -> None:
    old = add("r-neu", title=title("Früher"))
    add("r-neu", title=title("Heute"))
    page = page_of(author, address(old, "unterschied/?von=1&bis=2"))
    assert "Formular geändert Heute Überschrift (Deutsch) Früher Heute Überschrift (Englisch) Früher Heute" in text(
        page
    )
    assert "Beide Versionen sagen dasselbe." in text(page_of(author, address(old, "unterschied/?von=2&bis=2")))


@pytest.mark.parametrize(
    "rest",
    [
        "versionen/9/",
        "unterschied/",
        "unterschied/?von=1",
        "unterschied/?von=1&bis=9",
        "unterschied/?von=-1&bis=1",
        "unterschied/?von=²&bis=1",
        "unterschied/?von=1&bis=99999999999999999999",
    ],
)
def test_version_that_there_is_not_is_404(author: Client, rest: str) -> None:
    version = add("r-fehlt")
    assert author.get(address(version, rest)).status_code == 404


def test_versions_of_another_authority_do_not_exist(author: Client) -> None:
    with scope.system("a test looks for somebody else's form"):
        theirs = FormVersion.objects.filter(authority__slug="rostock")[0]
    for rest in ("versionen/", f"versionen/{theirs.no}/", f"unterschied/?von={theirs.no}&bis={theirs.no}"):
        assert author.get(address(theirs, rest)).status_code == 404
    assert author.get(f"/backoffice/formulare/{new_id()}/versionen/").status_code == 404
