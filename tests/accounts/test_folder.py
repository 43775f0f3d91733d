"""The folder: what is kept, by whom it is seen, and that it goes with its account."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import leaving
from accounts.folder import use_cases
from accounts.folder.details import Details
from accounts.folder.queries import documents_of
from accounts.models import Document, Party, User
from accounts.organisations import use_cases as organisations
from accounts.people import Applicant
from foundation import files, scope
from foundation.files.models import StoredFile
from tests.factories import applicant, make_user
from tests.following.conftest import client, lena, person
from tests.following.rows import pdf
from tests.following.test_acting import BAKERY, acting_for
from tests.frame.pages import Page

__all__ = ["client", "lena", "person"]

#: Session and user 2, party 1, the scope 4, the documents with their files 1; authority, documents
#: to open and switch of the page 3.
LIST_QUERIES = 11
SAID = {"kind": "identity", "title": "Personalausweis Lena", "issued_on": "3.5.2024", "valid_until": "3.5.2034"}


def stored(content: bytes = b"%PDF-1.7 a", verdict: str = "clean", media_type: str = "application/pdf") -> files.Taken:
    return files.Taken("ausweis.pdf", content, media_type, verdict)


def kept(
    person: Applicant, content: bytes = b"%PDF-1.7 a", *, media_type: str = "application/pdf", **details: Any
) -> Document:
    said = {"kind": "identity", "title": "Ausweis", "name": "ausweis.pdf"} | details
    with scope.for_person(person):
        return use_cases.keep(stored(content, media_type=media_type), Details(**said), by=person)


def documents(person: Applicant) -> list[Any]:
    with scope.for_person(person, read_only=True):
        return documents_of(person)


def page_of(client: Client, address: str, status: int = 200) -> Page:
    answer = client.get(address)
    assert answer.status_code == status
    page = Page(answer)
    assert page.faults() == []
    return page


def test_a_document_is_uploaded_listed_renamed_and_deleted(client: Client, person: Applicant) -> None:
    answer = client.post("/unterlagen/neu/", SAID | {"file": pdf()}, follow=True)
    assert "Personalausweis Lena" in answer.content.decode()
    assert "ausgestellt am 3. Mai 2024, gültig bis 3. Mai 2034" in answer.content.decode()
    [row] = documents(person)
    assert (row.details.name, row.details.issued_on) == ("ausweis.pdf", date(2024, 5, 3))
    here = f"/unterlagen/{row.document.pk}/"

    page_of(client, here)
    assert client.post(here, SAID | {"title": "Mein Ausweis", "valid_until": ""}).status_code == 302
    [row] = documents(person)
    assert (row.details.title, row.details.valid_until) == ("Mein Ausweis", None)

    page_of(client, f"{here}loeschen/")
    assert len(documents(person)) == 1
    path = files.path_of(row.document.file)
    assert path.exists()
    assert client.post(f"{here}loeschen/").status_code == 302
    assert documents(person) == []
    assert not path.exists()


def test_what_is_kept_lies_sealed_and_comes_back_as_it_was(client: Client, person: Applicant) -> None:
    document = kept(person, b"%PDF-1.7 geheim")
    with scope.system("look"):
        row = StoredFile.objects.get(pk=document.file_id)
    assert (row.authority_id, row.subject_id, row.keyset) == (None, person.party_id, "accounts")
    assert b"geheim" not in files.path_of(row).read_bytes()
    answer = client.get(f"/unterlagen/{document.pk}/datei/")
    assert answer.content == b"%PDF-1.7 geheim"
    assert answer["Content-Disposition"] == 'attachment; filename="ausweis.pdf"'


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"kind": ""}, "Wählen Sie, was für ein Dokument das ist."),
        ({"kind": "geheim"}, "Wählen Sie, was für ein Dokument das ist."),
        ({"title": ""}, "Geben Sie dem Dokument einen Namen."),
        ({"issued_on": ""}, "Geben Sie ein, wann es ausgestellt ist."),
        ({"issued_on": "31.2.2024"}, "Geben Sie ein Datum ein, das es gibt, zum Beispiel 3.5.2024."),
        ({"issued_on": "3.5.2999"}, "Geben Sie ein Datum zwischen 1900 und heute ein, zum Beispiel 3.5.2024."),
        ({"valid_until": "3.5.2020"}, "Dieser Tag liegt vor dem Ausstellen. Prüfen Sie beide Angaben."),
        ({"file": ""}, "Wählen Sie eine Datei aus."),
        ({"file": SimpleUploadedFile("plan.dwg", b"AC1032")}, "„plan.dwg“ können wir nicht annehmen"),
        ({"file": SimpleUploadedFile("leer.pdf", b"")}, "leer"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_else_lost(
    client: Client, person: Applicant, said: dict[str, Any], sentence: str
) -> None:
    answer = client.post("/unterlagen/neu/", SAID | {"file": pdf()} | said)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    if "title" not in said:
        assert "Personalausweis Lena" in answer.content.decode()
    assert Page(answer).faults() == []
    assert documents(person) == []


def test_the_same_file_twice_is_one_document_under_its_new_words(client: Client, person: Applicant) -> None:
    content = pdf().read()
    for title in ("Alt", "Neu"):
        file = SimpleUploadedFile("ausweis.pdf", content, "application/pdf")
        assert client.post("/unterlagen/neu/", SAID | {"title": title, "file": file}).status_code == 302
    assert [row.details.title for row in documents(person)] == ["Neu"]


def test_a_folder_has_an_end(client: Client, person: Applicant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use_cases, "MOST_DOCUMENTS", 1)
    kept(person)
    answer = client.post("/unterlagen/neu/", SAID | {"file": pdf()})
    assert "Mehr als 1 Unterlagen können Sie nicht behalten." in answer.content.decode()
    assert len(documents(person)) == 1


def test_a_flood_is_refused(client: Client, person: Applicant, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(person)
    monkeypatch.setattr(settings, "UPLOADS_PER_DAY_BYTES", 1)
    assert client.post("/unterlagen/neu/", SAID | {"file": pdf()}).status_code == 422
    assert len(documents(person)) == 1


def test_a_document_past_its_day_is_told(client: Client, person: Applicant) -> None:
    kept(person, issued_on=date(2020, 1, 1), valid_until=date.today() - timedelta(days=1))
    text = page_of(client, "/unterlagen/").text
    assert "Das Dokument ist abgelaufen." in text


def test_three_documents_cost_as_many_queries_as_one(client: Client, person: Applicant) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as made:
            page_of(client, "/unterlagen/")
        return len(made)

    kept(person, b"1")
    cost()
    one = cost()
    kept(person, b"2")
    kept(person, b"3")
    assert one == cost() == LIST_QUERIES


@pytest.mark.asvs("V8.2.2")
def test_nobody_else_finds_a_document(client: Client, person: Applicant) -> None:
    theirs = kept(applicant(make_user("other@example.org")))
    for way in ("", "datei/", "loeschen/"):
        assert client.get(f"/unterlagen/{theirs.pk}/{way}").status_code == 404
        assert Client().get(f"/unterlagen/{theirs.pk}/{way}").status_code == 302
    assert client.post(f"/unterlagen/{theirs.pk}/loeschen/").status_code == 404
    with scope.for_person(person, read_only=True):
        assert not Document.objects.exists()
        assert not StoredFile.objects.filter(subject_id=theirs.party_id).exists()
    with scope.system("look"):
        assert Document.objects.count() == 1


def test_an_organisation_has_a_folder_of_its_own(lena: User, person: Applicant) -> None:
    bakery = organisations.found(BAKERY, by=lena)
    own = kept(person)
    client = acting_for(lena, bakery)
    assert client.get(f"/unterlagen/{own.pk}/").status_code == 404
    client.post("/unterlagen/neu/", SAID | {"title": "Auszug", "kind": "register", "file": pdf()})
    assert "Auszug" in client.get("/unterlagen/").content.decode()
    assert "Auszug" not in acting_for(lena).get("/unterlagen/").content.decode()


def test_the_folder_goes_with_the_account_and_with_an_organisation_of_nobody_else(
    lena: User, person: Applicant
) -> None:
    bakery = organisations.found(BAKERY, by=lena)
    acting = Applicant(user_id=lena.pk, party_id=bakery.pk, person_party_id=person.party_id)
    other = applicant(make_user("other@example.org"))
    gone = [files.path_of(kept(each).file) for each in (person, acting)]
    stays = files.path_of(kept(other).file)

    leaving.leave(lena.pk)

    assert [path.exists() for path in gone] == [False, False]
    assert stays.exists()
    with scope.system("look"):
        assert list(Document.objects.values_list("party_id", flat=True)) == [other.party_id]
        assert StoredFile.objects.filter(authority_id__isnull=True).count() == 1
        assert not Party.objects.filter(pk=bakery.pk).exists()


def test_a_file_that_waits_for_the_scanner_is_kept_and_not_handed_out(client: Client, person: Applicant) -> None:
    with scope.for_person(person):
        document = use_cases.keep(stored(verdict="pending"), Details("other", "Neu", "neu.pdf"), by=person)
    assert client.get(f"/unterlagen/{document.pk}/datei/").status_code == 404
    assert "wird noch geprüft" in page_of(client, "/unterlagen/").text


def test_a_kept_file_fits_the_other_place_or_is_refused() -> None:
    """What was kept passed the gate: it is measured against the other place, and read only then."""
    row = StoredFile(media_type="application/pdf", size=11_000_000, verdict="clean")
    with pytest.raises(files.FileRefused):
        files.again(row, name="a.pdf", limits=files.Limits(max_bytes=10_000_000))
    with pytest.raises(files.FileRefused):
        files.again(row, name="a.pdf", limits=files.Limits(media_types=("image/png",)))
