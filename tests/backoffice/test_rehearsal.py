"""A rehearsal of a form: filled in as a person would, with a report at its end, and nothing of it is kept."""

import json
from collections import defaultdict
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from lxml import html

from applications.models import Application, Draft
from backoffice.releasing.rehearsal import SALT
from forms_engine.models import FormVersion
from foundation import scope
from foundation.audit.models import AuditEvent
from foundation.files.models import StoredFile
from tests.carrying.forms import add, definition, offer_form, question, text
from tests.frame.pages import Page

pytestmark = pytest.mark.usefixtures("form_of_its_own")

DOGS = {
    "type": "group",
    "key": "hunde",
    "title": text("Hunde"),
    "items": [question("rufname")],
    "repeat": {"min": 1, "max": 2, "instance": text("Hund"), "add": {"de": "Hund hinzufügen"}},
}
JA = {"equal": [{"answer": "ja"}, True]}
RAW = definition(
    [question("name"), question("ja", "yes_no"), question("grund", when=JA)], [DOGS, question("bild", "file")]
)


def address(version: FormVersion) -> str:
    return f"/backoffice/formulare/{version.form_id}/probelauf/"


def checked(answer: Any) -> html.HtmlElement:
    assert answer.status_code == 200
    page = Page(answer)
    assert page.faults() == []
    return page.tree


def words(tree: html.HtmlElement) -> str:
    return " ".join(" ".join(tree.itertext()).split())


def press(author: Client, tree: html.HtmlElement, /, **typed: str) -> html.HtmlElement:
    """What a browser sends of the page, with what was typed and the button that was pressed."""
    (form,) = tree.xpath("//main//form[contains(@action, 'probelauf')]")
    sent: dict[str, Any] = defaultdict(list)
    for name, value in form.form_values():
        sent[name].append(value)
    return checked(author.post(form.get("action"), sent | typed))


def test_author_walks_through_and_sees_what_would_become_of_it(author: Client) -> None:
    offer_form(RAW, [("finanzen", {"equal": [{"answer": "ja"}, True]}), ("finanzen", None)])
    version = add(RAW | {"title": text("Anders")}, published=False)
    page = checked(author.get(address(version)))
    assert "Probelauf mit Version 2" in words(page)
    page = press(author, page, name="Lena", ja="true")
    assert page.xpath("//input[@name='grund']")
    page = press(author, page, grund="Weil")
    assert "Schritt 2 von 2" in words(page)
    page = press(author, page, add="hunde", **{"hunde-i1-rufname": "Bruno"})
    (second,) = [name for name in page.xpath("//input/@name") if name.endswith("rufname") and "i1" not in name]
    page = press(author, page, **{second: "Frieda"})
    told = words(page)
    assert "Dieser Antrag könnte abgesendet werden." in told
    assert "„Ja“ ist Ja" in told
    assert "Weil" in told
    submitted = json.loads(page.xpath("string(//pre)"))
    assert [dog["rufname"] for dog in submitted.pop("hunde")] == ["Bruno", "Frieda"]
    assert submitted == {"name": "Lena", "ja": True, "grund": "Weil"}
    with scope.system("a test looks"):
        assert not Draft.objects.exists()
        assert not Application.objects.exists()
        assert not StoredFile.objects.exists()
        assert "Lena" not in str(list(AuditEvent.objects.values_list("refs", flat=True)))


def test_faults_are_told_as_to_a_person_and_nothing_typed_is_lost(author: Client) -> None:
    version = offer_form(RAW).form.versions
    with scope.system("a test looks"):
        first = version.get()
    page = press(author, checked(author.get(address(first))), name="Lena")
    assert "Bitte prüfen Sie eine Angabe" in words(page)
    assert "Gespeichert ist davon nichts." in words(page)
    assert "sind gespeichert" not in words(page)
    assert page.xpath("string(//input[@name='name']/@value)") == "Lena"


def test_author_goes_back_and_takes_an_instance_out_again(author: Client) -> None:
    version = add(RAW, published=False)
    page = press(author, checked(author.get(address(version))), name="Lena", ja="false")
    page = press(author, page, add="hunde")
    assert len(page.xpath("//input[contains(@name, 'rufname')]")) == 2
    page = press(author, page, remove="hunde-i1")
    assert len(page.xpath("//input[contains(@name, 'rufname')]")) == 1
    page = press(author, page, back="1")
    assert page.xpath("string(//input[@name='name']/@value)") == "Lena"
    assert "Noch bietet keine Leistung" not in words(page)


@pytest.mark.parametrize(
    "token",
    ["", "x", "{}", signing.dumps(["no answers"], salt=SALT), signing.dumps({"name": "x"})],
    ids=["nothing", "a word", "unsigned", "a list", "signed for something else"],
)
def test_answers_that_are_not_ours_begin_anew(author: Client, token: str) -> None:
    version = add(RAW, published=False)
    page = checked(author.post(address(version), {"Antworten": token, "Schritt": "s2", "shown": ""}))
    assert "Schritt 2 von 2" in words(page)
    page = checked(author.post(address(version), {"Antworten": token, "Schritt": "weg"}))
    assert page.xpath("string(//input[@name='name']/@value)") == ""


def test_form_without_an_offering_says_so(author: Client) -> None:
    version = add(definition([question("name")]), published=False)
    page = press(author, checked(author.get(address(version))), name="Lena")
    assert "Noch bietet keine Leistung dieses Formular an." in words(page)
