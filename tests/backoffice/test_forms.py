"""The pages of an authority's forms, as their author sees them."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from authorities.models import Authority
from forms_engine.models import FormVersion
from forms_engine.use_cases import add_version, publish
from foundation import scope
from tests.frame.pages import Page

#: Session and user: 2. The roles in a scope of their own: 5. The page in its scope: opening and closing 4; authority,
#: forms, their versions 3. The first page of a minute keeps the sitting alive, the others do not.
LIST_QUERIES = 15


def definition(key: str, **changes: Any) -> dict[str, Any]:
    field = {"type": "text", "key": "name", "label": {"de": "Name", "en": "Name"}}
    step = {"key": "angaben", "title": {"de": "Angaben", "en": "Details"}, "items": [field]}
    return {"format": 1, "key": key, "title": {"de": f"Formular {key}", "en": key}, "steps": [step]} | changes


def make_form(key: str, *, published: bool = True, **changes: Any) -> FormVersion:
    with scope.system("a test needs a form"):
        version = add_version(Authority.objects.get(slug="schwerin"), definition(key, **changes))
        return publish(version) if published else version


def page_of(client: Client, address: str) -> Page:
    response = client.get(address)
    assert response.status_code == 200
    page = Page(response)
    assert page.faults() == []
    return page


def test_list_names_each_form_with_its_versions_and_asks_no_more_for_more(author: Client) -> None:
    make_form("aa-eins")
    page_of(author, "/backoffice/formulare/")
    with CaptureQueriesContext(connection) as few:
        page_of(author, "/backoffice/formulare/")
    make_form("aa-zwei", published=False)
    make_form("aa-drei")
    with CaptureQueriesContext(connection) as many:
        page = page_of(author, "/backoffice/formulare/")
    assert len(few) == len(many) == LIST_QUERIES
    lines = [" ".join(row.text_content().split()) for row in page.tree.xpath("//tbody/tr")]
    assert "Formular aa-zwei–Version 1" in lines
    assert any(line.startswith("Formular aa-einsVersion 1 seit ") for line in lines)


def test_page_of_a_form_says_where_it_stands(author: Client) -> None:
    version = make_form("vier", published=False)
    page = page_of(author, f"/backoffice/formulare/{version.form_id}/")
    text = page.tree.text_content()
    assert "Entwurf, Version 1" in text
    assert "Noch nicht veröffentlicht." in text
