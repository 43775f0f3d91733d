"""Delivering: routed once, one receipt, and the receipt says the same everywhere."""

import io
import json
import re
from datetime import UTC, date, datetime

import pikepdf
import pytest
from lxml import html

from applications.delivering import use_cases
from applications.delivering.receipt import next_steps
from applications.models import Application, Receipt, Routing
from applications.states import State
from foundation import files, scope
from tests import filler
from tests.drain import drain
from tests.pdf import text_of

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def application(client) -> Application:
    draft = filler.begin(client)
    filler.fill_idea(client, draft)
    filler.submit(client, draft)
    with scope.system("look"):
        return Application.objects.for_pages().get()


@pytest.mark.tr("R4:A3.6.01")
def test_an_application_reaches_its_department_once(application):
    drain()
    with scope.authority(application.authority_id):
        use_cases.route_application(application.pk)
        routed = Application.objects.for_pages().get()
        assert routed.state == State.RECEIVED
        assert routed.department.slug == "buero-ob"
        assert Routing.objects.count() == 1
        assert [step.to_state for step in routed.transitions.all()] == ["SUBMITTED", "RECEIVED"]


def test_the_first_look_is_promised_for_a_working_day(application):
    application.submitted_at = datetime(2026, 12, 19, 12, tzinfo=UTC)
    application.due_on = date(2027, 1, 18)
    assert "bis zum 28. Dezember 2026" in next_steps(application)[0]  # a week later is a Saturday and Boxing Day


def test_only_those_whom_we_can_write_to_are_told_that_we_do(application):
    application.acting_user_id, application.contact_email = None, b"sealed"
    assert "Dann schreiben wir Ihnen." in next_steps(application)[0]

    application.contact_email = None
    assert "Unsere Fragen sehen Sie dann im Serviceportal." in next_steps(application)[0]
    assert "schreiben" not in " ".join(next_steps(application))


def test_what_is_german_on_an_english_receipt_says_so(client, application):
    page = client.get(f"/vorgang/{application.reference}/bestaetigung/", HTTP_ACCEPT_LANGUAGE="en").content
    (shown,) = html.fromstring(page).xpath("//*[@id='bestaetigung']")
    (office,) = shown.xpath(".//dd[contains(., 'Büro der Oberbürgermeisterin')]")
    assert office.get("lang") == "de"
    assert {part.get("lang") for part in shown.xpath(".//h3 | .//*[@role='region'][.//tbody//th[@scope='row']]")} == {
        "de"
    }
    assert {part.get("lang") for part in shown.xpath(".//thead[.//th[text()='Question']]")} == {"en"}


def test_there_is_one_receipt_however_often_it_is_made(application):
    drain()
    with scope.authority(application.authority_id):
        first = Receipt.objects.get()
        use_cases.make_receipt(application.pk)
        assert Receipt.objects.get().file_id == first.file_id


@pytest.mark.tr("A3.19.03")
def test_page_pdf_and_data_say_the_same(client, application):
    drain()
    with scope.authority(application.authority_id):
        receipt = Receipt.objects.select_related("file").get()
        pdf_bytes = files.read(receipt.file)
        stored = Application.objects.get()
        answers = stored.read_answers()
    page = html.fromstring(client.get(f"/vorgang/{application.reference}/bestaetigung/").content)
    words = _words(" ".join(page.xpath("//*[@id='bestaetigung']")[0].itertext()))

    with pikepdf.open(io.BytesIO(pdf_bytes)) as pdf:
        data = json.loads(pdf.attachments["angaben.json"].get_file().read_bytes())
        assert pdf.Root.MarkInfo.Marked
        assert pdf.open_metadata().pdfa_status == "3A"
    text = _words(text_of(pdf_bytes))

    assert data["answers"] == answers
    assert data["reference"] == application.reference
    assert data["answers_sha256"] == stored.answers_sha256
    assert "Bäume" in words
    # Word for word in the same order; between them the PDF has only the feet of its pages.
    rest = iter(text)
    assert [word for word in words if word not in rest] == []


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)
