"""Submitting: once, whatever is pressed how often; and only what the person saw and confirmed."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from lxml import html
from PIL import Image

from applications.models import Application, Attachment, Draft, Transition
from applications.states import State
from foundation import scope
from foundation.outbox.models import OutboxRow
from tests import filler
from tests.factories import make_user

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def draft(client):
    draft = filler.begin(client)
    filler.fill_idea(client, draft)
    return draft


def applications() -> list[Application]:
    with scope.system("look"):
        return list(Application.objects.select_related("authority"))


def test_a_complete_draft_becomes_an_application(client, draft):
    with scope.system("look"):
        before = Draft.objects.get()

    answer = filler.submit(client, draft)

    [application] = applications()
    assert answer["Location"] == f"/vorgang/{application.reference}/abgesendet/"
    assert application.pk == before.pk
    assert application.reference == before.reference
    assert application.state == State.SUBMITTED
    assert application.read_answers()["person"] == {
        "vorname": "Lena",
        "familienname": "Kogge",
        "email": "lena@example.org",
    }
    assert sorted(OutboxRow.objects.values_list("kind", flat=True)) == ["notify.received", "receipt", "route"]
    with scope.system("look"):
        assert not Draft.objects.exists()
        assert list(Transition.objects.values_list("from_state", "to_state")) == [("INITIATED", "SUBMITTED")]
    page = client.get(answer["Location"]).content.decode()
    assert application.reference in page
    assert "Ihre Mitteilung ist angekommen" in page


def test_files_of_questions_that_are_hidden_in_the_end_stay_behind(client):
    client.force_login(make_user())
    draft = filler.begin(client, "hundesteuer-anmelden")
    address = {"street": "Lange Straße", "house_number": "12", "postal_code": "18055", "city": "Rostock"}
    keeper = {"vorname": "Lena", "familienname": "Kogge"} | {f"anschrift_{box}": text for box, text in address.items()}
    keeper |= {"geburtsdatum_day": "3", "geburtsdatum_month": "5", "geburtsdatum_year": "1984"}
    filler.fill(client, f"{draft}schritt/halter/", halter_art="person", email="lena@example.org")
    filler.fill(client, f"{draft}schritt/halter/", **{f"person-{key}": text for key, text in keeper.items()})
    dog = {"name": "Frieda", "rasse": "Labrador", "geschlecht": "huendin", "chipnummer": "276098102345678"}
    dog |= {"haltung": "haushalt", "herkunft": "eigen", "gefaehrlich": "true"}
    dog |= {"geburtsdatum_day": "3", "geburtsdatum_month": "5", "geburtsdatum_year": "2024"}
    dog |= {"beginn_day": "1", "beginn_month": "8", "beginn_year": "2024"}
    filler.fill(client, f"{draft}schritt/hunde/", **{f"hunde-i1-{key}": text for key, text in dog.items()})
    proof = SimpleUploadedFile("wesenstest.png", png(), "image/png")
    filler.fill(client, f"{draft}schritt/hunde/", **{"hunde-i1-nachweis_gefaehrlich": proof})
    with scope.system("look"):
        assert Attachment.objects.count() == 1
    filler.fill(client, f"{draft}schritt/hunde/", **{"hunde-i1-gefaehrlich": "false"})
    filler.fill(client, f"{draft}schritt/ermaessigung/", beantragt="false")
    filler.fill(client, f"{draft}schritt/zahlung/", aenderungen="true", datenschutz="true")

    answer = filler.submit(client, draft, delivery="letter")

    assert answer.status_code == 302, answer.content.decode()
    assert len(applications()) == 1
    with scope.system("look"):
        assert not Attachment.objects.exists()


def png() -> bytes:
    content = BytesIO()
    Image.new("RGB", (2, 2)).save(content, "PNG")
    return content.getvalue()


def test_sending_again_shows_the_same_reference(client, draft):
    values = filler.boxes(filler.page(client, f"{draft}pruefen/")) | {"confirmed": "on"}
    first = client.post(f"{draft}pruefen/", values)
    second = client.post(f"{draft}pruefen/", values)

    assert first["Location"] == second["Location"]
    assert client.get(f"{draft}pruefen/")["Location"] == first["Location"]
    assert len(applications()) == 1


def test_going_back_to_a_page_of_the_draft_leads_to_what_was_sent(client, draft):
    sent = filler.submit(client, draft)["Location"]
    stranger = Client()
    stranger.force_login(make_user("other@example.org"))

    for page in ("", "schritt/idee/", "spaeter/"):
        assert client.get(draft + page).headers.get("Location") == sent, page
        assert stranger.get(draft + page).status_code == 404, page
    assert client.post(f"{draft}schritt/idee/", {"thema": "verkehr"}).headers.get("Location") == sent


@pytest.mark.asvs("V2.3.4", "V2.3.3")
def test_ten_at_once_are_one_application(client, draft):
    values = filler.boxes(filler.page(client, f"{draft}pruefen/")) | {"confirmed": "on"}

    def send(_: int) -> str:
        tab = Client()
        tab.cookies = client.cookies
        try:
            return tab.post(f"{draft}pruefen/", values)["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        shown = set(pool.map(send, range(10)))

    [application] = applications()
    assert shown == {f"/vorgang/{application.reference}/abgesendet/"}


@pytest.mark.asvs("V2.3.1")
@pytest.mark.tr("A3.19.01")
def test_without_confirmation_nothing_is_sent(client, draft):
    answer = filler.submit(client, draft, confirmed="")
    root = html.fromstring(answer.content)

    assert answer.status_code == 422
    assert "noch nicht abgesendet" in root.xpath("//*[@id='fehler']")[0].text_content()
    assert root.findtext(".//title").startswith("Fehler: ")
    assert applications() == []


@pytest.mark.asvs("V2.3.1")
@pytest.mark.tr("A3.3.01")
def test_an_incomplete_draft_names_what_is_missing(client):
    draft = filler.begin(client)
    filler.fill(client, f"{draft}schritt/idee/", thema="gruen", text="")

    answer = filler.submit(client, draft)
    links = html.fromstring(answer.content).xpath("//a/@href")

    assert answer.status_code == 422
    assert f"{draft}schritt/idee/#text" in links
    assert applications() == []


def test_a_draft_that_changed_since_it_was_checked_is_shown_again(client, draft):
    checked = filler.boxes(filler.page(client, f"{draft}pruefen/")) | {"confirmed": "on"}
    filler.fill(client, f"{draft}schritt/idee/", **filler.IDEA | {"text": "Doch lieber Bänke."})

    answer = client.post(f"{draft}pruefen/", checked)

    assert answer.status_code == 409
    assert "Doch lieber Bänke." in answer.content.decode()
    assert applications() == []


def test_hidden_answers_stay_in_the_draft_and_are_not_sent(client, draft):
    filler.fill(client, f"{draft}schritt/kontakt/", antwort="false")
    filler.submit(client, draft)

    [application] = applications()
    assert "person" not in application.read_answers()
    assert application.contact_email is None


@pytest.mark.asvs("V8.2.3", "V15.3.3")
def test_fields_that_the_page_does_not_have_change_nothing(client, draft):
    filler.submit(client, draft, state="COMPLETED", authority="schwerin", reference="HRO-2026-0000-0000", party_id="1")

    [application] = applications()
    assert application.state == State.SUBMITTED
    assert application.authority.slug == "rostock"


def test_with_an_account_the_way_of_the_notice_is_chosen(client):
    client.force_login(make_user())
    draft = filler.begin(client)
    filler.fill_idea(client, draft)

    refused = filler.submit(client, draft)
    assert refused.status_code == 422
    assert "im Postfach oder als Brief" in refused.content.decode()

    filler.submit(client, draft, delivery="postbox")
    [application] = applications()
    assert application.retrieval_consent
    assert application.party_id is not None


def test_all_that_the_last_page_asks_for_is_named_at_once(client):
    client.force_login(make_user())
    draft = filler.begin(client)
    filler.fill_idea(client, draft)

    root = html.fromstring(filler.submit(client, draft, confirmed="").content)

    assert root.xpath("//*[@id='fehler']//li/a/@href") == ["#delivery-postbox", "#confirmed"]
    for box in ("delivery-postbox", "confirmed"):
        marked = root.xpath("//input[@id=$id]/ancestor::*[contains(@class, 'kern-fieldset--error')]", id=box)
        assert "kern-error" in html.tostring(marked[0]).decode(), box
    for box, at in (("delivery-error", "//fieldset[@id='delivery']"), ("confirmed-error", "//*[@id='confirmed']")):
        (asked,) = root.xpath(at)
        assert asked.get("aria-invalid") == "true"
        assert box in asked.get("aria-describedby").split()
        (fault,) = root.xpath(f"//*[@id='{box}']")
        assert fault.text_content().strip() in root.xpath("//*[@id='fehler']")[0].text_content()
    assert applications() == []


@pytest.mark.tr("A3.16.01")
def test_nothing_personal_lies_open_in_the_database(client, draft):
    filler.submit(client, draft)

    with scope.system("look"), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text ILIKE ANY (%s)", [["%kogge%", "%lena@%"]])
            assert cursor.fetchone() == (0,), table


@pytest.mark.parametrize("wants_answer", [True, False])
def test_an_answer_is_promised_to_those_only_who_said_who_they_are(client, wants_answer):
    draft = filler.begin(client)
    filler.fill(client, f"{draft}schritt/idee/", **filler.IDEA)
    if wants_answer:
        filler.fill(client, f"{draft}schritt/kontakt/", antwort="true", datenschutz="true")
        filler.fill(client, f"{draft}schritt/kontakt/", **filler.CONTACT)
    else:
        filler.fill(client, f"{draft}schritt/kontakt/", antwort="false", datenschutz="true")
    arrived = client.get(filler.submit(client, draft)["Location"])
    reference = applications()[0].reference
    pages = [arrived, client.get(f"/vorgang/{reference}/")]
    for page in pages:
        (main,) = html.fromstring(page.content).xpath("//main")
        words = main.text_content()
        assert ("bekommen Sie keine Antwort" in words) is not wants_answer, words
        assert ("Wir antworten" in words) is wants_answer, words
    assert ("voraussichtlich bis" in pages[1].content.decode()) is wants_answer


def test_whom_to_call_is_the_office_from_the_task_list_on_and_not_the_switchboard(client, draft):
    for address in (draft, f"{draft}schritt/idee/", f"{draft}pruefen/"):
        footer = html.fromstring(client.get(address).content).xpath("//footer")[0]
        assert "Büro der Oberbürgermeisterin" in footer.text_content(), address
    panel = html.fromstring(client.get(draft).content).xpath("//main//aside")[0]
    assert "Büro der Oberbürgermeisterin" in panel.text_content()
    with scope.system("look"):
        office = Draft.objects.filter(pk=draft.split("/")[-2]).values_list("offering__owner__phone", flat=True).get()
    assert panel.xpath("string(.//a[starts-with(@href, 'tel:')])") == office
    filler.submit(client, draft)
    case = html.fromstring(client.get(f"/vorgang/{applications()[0].reference}/").content).xpath("//main//aside")[0]
    assert office in case.text_content(), "until the case is routed"
