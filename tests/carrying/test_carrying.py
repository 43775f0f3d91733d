"""A draft stays on its version until its person carries it over, and nothing is dropped unsaid."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html
from PIL import Image

from applications.models import Attachment, Draft
from forms_engine.models import FormVersion
from foundation import scope
from foundation.audit.models import AuditEvent
from tests import filler
from tests.carrying.forms import add, begin, definition, offer_form, question, text
from tests.factories import make_clerk, make_user
from tests.frame.pages import Page

pytestmark = pytest.mark.usefixtures("form_of_its_own")

FIRST = definition([question("name"), question("rasse")], [question("ort")])
#: Another type, another step, other words, and a question more.
SECOND = definition(
    [question("name", "number"), question("ort")],
    [question("rasse") | {"label": text("Welche Rasse?")}, question("chip")],
)
ANSWERS = {"name": "Lena Kogge", "rasse": "Labrador", "ort": "Hafen"}
HINT = "Das Formular gibt es in einer neuen Fassung"
ASKED = "Das Amt bittet Sie, auf die neue Fassung zu wechseln."


@pytest.fixture
def citizen() -> Client:
    return Client(headers={"accept-language": "de"})


def words(answer: Any) -> str:
    return " ".join(" ".join(html.fromstring(answer.content).itertext()).split())


def now(draft: Draft) -> Draft:
    with scope.system("a test looks"):
        return Draft.objects.select_related("authority", "form_version", "offered_version").get(pk=draft.pk)


def task_list(draft: Draft) -> str:
    return f"/antrag/{draft.pk}/"


def carry(citizen: Client, draft: Draft, **said: str) -> Any:
    """Presses the button of the page as a browser does, with what was ticked."""
    address = f"{task_list(draft)}fassung/"
    return citizen.post(address, filler.boxes(filler.page(citizen, address)) | {"action": "carry"} | said)


def test_draft_stays_on_its_version_and_its_person_is_told_of_a_newer_one(citizen: Client) -> None:
    offer_form(FIRST)
    draft = begin(citizen, ANSWERS)
    assert HINT not in words(citizen.get(task_list(draft)))
    add(SECOND, published=False)
    assert HINT not in words(citizen.get(task_list(draft)))
    add(SECOND)
    answer = citizen.get(task_list(draft))
    assert Page(answer).faults() == []
    assert HINT in words(answer)
    assert ASKED not in words(answer)
    assert now(draft).form_version.no == 1
    assert filler.page(citizen, f"{task_list(draft)}schritt/s2/").xpath("//input[@name='ort']/@value") == ["Hafen"]


def test_page_shows_what_has_no_place_what_moved_and_what_to_look_at(citizen: Client) -> None:
    offer_form(FIRST)
    draft = begin(citizen, ANSWERS)
    add(SECOND)
    answer = citizen.get(f"{task_list(draft)}fassung/")
    assert Page(answer).faults() == []
    told = words(answer)
    assert "Hat keinen Platz mehr" in told
    assert "Name Lena Kogge" in told
    assert "Ort: bisher in „Seite 2“, jetzt in „Seite 1“" in told
    assert "Die Frage „Rasse“ heißt jetzt „Welche Rasse?“." in told
    assert "Chip: Füllen Sie dieses Feld aus." in told
    assert now(draft).form_version.no == 1


def test_nothing_is_dropped_before_the_person_has_confirmed_it(citizen: Client) -> None:
    offer_form(FIRST)
    draft = begin(citizen, ANSWERS)
    add(SECOND)
    answer = carry(citizen, draft)
    assert answer.status_code == 422
    assert Page(answer).faults() == []
    assert "Bestätigen Sie, dass Sie gelesen haben, was wegfällt." in words(answer)
    assert (now(draft).form_version.no, now(draft).read_answers()) == (1, ANSWERS)
    answer = carry(citizen, draft, confirmed="on")
    assert answer["Location"] == task_list(draft)
    carried = now(draft)
    assert carried.form_version.no == 2
    assert carried.read_answers() == {"rasse": "Labrador", "ort": "Hafen"}
    assert carried.reference == draft.reference
    told = words(citizen.get(task_list(draft)))
    assert "Ihr Antrag ist jetzt auf der neuen Fassung." in told
    assert HINT not in told
    with scope.system("a test looks"):
        event = AuditEvent.objects.get(action="draft.carried_over")
    assert event.object_id == draft.pk
    assert "Lena" not in str(event.refs)


def test_where_all_fits_one_button_is_enough_and_the_draft_can_be_sent(citizen: Client) -> None:
    offer_form(definition([question("name")]))
    draft = begin(citizen, {"name": "Lena"})
    add(definition([question("name"), question("ort", required=False)]))
    assert "Alle Ihre Angaben passen in die neue Fassung." in words(citizen.get(f"{task_list(draft)}fassung/"))
    assert carry(citizen, draft).status_code == 302
    assert now(draft).read_answers() == {"name": "Lena"}
    assert filler.submit(citizen, task_list(draft)).status_code == 302


def test_file_of_a_question_that_is_gone_stays_until_it_is_confirmed_and_goes_then(citizen: Client) -> None:
    limits = {"accept": ["png"], "max_size_mb": 1, "max_files": 1}
    offer_form(definition([question("name"), question("plan", "file", **limits)]))
    draft = begin(citizen)
    picture = BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    plan = SimpleUploadedFile("plan.png", picture.getvalue(), "image/png")
    filler.fill(citizen, f"{task_list(draft)}schritt/s1/", name="Lena", plan=plan)
    add(definition([question("name")]))
    assert "Plan plan.png" in words(citizen.get(f"{task_list(draft)}fassung/"))
    assert carry(citizen, draft).status_code == 422
    with scope.system("a test looks"):
        assert Attachment.objects.filter(application_id=draft.pk).count() == 1
    assert carry(citizen, draft, confirmed="on").status_code == 302
    with scope.system("a test looks"):
        assert Attachment.objects.filter(application_id=draft.pk).count() == 0


@pytest.mark.parametrize("stale", [{"version": "7"}, {"to": "1"}, {"to": ""}, {"version": "²"}])
def test_page_that_is_out_of_date_changes_nothing(citizen: Client, stale: dict[str, str]) -> None:
    offer_form(definition([question("name")]))
    draft = begin(citizen, {"name": "Lena"})
    add(definition([question("name"), question("ort")]))
    answer = carry(citizen, draft, **stale)
    assert answer.status_code == 409
    assert "Der Antrag oder das Formular ist inzwischen anders." in words(answer)
    assert now(draft).form_version.no == 1


def test_page_of_a_draft_on_the_newest_version_leads_back(citizen: Client) -> None:
    offer_form(FIRST)
    draft = begin(citizen, ANSWERS)
    assert citizen.get(f"{task_list(draft)}fassung/")["Location"] == task_list(draft)


def test_drafts_of_others_cannot_be_carried(citizen: Client) -> None:
    offer_form(FIRST)
    draft = begin(Client(), ANSWERS)
    add(SECOND)
    citizen.force_login(make_user())
    for answer in (
        citizen.get(f"{task_list(draft)}fassung/"),
        citizen.post(f"{task_list(draft)}fassung/", {"action": "carry", "to": "2", "version": "0", "confirmed": "on"}),
        citizen.post(f"{task_list(draft)}fassung/", {"action": "stay"}),
    ):
        assert answer.status_code == 404
    assert now(draft).form_version.no == 1


# --- the office offers it --------------------------------------------------------------------------------------------


@pytest.fixture
def author(city: None) -> Client:
    user, _clerk = make_clerk("offers@example.org", role="form_author", authority="schwerin", department=None)
    client = Client(headers={"accept-language": "de"})
    client.force_login(user)
    return client


def offer(author: Client, version: FormVersion) -> Any:
    return author.post(f"/backoffice/formulare/{version.form_id}/versionen/anbieten/", follow=True)


def test_office_offers_it_to_all_drafts_and_each_person_decides(citizen: Client, author: Client) -> None:
    offer_form(FIRST)
    drafts = [begin(citizen, ANSWERS), begin(Client(), ANSWERS)]
    newest = add(SECOND)
    begin(Client(), {})
    page = author.get(f"/backoffice/formulare/{newest.form_id}/versionen/")
    assert Page(page).faults() == []
    assert "2 Entwürfe sind auf einer älteren Version." in words(page)
    assert "Die neue Version ist 2 Entwürfen angeboten." in words(offer(author, newest))
    assert [now(each).offered_version for each in drafts] == [newest, newest]
    assert [now(each).form_version.no for each in drafts] == [1, 1]
    assert ASKED in words(citizen.get(task_list(drafts[0])))
    answer = citizen.post(f"{task_list(drafts[0])}fassung/", {"action": "stay"})
    assert answer["Location"] == task_list(drafts[0])
    told = words(citizen.get(task_list(drafts[0])))
    assert ASKED not in told
    assert HINT in told
    assert (now(drafts[0]).form_version.no, now(drafts[0]).read_answers()) == (1, ANSWERS)
    with scope.system("a test looks"):
        event = AuditEvent.objects.get(action="form.carrying_offered")
    assert event.refs == {"drafts": 2}


def test_form_that_is_not_published_is_offered_to_nobody(author: Client) -> None:
    offer_form(FIRST)
    version = add(SECOND, published=False)
    assert "Die neue Version ist 0 Entwürfen angeboten." in words(offer(author, version))


def test_author_cannot_offer_forms_of_another_authority(author: Client) -> None:
    with scope.system("a test looks"):
        theirs = FormVersion.objects.filter(authority__slug="rostock")[0]
    assert offer(author, theirs).status_code == 404
