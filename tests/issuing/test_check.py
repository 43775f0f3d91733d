"""The check page: what the city issued, whether it holds today, and whether a file is genuine. Never a name."""

import io
import subprocess
import sys
from datetime import timedelta

import pikepdf
import pytest
from django.conf import settings as portal_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.people import Clerk
from applications.deciding import use_cases
from applications.deciding.permits import permits_of
from applications.deciding.revoking import revoke
from applications.errors import ApplicationError
from applications.issuing import proof
from applications.issuing.use_cases import token_digest
from applications.models import Application, Decision, IssuedDocument, Message, Receipt, Revocation
from applications.states import State
from authorities import clock as calendar
from foundation import files, limits, scope, sealing
from foundation.audit.models import AuditEvent
from foundation.errors import PortalError
from foundation.sealing import Result, checking
from postbox.models import PostboxItem
from tests import filler
from tests.drain import drain
from tests.factories import applicant, make_application, make_clerk, make_user
from tests.frame.pages import Page
from tests.pdf import pictures_of, read_codes

pytestmark = pytest.mark.usefixtures("city")
PLACE = "Neuer Markt 3"


@pytest.fixture
def head() -> Clerk:
    return make_clerk("head@example.org", role="head")[1]


def permit(head: Clerk, *, known: bool = True, starts: int = -1, ends: int | None = 30, **ruling: object) -> Decision:
    """A permit; it starts and ends so many days from today, and is made known unless told otherwise."""
    today = calendar.today()
    given = {
        "outcome": "approved",
        "reason": "Weil Frau Lübbersmeyer alles hat.",
        "regime": "letter",
        "valid_from": today + timedelta(days=starts),
        "valid_until": None if ends is None else today + timedelta(days=ends),
        "place": PLACE,
    } | ruling
    application = make_application(
        state=State.PROCESSING, assignee_id=head.user_id, party_id=applicant(make_user()).party_id
    )
    with scope.for_person(head):
        decision = use_cases.decide(application, by=head, **given)
    drain()
    if known:
        with scope.authority(head.authority_id):
            PostboxItem.objects.update(posted_on=today, effective_on=today)
    return decision


def take_back(decision: Decision, head: Clerk, in_days: int = 0, by: Clerk | None = None) -> Revocation:
    on = calendar.today() + timedelta(days=in_days)
    with scope.for_person(head):
        found = Decision.objects.select_related("application").get(pk=decision.pk)
        return revoke(found, effective_on=on, reason="Der Gehweg wird erneuert.", by=by or head)


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> str:
    """What will be printed on the next document."""
    token = "dGVzdC10b2tlbi1mb3ItYWxs"
    monkeypatch.setattr("applications.issuing.use_cases.secrets.token_urlsafe", lambda _size: token)
    return token


def page_of(client: Client, token: str) -> Page:
    response = client.get(reverse("issuing:document", args=[token]))
    assert response.status_code == 200
    page = Page(response)
    assert page.faults() == []
    return page


def sealed_file(**where: object) -> bytes:
    with scope.system("look", read_only=True):
        return files.read(IssuedDocument.objects.select_related("file").get(**where).file)


# --- what the code on the paper leads to ------------------------------------------------------------------------------


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


# --- revoking ---------------------------------------------------------------------------------------------------------


@pytest.mark.asvs("V16.2.1")
def test_revoked_permit_no_longer_holds_and_the_person_reads_why(client: Client, head: Clerk, token: str) -> None:
    decision = permit(head)
    party_id = decision.application.party_id
    take_back(decision, head)
    page = page_of(client, token)
    assert "gilt nicht mehr: widerrufen" in page.text
    assert "gilt heute" not in page.text
    assert "Gehweg" not in page.text
    with scope.party(party_id, read_only=True):
        assert list(permits_of(party_id)) == []
        assert Message.objects.filter(application_id=decision.application_id).count() == 1
    with scope.authority(head.authority_id, read_only=True):
        event = AuditEvent.objects.get(action="permit.revoked")
        assert event.actor_id == head.user_id
        assert "Gehweg" not in str(event.refs)


def test_permit_holds_until_the_day_of_its_revocation(client: Client, head: Clerk, token: str) -> None:
    decision = permit(head)
    take_back(decision, head, in_days=3)
    page = page_of(client, token)
    assert "Diese Genehmigung gilt heute" in page.text
    assert "Widerrufen" in page.text


def test_only_a_head_revokes_and_only_what_is_in_force(head: Clerk) -> None:
    decision = permit(head)
    clerk = make_clerk("clerk@example.org")[1]
    for by, in_days, code in ((clerk, 0, "heads_only"), (head, -1, "revoked_backwards")):
        with pytest.raises(ApplicationError) as refused:
            take_back(decision, head, in_days=in_days, by=by)
        assert refused.value.code == code
    take_back(decision, head)
    with pytest.raises(ApplicationError) as twice:
        take_back(decision, head)
    assert twice.value.code == "nothing_to_revoke"


@pytest.mark.asvs("V8.2.1")
def test_head_revokes_on_a_page_that_clerks_do_not_have(client: Client, head: Clerk) -> None:
    decision = permit(head)
    path = f"/backoffice/vorgang/{decision.application.reference}/widerrufen/{decision.pk}/"
    client.force_login(make_clerk("clerk@example.org")[0])
    assert client.get(path).status_code == 404
    client.force_login(user_of(head))
    case = f"/backoffice/vorgang/{decision.application.reference}/"
    assert "Genehmigung widerrufen" in client.get(case).content.decode()
    assert Page(client.get(path)).faults() == []
    assert client.post(path, {"reason": ""}).status_code == 422
    today = calendar.today()
    typed = {"reason": "Der Gehweg wird erneuert.", "effective_on": (today - timedelta(days=1)).isoformat()}
    refused = client.post(path, typed)
    assert refused.status_code == 422
    assert "Der Gehweg wird erneuert." in refused.content.decode()
    assert client.post(path, typed | {"effective_on": today.isoformat()}).status_code == 302
    assert "Widerrufen" in client.get(case).content.decode()


def user_of(clerk: Clerk):
    from accounts.models import User

    return User.objects.get(pk=clerk.user_id)


# --- the file ---------------------------------------------------------------------------------------------------------


def send(client: Client, content: bytes, name: str = "bescheid.pdf"):
    return client.post(reverse("issuing:check"), {"file": SimpleUploadedFile(name, content, "application/pdf")})


@pytest.fixture
def genuine(head: Clerk) -> bytes:
    return sealed_file(pk=permit(head).pk)


def test_page_tells_genuine_from_changed_and_foreign(client: Client, genuine: bytes) -> None:
    page = Page(client.get(reverse("issuing:check")))
    assert page.faults() == []
    with pikepdf.open(io.BytesIO(genuine)) as document:
        anew = io.BytesIO()
        document.save(anew)
    for content, sentence in (
        (genuine, "Echt: Diese Datei ist von uns und unverändert"),
        (anew.getvalue(), "Verändert: Jemand hat diese Datei geändert"),
        (b"%PDF-1.7\nnothing", "Nicht von uns"),
    ):
        response = send(client, content)
        assert response.status_code == 200
        answered = Page(response)
        assert ("Gesiegelt von Hanse- und Universitätsstadt Rostock am" in answered.text) == (content is genuine)
        assert sentence in answered.text
        assert answered.faults() == []


@pytest.mark.asvs("V15.2.2", "V5.2.1")
def test_hostile_file_ends_its_own_process_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "SECONDS", 0.001)
    assert checking.verify_in_child(b"%PDF-1.7").result == Result.UNREADABLE
    monkeypatch.undo()
    loop = b"%PDF-1.7\nxref\n0 0\ntrailer\n<</Prev 9/Root 1 0 R/Size 1>>\nstartxref\n9\n%%EOF"
    assert checking.verify_in_child(loop).result == Result.UNREADABLE


@pytest.mark.parametrize("greedy", ["bytearray(child.MEMORY_BYTES)", "os.write(os.open('file', os.O_CREAT | 1), b'x')"])
def test_process_that_judges_has_little_memory_and_writes_nothing(greedy: str, tmp_path) -> None:
    script = f"import os; from foundation.sealing import child; child._give_up_power(); {greedy}"
    environment = {"PYTHONPATH": str(portal_settings.BASE_DIR), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, check=False
    )
    assert done.returncode != 0
    assert b"MemoryError" in done.stderr or b"File too large" in done.stderr


def test_files_are_judged_one_at_a_time_and_who_waits_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "WAIT_SECONDS", 0.01)
    with checking._turn, pytest.raises(PortalError) as busy:
        checking.verify_in_child(b"%PDF-1.7")
    assert busy.value.status == 503


@pytest.mark.parametrize(("content", "sentence"), [(None, "Wählen Sie die Datei"), (b"", "Diese Datei ist leer")])
def test_page_says_what_to_do_without_a_file(client: Client, content, sentence) -> None:
    response = client.post(reverse("issuing:check")) if content is None else send(client, content)
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_file_that_is_too_large_is_not_judged(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("applications.issuing.forms.MOST_BYTES", 100)
    monkeypatch.setattr(checking, "_ask_child", lambda _pdf: pytest.fail("it was judged"))
    response = send(client, b"%PDF-1.7" + b" " * 200)
    assert response.status_code == 422
    assert "größer als 10 MB" in response.content.decode()


@pytest.mark.asvs("V2.4.1")
def test_tries_are_limited(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "allow", lambda *_, **__: False)
    response = send(client, b"%PDF-1.7")
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 15 * 60
    assert "zu viele Versuche" in response.content.decode()


def test_nothing_of_a_checked_file_is_kept(client: Client, genuine: bytes) -> None:
    with scope.system("count", read_only=True):
        before = Receipt.objects.count(), AuditEvent.objects.count(), IssuedDocument.objects.count()
    send(client, genuine)
    with scope.system("count", read_only=True):
        assert before == (Receipt.objects.count(), AuditEvent.objects.count(), IssuedDocument.objects.count())


def test_web_process_knows_neither_pyhanko_nor_weasyprint() -> None:
    script = (
        "import sys, django; django.setup()\n"
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        "import applications.issuing.views\n"
        "print([name for name in ('pyhanko', 'weasyprint') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.asvs("V16.5.3")
def test_without_a_seal_the_receipt_waits_and_is_made_once_the_seal_is_there(
    client: Client, settings, tmp_path, monkeypatch
) -> None:
    """F40: nothing leaves the house unsealed; the page says that the file is being made, and the row comes again."""
    from foundation.outbox import working
    from foundation.outbox.models import OutboxRow

    draft = filler.begin(client)
    filler.fill_idea(client, draft)
    filler.submit(client, draft)
    monkeypatch.setattr(sealing.keys, "read", refuse)
    for row in OutboxRow.objects.ready().filter(kind="receipt"):
        assert working.work(row.pk) is False
    row = OutboxRow.objects.get(kind="receipt")
    assert row.error_code == "seal-unavailable"
    with scope.system("look", read_only=True):
        assert not Receipt.objects.exists()
        assert not IssuedDocument.objects.exists()
    monkeypatch.undo()
    OutboxRow.objects.filter(pk=row.pk).update(due_at=row.created_at)
    drain()
    with scope.system("look", read_only=True):
        receipt = Receipt.objects.select_related("file").get()
        assert sealing.verify_pdf(files.read(receipt.file)).result == Result.GENUINE


def refuse(keyset: str) -> None:
    raise sealing.SealUnavailable(keyset)
