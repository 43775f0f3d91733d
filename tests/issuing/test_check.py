"""The page to which the code on a paper leads: what the city issued, and whether it holds today. Never a name."""

import pytest
from django.conf import settings as portal_settings
from django.test import Client
from django.urls import reverse

from accounts.people import Clerk
from applications.issuing import proof
from applications.issuing.use_cases import token_digest
from applications.models import Application, IssuedDocument
from foundation import scope
from tests import filler
from tests.drain import drain
from tests.frame.pages import Page
from tests.issuing.permits import PLACE, page_of, permit, sealed_file
from tests.pdf import pictures_of, read_codes

pytestmark = pytest.mark.usefixtures("city")


@pytest.mark.asvs("V8.2.3", "V14.2.1")
def test_code_on_the_receipt_leads_to_the_page_that_says_what_it_is(client: Client) -> None:
    draft = filler.begin(client)
    filler.fill_idea(client, draft)
    filler.submit(client, draft)
    drain()
    with scope.system("look", read_only=True):
        application = Application.objects.for_pages().get()
        name = application.unseal("applicant_name", application.applicant_name)
    (address,) = read_codes(pictures_of(sealed_file(kind="receipt")))
    path = address.removeprefix(portal_settings.BASE_URL)
    assert application.reference not in path
    page = Page(client.get(path))
    for part in (application.reference, "Eingangsbestätigung", "Rostock", application.offering.service.title):
        assert part in page.text
    assert "gilt heute" not in page.text
    assert name not in page.text


def test_page_says_kind_place_and_period_of_a_permit_and_no_name(client: Client, head: Clerk, token: str) -> None:
    decision = permit(head)
    page = page_of(client, token)
    for part in ("Diese Genehmigung gilt heute", PLACE, "Hundesteuer anmelden", decision.application.reference):
        assert part in page.text
    for absent in ("Lübbersmeyer", "Kogge", "lena"):
        assert absent not in page.text


@pytest.mark.parametrize(
    ("ruling", "sentence"),
    [
        ({"known": False}, "gilt noch nicht: nicht bekannt gegeben"),
        ({"starts": 5}, "Diese Genehmigung gilt noch nicht"),
        ({"starts": -9, "ends": -1}, "gilt nicht mehr: abgelaufen"),
        ({"ends": None}, "Diese Genehmigung gilt heute"),
        ({"ends": 0}, "Diese Genehmigung gilt heute"),
    ],
)
def test_page_says_whether_a_permit_holds_today(client: Client, head: Clerk, token: str, ruling, sentence) -> None:
    permit(head, **ruling)
    assert sentence in page_of(client, token).text


def test_refusal_is_shown_as_a_notice_without_its_outcome(client: Client, head: Clerk, token: str) -> None:
    permit(head, outcome="refused", valid_from=None, valid_until=None, place="")
    page = page_of(client, token)
    assert "Bescheid" in page.text
    for absent in ("abgelehnt", "genehmigt", "Genehmigung"):
        assert absent not in page.text


def test_page_speaks_english(client: Client, head: Clerk, token: str) -> None:
    permit(head)
    page = client.get(reverse("issuing:document", args=[token]), headers={"accept-language": "en"}).content.decode()
    assert "This permit is valid today" in page
    assert "We issued this document" in page


@pytest.mark.asvs("V11.5.1", "V8.2.2")
def test_nothing_but_the_token_opens_the_page(client: Client, head: Clerk, token: str) -> None:
    decision = permit(head)
    for guess in (
        token[:-1],
        token + "x",
        str(decision.pk),
        decision.application.reference,
        "x" * 5000,
        "%00",
        "..%2f",
    ):
        assert client.get(f"/pruefen/{guess}/").status_code in (400, 404), guess
    assert proof.proof_of(token) is not None
    with scope.system("look", read_only=True):
        assert bytes(IssuedDocument.objects.get().access_digest) == token_digest(token)
        assert token.encode() not in bytes(IssuedDocument.objects.get().access_digest)
    assert use_of_secrets() >= 16


def use_of_secrets() -> int:
    from applications.issuing.use_cases import TOKEN_BYTES

    return TOKEN_BYTES


def test_there_is_one_issued_document_however_often_it_is_made(head: Clerk) -> None:
    from applications.deciding.delivery import deliver_notice

    decision = permit(head)
    with scope.authority(head.authority_id):
        deliver_notice(decision.pk)
        assert IssuedDocument.objects.filter(pk=decision.pk).count() == 1
