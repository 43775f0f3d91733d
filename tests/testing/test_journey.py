"""A test application from its author to its notice: the ordinary way, and marked at each station."""

import io
import json
from datetime import timedelta
from uuid import UUID

import pikepdf
import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.people import Clerk
from applications.models import Application, Decision, IssuedDocument, Receipt
from applications.states import State
from backoffice import copies
from backoffice.queries.case import case_page
from catalogue.models import Offering
from foundation import files, scope
from foundation.files.models import StoredFile
from foundation.outbox.models import OutboxRow
from hro_portal.invariants import check
from postbox.models import PostboxItem
from tests import filler
from tests.carrying.forms import KEY
from tests.drain import drain
from tests.factories import make_application, make_clerk, make_user
from tests.pdf import text_of
from tests.testing.way import (
    badges,
    begin,
    decide,
    file_test,
    page_of,
    signed_in,
    trials_of,
    words,
)

pytestmark = pytest.mark.usefixtures("form_of_its_own")

BAND = "Testantrag – wird nicht bearbeitet wie ein echter Antrag"
PAPER = "TEST – KEIN GÜLTIGES DOKUMENT"


def pdf_of(file_id: UUID) -> bytes:
    with scope.system("a test reads a document"):
        return files.open_bytes(StoredFile.objects.get(pk=file_id))


def test_the_band_stands_on_each_page_of_the_way(author: Client, offering: Offering) -> None:
    draft = begin(author, offering)
    for address in ("", "schritt/s1/", "spaeter/"):
        assert BAND in words(page_of(author, f"{draft}{address}")), address
    assert filler.fill(author, f"{draft}schritt/s1/", name="Kogge").status_code == 302
    assert BAND in words(page_of(author, f"{draft}pruefen/"))
    sent = filler.submit(author, draft, delivery="letter")["Location"]
    case = sent.removesuffix("abgesendet/")
    for address in (sent, case, f"{case}bestaetigung/", f"{case}frage/", f"{case}zurueckziehen/", f"{case}zugriffe/"):
        assert BAND in words(page_of(author, address)), address
    assert BAND not in words(page_of(author, "/antraege/"))
    english = Client(headers={"accept-language": "en"})
    english.cookies = author.cookies
    assert "Test application – is not handled like a real application" in words(page_of(english, case))


def test_flag_and_number_come_from_the_way_in_and_from_nothing_else(author: Client, offering: Offering) -> None:
    case = file_test(author, offering)
    assert case.is_test
    assert case.reference.startswith("TEST-")
    ordinary = filler.begin(author, KEY, "schwerin")
    filler.fill(author, f"{ordinary}schritt/s1/", name="Kogge", is_test="true", test="1")
    filler.submit(author, ordinary, delivery="letter", is_test="true")
    with scope.system("a test looks"):
        filed = Application.objects.get(pk=UUID(ordinary.split("/")[2]))
    assert not filed.is_test
    assert not filed.reference.startswith("TEST-")


@pytest.mark.parametrize(("name", "office"), [("Ada", "buergerservice"), ("Kogge", "finanzen")])
def test_the_rules_send_it_and_its_author_sees_where_to(
    author: Client, offering: Offering, name: str, office: str
) -> None:
    case = file_test(author, offering, name=name)
    assert case.department is not None
    assert (case.department.slug, case.state) == (office, State.RECEIVED)
    tree = page_of(author, trials_of(offering))
    (row,) = tree.xpath("//tbody/tr")
    for told in (case.reference, case.department.name, "Probe", "Angekommen"):
        assert told in words(row)
    assert badges(tree) == 1
    assert case.department.name in words(page_of(author, f"/backoffice/wege/?vorgang={case.reference}"))


def test_each_list_of_the_office_marks_it(author: Client, staff: tuple[Client, Clerk], offering: Offering) -> None:
    case, (desk, clerk) = file_test(author, offering, delivery="letter"), staff
    search = desk.post("/backoffice/filtern/", {"ansicht": "neu", "q": "Kogge"})["Location"]
    for address in ("/backoffice/", search, "/backoffice/?ansicht=offen", f"/backoffice/vorgang/{case.reference}/"):
        tree = page_of(desk, address)
        assert (case.reference in words(tree), badges(tree)) == (True, 1), address
    decide(case, clerk, regime="letter")
    assert badges(page_of(desk, "/backoffice/?ansicht=erledigt")) == 1
    letters = page_of(desk, "/backoffice/briefe/")
    assert badges(letters) == 1
    assert "Testantrag: Das Dokument bleibt im Haus." in words(letters)
    page = words(page_of(desk, f"/backoffice/vorgang/{case.reference}/"))
    assert "Tragen Sie nur einen Tag ein." in page
    assert "Geben Sie den Brief auf." not in page
    OutboxRow.objects.filter(subject_id=case.pk, kind="notice").update(state=OutboxRow.State.DEAD)
    assert badges(page_of(desk, "/backoffice/stoerungen/")) == 1


def test_the_lists_of_its_author_mark_it(author: Client, staff: tuple[Client, Clerk], offering: Offering) -> None:
    begin(author, offering)
    assert badges(page_of(author, "/antraege/")) == badges(page_of(author, "/antraege/entwuerfe/")) == 1
    case = file_test(author, offering)
    assert badges(page_of(author, "/antraege/")) == 2
    assert badges(page_of(author, "/")) == 1
    decide(case, staff[1])
    (item,) = page_of(author, "/postfach/").xpath("//ul[@class='portal-cases']/li")
    assert "Test – Bescheid: Probe" in words(item)
    assert "Genehmigungen" not in words(page_of(author, "/antraege/"))
    assert "Bitte überweisen" not in words(page_of(author, "/antraege/"))
    with scope.system("a test looks"):
        document = PostboxItem.objects.get(subject_id=case.pk)
    author.post(f"/postfach/{document.pk}/oeffnen/")
    assert badges(page_of(author, "/antraege/abgeschlossen/")) == 1


def test_operators_and_the_data_protection_officer_see_the_mark(author: Client, offering: Offering) -> None:
    case = file_test(author, offering)
    officer, _clerk = make_clerk("officer@example.org", role="data_protection", authority="schwerin", department=None)
    assert badges(page_of(signed_in(officer), f"/backoffice/zugriffe/?vorgang={case.reference}")) == 1
    root = signed_in(make_user("root@example.org", is_staff=True, is_superuser=True))
    listed = root.get(reverse("admin:applications_application_changelist"))
    assert listed.status_code == 200
    assert '<td class="field-kind">Test</td>' in listed.content.decode()


def test_its_papers_say_test_on_each_page_and_ask_for_no_money(
    author: Client, staff: tuple[Client, Clerk], offering: Offering
) -> None:
    case = file_test(author, offering)
    decision = decide(case, staff[1])
    with scope.system("a test looks"):
        receipt, item = Receipt.objects.get(application=case), PostboxItem.objects.get(subject_id=case.pk)
    for paper in (pdf_of(receipt.file_id), pdf_of(item.file_id)):
        pages = text_of(paper).upper()
        with pikepdf.open(io.BytesIO(paper)) as document:
            assert pages.count(PAPER) >= len(document.pages) > 0
    notice = text_of(pdf_of(item.file_id))
    assert "Test – Bescheid: Probe" in notice
    assert "Test, nicht zahlen" in notice
    assert "IBAN" not in notice
    assert "Überweisen Sie" not in notice
    author.post(f"/postfach/{item.pk}/oeffnen/")
    page = words(page_of(author, f"/vorgang/{case.pk}/bescheid/"))
    assert BAND in page
    assert "Test, nicht zahlen" in page
    desk = staff[0]
    assert "Test, nicht zahlen" in words(page_of(desk, f"/backoffice/vorgang/{case.reference}/"))
    address = f"/backoffice/vorgang/{case.reference}/zahlung/{decision.pk}/"
    answer = desk.post(address, {"day": "2099-01-01"}, follow=True)
    assert "Für einen Testantrag zahlt niemand." in answer.content.decode()


def test_its_code_tells_everybody_that_it_holds_for_nothing(
    author: Client, staff: tuple[Client, Clerk], offering: Offering, monkeypatch: pytest.MonkeyPatch
) -> None:
    from applications.issuing import use_cases as issuing

    monkeypatch.setattr(issuing.secrets, "token_urlsafe", lambda size: f"known-{IssuedDocument.objects.count()}")
    case = file_test(author, offering)
    decide(case, staff[1])
    for token in ("known-0", "known-1"):
        page = words(page_of(Client(headers={"accept-language": "de"}), f"/pruefen/{token}/"))
        assert BAND in page
        assert "Testdokument, gilt nicht: Probe" in page
        assert "Diese Genehmigung gilt" not in page


def test_its_copies_say_that_it_is_a_test(author: Client, staff: tuple[Client, Clerk], offering: Offering) -> None:
    case, (_desk, clerk) = file_test(author, offering), staff
    real = make_application(authority="schwerin", service=KEY, department="finanzen")
    with scope.for_person(clerk, read_only=True):
        for row, is_test in ((case, True), (Application.objects.for_pages().get(pk=real.pk), False)):
            assert json.loads(copies.as_json(case_page(row, clerk))).get("test", False) is is_test
            assert ("Testantrag;ja" in copies.as_csv(row).decode()) is is_test


def test_only_its_author_gets_mail_whatever_address_was_typed(
    author: Client, staff: tuple[Client, Clerk], offering: Offering
) -> None:
    case = file_test(author, offering, mail="somebody@example.com")
    decide(case, staff[1])
    assert {address for message in mail.outbox for address in message.to} == {"tries@example.org"}
    assert mail.outbox
    assert all(case.reference in message.subject for message in mail.outbox)


def test_a_case_that_went_all_the_way_breaks_no_invariant(
    author: Client, staff: tuple[Client, Clerk], offering: Offering
) -> None:
    case = file_test(author, offering)
    decide(case, staff[1])
    assert check(patience=timedelta(0), files=True, settled=True) == []
    with scope.system("a test looks"):
        assert Decision.objects.filter(application=case).count() == 1
    drain()
