import io
from datetime import date
from decimal import Decimal

import pikepdf
import pytest
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client

from accounts import profile
from accounts.models import User
from accounts.people import Clerk
from applications.deciding import delivery, use_cases
from applications.deciding.notice import Notice, decisions, notice_of
from applications.models import Application, Decision
from applications.states import State
from foundation import files, scope
from foundation.files.models import StoredFile
from foundation.outbox.models import OutboxRow
from postbox.models import PostboxItem
from tests.drain import drain
from tests.factories import applicant, make_application, make_clerk, make_user

pytestmark = pytest.mark.usefixtures("city")
FEE_DUE = date(2099, 12, 4)
ANSWERS = {
    "halter_art": "person",
    "person": {
        "vorname": "Lena",
        "familienname": "Kogge",
        "anschrift": {"street": "Lange Straße", "house_number": "12", "postal_code": "18055", "city": "Rostock"},
    },
}


@pytest.fixture
def clerk() -> Clerk:
    user, clerk = make_clerk()
    profile.write(user, {"given_name": "Maren", "family_name": "Petersen"})
    return clerk


@pytest.fixture
def lena() -> User:
    return make_user()


def decide(lena: User, clerk: Clerk, regime: str, **fields: object) -> tuple[Application, Decision]:
    application = make_application(
        state=State.PROCESSING,
        assignee_id=clerk.user_id,
        party_id=applicant(lena).party_id,
        acting_user_id=lena.pk,
        retrieval_consent=True,
        answers=ANSWERS,
        name="Lena Kogge",
        **fields,
    )
    with scope.for_person(clerk):
        decision = use_cases.decide(
            application,
            outcome="approved",
            reason="Die Steuer beträgt 108 Euro im Jahr.\n\nSie zahlen zum 15. Mai.",
            regime=regime,
            fee=Decimal("108.00"),
            fee_due_on=FEE_DUE,
            by=clerk,
        )
    return application, decision


def notice_for(decision: Decision, clerk: Clerk) -> Notice:
    with scope.for_person(clerk, read_only=True):
        return notice_of(decisions().get(pk=decision.pk))


def test_notice_is_made_once_kept_sealed_and_laid_into_the_postbox(lena: User, clerk: Clerk) -> None:
    application, decision = decide(lena, clerk, "retrieval")
    drain()
    with scope.for_person(clerk):
        assert delivery.deliver_notice(decision.pk).pk == decision.pk
    with scope.party(applicant(lena).party_id, read_only=True):
        item = PostboxItem.objects.get()
        stored = StoredFile.objects.get(pk=item.file_id)
        content = files.read(stored)
    assert (item.subject_id, item.regime) == (application.pk, "retrieval")
    assert item.notified_at is not None
    assert content.startswith(b"%PDF")
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "de"


@pytest.mark.tr("R4:A3.6.02")
def test_the_postbox_names_the_notice_in_the_language_of_the_page(lena: User, clerk: Clerk) -> None:
    decide(lena, clerk, "retrieval")
    drain()
    client = Client()
    client.force_login(lena)
    for language, title in (("de", "Bescheid: Hundesteuer anmelden"), ("en", "Notice: Register a dog for dog tax")):
        page = client.get("/postfach/", HTTP_ACCEPT_LANGUAGE=language).content.decode()
        assert title in page


def test_mail_names_office_and_reference_and_day_but_not_the_content(lena: User, clerk: Clerk) -> None:
    application, _decision = decide(lena, clerk, "retrieval")
    drain()
    (message,) = mail.outbox
    assert message.to == [lena.email]
    assert message.subject == f"Neues Dokument zum Vorgang {application.reference}"
    assert "Kämmereiamt" in message.body
    assert "108" not in message.body
    assert "Hund" not in message.body
    assert "Bitte öffnen Sie es bis zum" in message.body


def test_letter_waits_on_the_print_list_and_the_person_is_told(lena: User, clerk: Clerk) -> None:
    _application, _decision = decide(lena, clerk, "letter")
    drain()
    with scope.for_person(clerk, read_only=True):
        assert PostboxItem.objects.letters_to_post().count() == 1
    assert "mit der Post" in mail.outbox[0].body


def test_person_without_account_is_told_at_the_address_they_left(clerk: Clerk) -> None:
    application = make_application(state=State.PROCESSING, assignee_id=clerk.user_id, access_digest=b"x" * 32)
    with scope.authority(application.authority_id):
        Application.objects.filter(pk=application.pk).update(
            contact_email=application.seal("contact_email", "guest@example.org")
        )
    with scope.for_person(clerk):
        use_cases.decide(application, outcome="refused", reason="Nein.", regime="pickup", by=clerk)
    drain()
    assert mail.outbox[0].to == ["guest@example.org"]
    assert "Abholung" in mail.outbox[0].body


def test_second_run_of_both_effects_makes_and_sends_nothing_more(lena: User, clerk: Clerk) -> None:
    decide(lena, clerk, "retrieval")
    drain()
    OutboxRow.objects.update(state="due")
    drain()
    with scope.system("look", read_only=True):
        assert (PostboxItem.objects.count(), StoredFile.objects.count()) == (1, 1)
    assert len(mail.outbox) == 1


def test_notice_says_who_decided_what_for_whom_and_what_to_pay(lena: User, clerk: Clerk) -> None:
    application, decision = decide(lena, clerk, "letter")
    notice = notice_for(decision, clerk)
    assert notice.recipient == ("Lena Kogge", "Lange Straße 12", "18055 Rostock")
    assert notice.signed_by == "Maren Petersen"
    assert notice.opening.startswith("wir genehmigen Ihren Antrag „Hundesteuer anmelden“ vom ")
    assert "Widerspruch" in notice.remedy
    assert notice.payment is not None
    assert notice.payment.purpose == application.reference


def test_girocode_holds_the_same_data_as_the_text_beside_it(lena: User, clerk: Clerk) -> None:
    application, decision = decide(lena, clerk, "letter")
    notice = notice_for(decision, clerk)
    text = " ".join(render_to_string("documents/notice_content.html", {"notice": notice}).split())
    for part in ("108,00 €", "DE02 1203 0000 0000 2020 51", "BYLADEM1001", application.reference, "4. Dezember 2099"):
        assert part in text
    code = notice.payment.girocode()
    assert code.error == "M"
    assert int(code.version) <= 13


@pytest.mark.asvs("V1.2.1")
@pytest.mark.tr("A3.12.04")
def test_what_a_clerk_types_is_never_markup_in_the_notice(lena: User, clerk: Clerk) -> None:
    _application, decision = decide(lena, clerk, "letter")
    notice = notice_for(decision, clerk)
    html = render_to_string(
        "documents/notice_content.html", {"notice": Notice(**{**notice.__dict__, "reason": "<img src=x>"})}
    )
    assert "<img src=x>" not in html
    assert "&lt;img src=x&gt;" in html
