"""From the folder into a form, and from a case into the folder."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from accounts.folder import use_cases
from accounts.folder.details import Details
from accounts.models import Document, User
from accounts.organisations import use_cases as organisations
from accounts.people import Applicant
from applications.models import Attachment, Draft
from foundation import files, scope
from tests import filler
from tests.accounts.test_folder import documents, stored
from tests.accounts.test_folder import kept as kept_as
from tests.factories import applicant, make_user
from tests.following.test_acting import BAKERY, acting_for

STEP = "schritt/idee/"


def kept(person: Applicant, content: bytes = b"a photo", **details: Any) -> Document:
    """A picture in the folder: *Wünsche und Ideen* takes no other files."""
    return kept_as(person, content, media_type="image/jpeg", name="ausweis.jpg", **details)


def ticks(root: html.HtmlElement) -> list[str]:
    return root.xpath("//input[@name='kept:foto']/@value")


def attachments() -> list[Attachment]:
    with scope.system("look"):
        return list(Attachment.objects.select_related("file"))


def test_a_document_is_attached_as_a_copy(client: Client, person: Applicant) -> None:
    document = kept(person, b"%PDF-1.7 plan", title="Lageplan Hof")
    step = f"{filler.begin(client)}{STEP}"
    root = filler.page(client, step)
    assert ticks(root) == [str(document.pk)]
    assert "Ist das Dokument noch richtig?" in root.text_content()

    answer = client.post(step, filler.boxes(root) | {"kept:foto": str(document.pk), "ort": "Hof", "refresh": "1"})
    assert "ausweis.jpg" in html.fromstring(answer.content).xpath("//ul[@class='portal-files']")[0].text_content()
    assert filler.boxes(html.fromstring(answer.content))["ort"] == "Hof"
    [attachment] = attachments()
    with scope.system("look"):
        assert attachment.application_id == Draft.objects.get().pk
    assert attachment.file_id != document.file_id
    assert attachment.file.authority_id is not None
    assert files.open_bytes(attachment.file) == b"%PDF-1.7 plan"

    client.post(f"/unterlagen/{document.pk}/loeschen/")
    assert len(attachments()) == 1


def test_a_tick_counts_without_its_own_button(client: Client, person: Applicant) -> None:
    document = kept(person)
    draft = filler.begin(client)
    answer = filler.fill(client, f"{draft}{STEP}", **filler.IDEA, **{"kept:foto": str(document.pk)})
    assert answer.status_code == 302
    assert len(attachments()) == 1


def test_an_outdated_document_is_offered_with_a_warning_and_told_when_attached(
    client: Client, person: Applicant
) -> None:
    document = kept(person, title="Reisepass", valid_until=date.today() - timedelta(days=1))
    step = f"{filler.begin(client)}{STEP}"
    root = filler.page(client, step)
    [about] = root.xpath(f"//*[@id='foto-about-{document.pk}']")
    assert "Achtung:" in about.text_content()
    assert "abgelaufen am" in about.text_content()
    [tick] = root.xpath("//input[@name='kept:foto']")
    assert tick.get("aria-describedby") == about.get("id")

    answer = client.post(step, filler.boxes(root) | {"kept:foto": str(document.pk), "refresh": "1"})
    assert "„Reisepass“ ist abgelaufen." in answer.content.decode()


def test_what_the_field_does_not_take_is_refused_and_nothing_typed_lost(client: Client, person: Applicant) -> None:
    with scope.for_person(person):
        odd = files.Taken("plan.tif", b"II*", "image/tiff", "clean")
        document = use_cases.keep(odd, Details("other", "Plan", "plan.tif"), by=person)
    answer = filler.fill(client, f"{filler.begin(client)}{STEP}", **filler.IDEA, **{"kept:foto": str(document.pk)})
    root = html.fromstring(answer.content)
    assert "„plan.tif“ können wir nicht annehmen" in root.xpath("//*[@id='foto-error']")[0].text_content()
    assert filler.boxes(root)["text"] == filler.IDEA["text"]
    assert attachments() == []


@pytest.mark.asvs("V8.2.2")
@pytest.mark.parametrize("field", ["kept:foto", "kept:text", "kept:gibtsnicht"])
def test_documents_of_others_and_fields_that_take_none_are_unknown(
    client: Client, person: Applicant, field: str
) -> None:
    theirs = kept(applicant(make_user("other@example.org")), b"1")
    own = kept(person, b"2")
    chosen = theirs if field == "kept:foto" else own
    step = f"{filler.begin(client)}{STEP}"
    assert ticks(filler.page(client, step)) == [str(own.pk)]
    answer = client.post(step, filler.boxes(filler.page(client, step)) | {field: str(chosen.pk)})
    assert answer.status_code == 404
    assert attachments() == []


def test_only_what_fits_the_field_is_offered(client: Client, person: Applicant) -> None:
    kept_as(person, b"%PDF-1.7")
    picture = kept(person)
    assert ticks(filler.page(client, f"{filler.begin(client)}{STEP}")) == [str(picture.pk)]


def test_a_forged_tick_is_unknown(client: Client, person: Applicant) -> None:
    step = f"{filler.begin(client)}{STEP}"
    assert client.post(step, filler.boxes(filler.page(client, step)) | {"kept:foto": "x"}).status_code == 404


def test_what_still_waits_or_is_infected_is_not_offered(client: Client, person: Applicant) -> None:
    with scope.for_person(person):
        waiting = use_cases.keep(
            stored(verdict="pending", media_type="image/jpeg"), Details("other", "Neu", "neu.pdf"), by=person
        )
    step = f"{filler.begin(client)}{STEP}"
    root = filler.page(client, step)
    assert ticks(root) == []
    answer = client.post(step, filler.boxes(root) | {"kept:foto": str(waiting.pk)})
    assert "wird noch auf Schadsoftware geprüft" in answer.content.decode()
    assert attachments() == []


def test_guests_have_no_folder(city: None) -> None:
    client = Client()
    step = f"{filler.begin(client)}{STEP}"
    root = filler.page(client, step)
    assert ticks(root) == []
    forged = {"kept:foto": "01a223c6-3b46-767f-8ec1-55bcdefca980", "later": "1"}
    assert client.post(step, filler.boxes(root) | forged).status_code == 302
    assert attachments() == []


def test_an_organisation_attaches_its_own(lena: User, person: Applicant) -> None:
    kept(person, b"1")
    bakery = organisations.found(BAKERY, by=lena)
    own = kept(Applicant(user_id=lena.pk, party_id=bakery.pk, person_party_id=person.party_id), b"2")
    client = acting_for(lena, bakery)
    assert ticks(filler.page(client, f"{filler.begin(client)}{STEP}")) == [str(own.pk)]


def test_three_documents_cost_one_query_and_a_step_without_files_none(client: Client, person: Applicant) -> None:
    def asked(step: str, method: str = "get", data: Any = None) -> int:
        with CaptureQueriesContext(connection) as made:
            getattr(client, method)(step, data)
        return sum("accounts_document" in each["sql"] for each in made)

    draft = filler.begin(client)
    kept(person, b"1")
    assert asked(f"{draft}{STEP}") == 1
    kept(person, b"2")
    kept(person, b"3")
    assert asked(f"{draft}{STEP}") == 1
    filled = filler.boxes(filler.page(client, f"{draft}{STEP}")) | filler.IDEA
    assert asked(f"{draft}{STEP}", "post", filled) == 0
    assert asked(f"{draft}schritt/kontakt/") == 0


def sent_with_a_file(client: Client, person: Applicant) -> tuple[str, Attachment]:
    """The reference of a case, and its one file."""
    document = kept(person, b"%PDF-1.7 plan")
    draft = filler.begin(client)
    filler.fill(client, f"{draft}{STEP}", **filler.IDEA, **{"kept:foto": str(document.pk)})
    filler.fill(client, f"{draft}schritt/kontakt/", antwort="true", datenschutz="true")
    filler.fill(client, f"{draft}schritt/kontakt/", **filler.CONTACT)
    answer = filler.submit(client, draft, delivery="postbox")
    assert answer.status_code == 302
    client.post(f"/unterlagen/{document.pk}/loeschen/")
    [attachment] = attachments()
    return answer["Location"].split("/")[2], attachment


def test_a_file_of_a_case_is_kept_as_a_copy_and_asked_about(client: Client, person: Applicant) -> None:
    reference, attachment = sent_with_a_file(client, person)
    way = f"/vorgang/{reference}/datei/{attachment.pk}/behalten/"
    assert f'action="{way}"' in client.get(f"/vorgang/{reference}/").content.decode()

    answer = client.post(way, follow=True)
    assert "Was ist das für ein Dokument?" in answer.content.decode()
    [row] = documents(person)
    assert (row.details.title, row.details.kind, row.details.issued_on) == ("ausweis", Document.Kind.OTHER, None)
    assert files.open_bytes(row.document.file) == b"%PDF-1.7 plan"
    assert "Sagen Sie noch, wann es ausgestellt ist." in client.get("/unterlagen/").content.decode()
    client.post(way)
    assert len(documents(person)) == 1


@pytest.mark.asvs("V8.2.2")
def test_files_of_others_are_not_kept(client: Client, person: Applicant) -> None:
    reference, attachment = sent_with_a_file(client, person)
    other = Client()
    other.force_login(make_user("other@example.org"))
    assert other.post(f"/vorgang/{reference}/datei/{attachment.pk}/behalten/").status_code == 404
    strange = f"/vorgang/{reference}/datei/01a223c6-3b46-767f-8ec1-55bcdefca980/behalten/"
    assert client.post(strange).status_code == 404
    assert Client().post(strange)["Location"].startswith("/konto/anmelden/")
