"""Schemas of the federation filled in through the pages by somebody who knows only what the pages say."""

from __future__ import annotations

import io
import json
from collections import Counter
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from jsonschema import Draft202012Validator
from lxml import html
from PIL import Image

from accounts.organisations import use_cases as organisations
from accounts.organisations.details import Details
from applications.delivering.handover import payload_of
from applications.models import Application
from authorities.models import Authority, Department
from backoffice.copies import as_json
from backoffice.queries.case import case_page
from catalogue.importing import Target, import_forms
from foundation import scope
from foundation.outbox import working
from foundation.outbox.models import OutboxRow
from tests import filler
from tests.catalogue.test_import_form import REMOVE
from tests.factories import make_clerk, make_user
from tests.following.test_acting import acting_for
from tests.xdatenfelder.test_corpus import CORPUS, LISTS, collected

NAMES = {  # schema: the place of its file
    "S13000000001": "own/own_minimal_xdf3.xml",
    "S13000001": "own/own_minimal_xdf2.xml",
    "S00000000395": "xdf3/S00000000395.xdf3.xml",
    "S00000000373": "xdf3/S00000000373.xdf3.xml",
    "S05000058": "xdf2/bewohnerparken/S05000058V1.0_xdf2.xml",
}
SERVICE = "schema-probe"
# What people write where nothing says what is wanted, then where the page said that it was wrong.
TYPED = ("Ada", "18055", "1", "2000", "Hansestadt", "ada@example.org", "276000000000001", "0381 1234", "12.3.2020")
TYPED_BY_MODE = {"email": "ada@example.org", "tel": "0381 1234", "numeric": "12", "decimal": "2,50"}
BOXES = {"_day": "3", "_month": "5", "_year": "2024", "_time": "14:30"}

pytestmark = [
    collected,
    pytest.mark.usefixtures("city"),
]


@pytest.fixture(autouse=True)
def _forget_the_forms(city):
    yield
    keys = ", ".join(f"'{key.lower()}'" for key in (*NAMES, "S02000000112"))
    with connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE applications_application, applications_draft CASCADE")
        cursor.execute("ALTER TABLE forms_engine_formversion DISABLE TRIGGER published_version_stays")
        cursor.execute(REMOVE.replace("= 'fundsache'", f"IN ({keys}, '{SERVICE}')"))
        cursor.execute("ALTER TABLE forms_engine_formversion ENABLE TRIGGER published_version_stays")


def offered(place: str) -> dict[str, Any]:
    """The schema as a service of Rostock; its report."""
    rostock = Authority.objects.get(slug="rostock")
    office = Department.objects.get(authority=rostock, slug="stadtamt")
    import_forms(LISTS, Target(rostock, None, None, publish=False))
    [report] = import_forms([CORPUS / place], Target(rostock, SERVICE, office, publish=True))
    assert report.ok, report.error
    return vars(report)


class Reader:
    """Fills in each page as it stands there; what the page calls wrong gets another word."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.tries: Counter[str] = Counter()

    def send(self, url: str) -> str:
        """Fills in one step until the page is content; where it leads."""
        root = filler.page(self.client, url)
        for _ in range(2 * len(TYPED)):
            answer = self.client.post(url, self.values(root))
            if answer.status_code == 302:
                return str(answer["Location"])
            root = html.fromstring(answer.content)
            self.tries.update(root.xpath("//*[@aria-invalid='true']/@name"))
        raise AssertionError(root.xpath("//*[@id='fehler']")[0].text_content())

    def values(self, root: html.HtmlElement) -> dict[str, Any]:
        values = filler.boxes(root)
        [form] = root.xpath("//main//form[.//input[@name='version']]")
        for control in form.xpath(".//input[@name]|.//select|.//textarea"):
            name, kind = control.get("name"), control.get("type", "text")
            if kind == "file":
                if not control.xpath("../ul"):
                    values[name] = picture()
            elif kind in ("radio", "checkbox"):
                if self.tries[name] or control.get("required") or kind == "radio":
                    values.setdefault(name, control.get("value"))
            elif control.tag == "select":
                options = control.xpath(".//option[@value != '']/@value")
                values[name] = options[self.tries[name] % len(options)]
            elif kind != "hidden":
                values[name] = self.words(control, name)
        return values

    def words(self, control: html.HtmlElement, name: str) -> str:
        box = next((told for end, told in BOXES.items() if name.endswith(end)), None)
        if box:
            return box
        wanted = TYPED_BY_MODE.get(control.get("inputmode") or control.get("type", ""))
        words = [*([wanted] if wanted else []), *TYPED]
        return words[self.tries[name] % len(words)]


def picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (20, 20), "green").save(file, "JPEG")
    file.seek(0)
    file.name = "bild.jpg"
    return file


@pytest.mark.parametrize("fim_id", NAMES)
def test_a_schema_is_filed_by_somebody_who_knows_only_the_pages(client: Client, fim_id: str) -> None:
    report = offered(NAMES[fim_id])
    draft, reader = filler.begin(client, SERVICE), Reader(client)
    at = filler.page(client, draft).xpath("//main//a[contains(@href, '/schritt/')]/@href")[0]
    while not at.endswith("/pruefen/"):
        at = reader.send(at)
    answer = filler.submit(client, draft)
    assert answer.status_code == 302, html.fromstring(answer.content).xpath("//main")[0].text_content()

    for row in OutboxRow.objects.filter(kind="route"):
        working.work(row.pk)
    clerk = make_clerk(department="stadtamt")[1]
    with scope.system("look"):
        application = Application.objects.for_pages().get()
        submitted, sent = application.read_answers(), json.loads(payload_of(application))
        copied = json.loads(as_json(case_page(application, clerk)))
    schema = client.get(report["schema_url"].removeprefix(settings.BASE_URL)).json()
    assert list(Draft202012Validator(schema).iter_errors(submitted)) == []
    assert sent["fim"] == copied["fim"]
    assert sent["fim"]["schema"] == fim_id
    assert leaves(sent["fim"]["answers"]) == leaves(submitted)
    assert [key for key in keys(sent["fim"]["answers"]) if key[0] not in "GF"] == []


def leaves(value: Any) -> int:
    """How many answers there are."""
    if isinstance(value, dict):
        return sum(leaves(below) for key, below in value.items() if key != "_id")
    return sum(map(leaves, value)) if isinstance(value, list) else 1


def keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(keys, value.values()))
    return set().union(*map(keys, value)) if isinstance(value, list) else set()


def test_a_schema_is_filled_in_for_an_organisation_and_says_where_from(client: Client) -> None:
    offered("xdf3/S02000000112.xdf3.xml")
    lena = make_user()
    site = {"street": "Lange Straße", "house_number": "12", "postal_code": "18055", "city": "Rostock"}
    club = Details("Grüner Daumen e. V.", "ev", "Rostock", "VR 12345", [site])
    client = acting_for(lena, organisations.found(club, by=lena))
    draft = filler.begin(client, SERVICE)
    at = filler.page(client, draft).xpath("//main//a[contains(@href, '/schritt/')]/@href")[0]
    root = filler.page(client, at)
    told = {name.rpartition("-")[2]: value for name, value in filler.boxes(root).items()}
    known = {
        "f60000000319": "Grüner Daumen e. V.",
        "f60000000243": "Lange Straße",
        "f60000000244": "12",
        "f60000000246": "18055",
        "f60000000247": "Rostock",
        "f60000000380": "Rostock",
        "f60000000328": "VR 12345",
        "f60000000242": lena.email,
    }
    assert {name: told[name] for name in known} == known
    [chosen] = root.xpath("//input[contains(@name, 'f02000002236')][@checked]/@value")
    assert chosen == "001", "the entry of this schema that says Verein"
    source = "Aus den Daten von Grüner Daumen e. V."
    assert root.text_content().count(source) == len(known), "the legal form too, the e-mail address not"
