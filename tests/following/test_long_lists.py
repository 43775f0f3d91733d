"""A person's lists with 1, 3 and 300 rows: the same number of queries, pages that end, and each row exactly once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.folder.details import Details, sealed
from accounts.folder.use_cases import MOST_DOCUMENTS
from accounts.models import Document, LegalForm, Membership, Party, User
from accounts.organisations import use_cases as organisations
from accounts.people import Applicant
from applications.filling.use_cases import begin_draft
from applications.models import Application, Draft
from applications.states import State
from catalogue.models import Offering
from foundation import files, scope
from foundation.ids import new_id, new_reference
from foundation.paging import SIZE
from tests.factories import make_applications
from tests.following.rows import decide_all, make_documents
from tests.frame.pages import Page

ROW = "//main//li[contains(@class, 'portal-case')]"
NEXT = "//main//a[@rel='next']/@href"

#: Puts so many rows more into a list of a person.
More = Callable[[int, Applicant], None]


@dataclass(frozen=True)
class List:
    """A list, what makes it longer, and what it costs; `most` is how many rows there can be at all."""

    address: str
    more: More
    queries: int
    most: int = 300


def with_office(number: int, person: Applicant) -> None:
    make_applications(number, party_id=person.party_id, state=State.PROCESSING)


def documents_to_open(number: int, person: Applicant) -> None:
    make_documents(make_applications(number, party_id=person.party_id, state=State.COMPLETED))


def decided(number: int, person: Applicant) -> list[Application]:
    cases = make_applications(number, party_id=person.party_id, state=State.COMPLETED)
    opened = datetime.now(UTC)
    make_documents(cases, retrieved_at=opened, effective_on=date.today())
    return cases


def over(number: int, person: Applicant) -> None:
    decided(number, person)


def permits(number: int, person: Applicant) -> None:
    until = date.today() + timedelta(days=400)
    decide_all(decided(number, person), valid_from=date.today() - timedelta(days=3), valid_until=until)


def drafts(number: int, person: Applicant) -> None:
    """Copies of one draft, made at once."""
    offering = Offering.objects.select_related("authority").get(
        authority__slug="rostock", service__slug="hundesteuer-anmelden"
    )
    first, _code = begin_draft(offering, by=person)
    with scope.for_person(person):
        first.refresh_from_db()
        copies = []
        for _ in range(number - 1):
            copy = Draft.objects.get(pk=first.pk)
            copy.pk, copy.reference = new_id(), new_reference("HRO", 2026)
            copy.answers = copy.seal("answers", {})
            copies.append(copy)
        Draft.objects.bulk_create(copies)


def organisations_of(number: int, person: Applicant) -> None:
    parties = Party.objects.bulk_create(
        Party(kind=Party.Kind.ORGANISATION, name=f"Verein {new_id()}") for _ in range(number)
    )
    Membership.objects.bulk_create(
        Membership(organisation=party, user_id=person.user_id, role="owner") for party in parties
    )


def folder(number: int, person: Applicant) -> None:
    with scope.for_person(person):
        for no in range(number):
            stored = files.keep(
                f"%PDF-1.7 {new_id()}".encode(),
                authority_id=None,
                keyset="accounts",
                subject_id=person.party_id,
                media_type="application/pdf",
            )
            document = Document(id=new_id(), party_id=person.party_id, file_id=stored.pk)
            document.details = sealed(document, Details(kind="identity", title=f"Ausweis {no}", name="ausweis.pdf"))
            document.save(force_insert=True)


LISTS = {
    "running": List("/antraege/", with_office, 19),
    "to open": List("/antraege/", documents_to_open, 19),
    "finished": List("/antraege/abgeschlossen/", over, 16),
    "drafts": List("/antraege/entwuerfe/", drafts, 13),
    "permits": List("/antraege/genehmigungen/", permits, 14),
    "my page with permits": List("/antraege/", permits, 16),
    "postbox": List("/postfach/", documents_to_open, 11),
    "organisations": List("/konto/organisationen/", organisations_of, 8),
    "folder": List("/unterlagen/", folder, 11, most=MOST_DOCUMENTS),
}


def page_of(client: Client, address: str) -> tuple[Page, int]:
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    assert answer.status_code == 200
    page = Page(answer)
    assert page.faults() == []
    return page, len(asked)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_often_for_300_rows_as_for_one(client: Client, person: Applicant, name: str) -> None:
    a_list = LISTS[name]
    client.get(a_list.address)  # the first request of a sitting writes when it began
    costs = []
    for more in (1, 2, a_list.most - 3):
        a_list.more(more, person)
        page, cost = page_of(client, a_list.address)
        costs.append(cost)
    assert costs == [a_list.queries] * 3
    assert page.count(ROW) <= SIZE


@pytest.mark.parametrize("name", [name for name in LISTS if name not in ("my page with permits", "folder")])
def test_each_row_stands_on_one_page(client: Client, person: Applicant, name: str) -> None:
    a_list = LISTS[name]
    a_list.more(2 * SIZE + 1, person)
    shown: list[str] = []
    sizes: list[int] = []
    address = a_list.address
    while address:
        page, _cost = page_of(client, address)
        links = page.tree.xpath(f"{ROW}//*[self::h2 or self::h3]/a/@href")
        shown += links
        sizes.append(len(links))
        following = page.tree.xpath(NEXT)
        address = a_list.address + following[0] if following else ""
        assert bool(page.tree.xpath("//main//a[@href='?']")) == (len(sizes) > 1), "the way back to the start"
    assert sizes == [SIZE, SIZE, 1]
    assert len(set(shown)) == 2 * SIZE + 1


@pytest.mark.parametrize("place", ["unsinn", "2026-01-01_x", f"2026-01-01T00:00:00_{UUID(int=0)}", str(UUID(int=0))])
@pytest.mark.parametrize("address", sorted({each.address for each in LISTS.values()}))
def test_a_place_that_no_list_knows_is_its_beginning(
    client: Client, person: Applicant, address: str, place: str
) -> None:
    page, _cost = page_of(client, f"{address}?nach={place}")
    assert not page.tree.xpath("//main//a[@href='?']")


def test_the_second_page_of_running_cases_shows_cases_only(client: Client, person: Applicant) -> None:
    with_office(SIZE + 1, person)
    permits(1, person)
    drafts(1, person)
    first, _cost = page_of(client, "/antraege/")
    assert "Ihre Genehmigungen" in first.text
    second, _cost = page_of(client, "/antraege/" + first.tree.xpath(NEXT)[0])
    assert "Ihre Genehmigungen" not in second.text
    assert second.count(ROW) == 1


def test_my_page_shows_the_permits_that_end_first_and_the_way_to_all(client: Client, person: Applicant) -> None:
    permits(5, person)
    page, _cost = page_of(client, "/antraege/")
    assert not page.tree.xpath("//a[@href='/antraege/genehmigungen/']")
    permits(1, person)
    page, _cost = page_of(client, "/antraege/")
    assert page.count(ROW) == 5
    assert page.tree.xpath("//a[@href='/antraege/genehmigungen/']")


# --- an organisation and its members ----------------------------------------------------------------------------------

ORGANISATION_QUERIES = 14


def test_members_ask_as_often_for_300_as_for_one(client: Client, lena: User) -> None:
    club = organisations.found(organisations.Details("Segelclub", LegalForm.EV), by=lena)
    address = f"/konto/organisationen/{club.pk}/"
    client.get(address)
    costs = []
    for more in (0, 2, 297):
        people = User.objects.bulk_create(User(email=f"{new_id()}@example.org") for _ in range(more))
        Membership.objects.bulk_create(Membership(organisation=club, user=each, role="member") for each in people)
        page, cost = page_of(client, address)
        costs.append(cost)
    assert costs == [ORGANISATION_QUERIES] * 3
    assert page.count(ROW) == SIZE
    second, _cost = page_of(client, address + page.tree.xpath(NEXT)[0])
    assert second.count(ROW) == SIZE


def test_whoever_acts_for_many_finds_all_of_them(client: Client, lena: User, person: Applicant) -> None:
    organisations_of(9, person)
    page, _cost = page_of(client, "/konto/organisationen/")
    assert page.count("//aside//button[@name='acting_for']") == 8
    assert page.tree.xpath("//aside//a[@href='/konto/organisationen/']")
    last = page.tree.xpath("//main//button[@name='acting_for']/@value")[-1]
    client.post("/konto/handeln-fuer/", {"acting_for": last})
    page, _cost = page_of(client, "/konto/organisationen/")
    assert "Sie handeln gerade dafür." in page.text
    assert page.count("//main//button[@name='acting_for']") == 8


# --- the navigation ---------------------------------------------------------------------------------------------------

COUNT = "//nav//a[@href='/postfach/']"


def postbox_link(client: Client, address: str) -> str:
    page, _cost = page_of(client, address)
    (link,) = page.tree.xpath(COUNT)
    return " ".join(link.text_content().split())


@pytest.mark.parametrize("address", ["/", "/leistungen/", "/antraege/", "/postfach/", "/konto/profil/"])
def test_the_navigation_says_how_many_documents_wait(client: Client, person: Applicant, address: str) -> None:
    decided(1, person)  # opened already
    assert postbox_link(client, address) == "Postfach"
    documents_to_open(1, person)
    assert postbox_link(client, address) == "Postfach 1 neues Dokument"
    documents_to_open(2, person)
    assert postbox_link(client, address) == "Postfach 3 neue Dokumente"


def test_the_number_is_of_whom_one_acts_for(client: Client, lena: User, person: Applicant) -> None:
    documents_to_open(1, person)
    club = organisations.found(organisations.Details("Segelclub", LegalForm.EV), by=lena)
    theirs = Applicant(user_id=lena.pk, party_id=club.pk, person_party_id=person.party_id)
    documents_to_open(2, theirs)
    for address in (f"/konto/organisationen/{club.pk}/", "/antraege/"):
        assert postbox_link(client, address) == "Postfach 1 neues Dokument"
    client.post("/konto/handeln-fuer/", {"acting_for": str(club.pk)})
    for address in (f"/konto/organisationen/{club.pk}/", "/antraege/"):
        assert postbox_link(client, address) == "Postfach 2 neue Dokumente"


def test_a_stranger_is_shown_no_postbox(city: None) -> None:
    assert not Page(Client().get("/")).tree.xpath(COUNT)
