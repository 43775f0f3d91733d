"""The read log: every look is in it, the person and the data protection officer read it, and a look at it is in it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import profile
from accounts.models import User
from applications.models import Application, Attachment, Receipt
from applications.reading import LOOKS
from applications.states import State
from foundation import files, scope
from foundation.audit.models import AuditEvent
from foundation.ids import code_digest, new_code, new_id, new_reference
from tests.factories import make_application, make_clerk, make_user
from tests.following.rows import decide, make_document
from tests.walls.asking import ADDRESSES, Address

pytestmark = [pytest.mark.usefixtures("city"), pytest.mark.asvs("V16.2.1", "V16.3.1", "V16.3.3")]


@pytest.fixture
def lena() -> User:
    return make_user()


@pytest.fixture
def case(lena: User) -> Application:
    """A decided case of Lena's with a receipt, a file and an opened notice."""
    application = make_application(party_id=lena.party.pk, state=State.COMPLETED, name="Kogge, Lena")
    decision = decide(application)
    opened = {"retrieved_at": timezone.now(), "effective_on": timezone.localdate()}
    make_document(application, id=decision.pk, **opened)
    at_authority = {"authority_id": application.authority_id, "subject_id": application.pk}
    with scope.authority(application.authority_id):
        kept = [
            files.keep(b"%PDF-1.7 x", keyset=application.authority.keyset, media_type="application/pdf", **at_authority)
            for _ in range(2)
        ]
        Receipt.objects.create(
            application=application, authority_id=application.authority_id, file=kept[0], data_sha256="0" * 64
        )
        attachment = Attachment(
            id=new_id(),
            application_id=application.pk,
            authority_id=application.authority_id,
            path="plan",
            file=kept[1],
        )
        attachment.name = application.seal(f"attachment:{attachment.pk}", "plan.pdf")
        attachment.save(force_insert=True)
    return application


def attachment_of(case: Application) -> str:
    with scope.system("a test looks", read_only=True):
        return str(Attachment.objects.get(application_id=case.pk).pk)


def item_of(case: Application) -> str:
    with scope.system("a test looks", read_only=True):
        return str(case.decisions.get().pk)


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "de"})
    client.force_login(user)
    return client


@pytest.fixture
def officer() -> Client:
    return signed_in(make_clerk("datenschutz@example.org", role="data_protection", department=None)[0])


def looks(case: Application) -> list[tuple[str, str]]:
    with scope.system("a test looks", read_only=True):
        events = AuditEvent.objects.filter(object_id=case.pk, action__contains=".").order_by("at", "id")
        return [(event.action, event.refs.get("role", "")) for event in events]


OF_OFFICE = {
    "": "application.read",
    "bescheid/": "notice.read",
    "bescheid/{item}.pdf": "notice.read",
    "datei/{attachment}/": "attachment.read",
    "kopie.json": "application.copied",
    "kopie.csv": "application.copied",
    "kopie.pdf": "application.copied",
}
OF_PERSON = {
    "/vorgang/{reference}/": "application.read",
    "/vorgang/{reference}/bestaetigung/": "receipt.read",
    "/vorgang/{reference}/bestaetigung.pdf": "receipt.read",
    "/vorgang/{reference}/datei/{attachment}/": "attachment.read",
    "/vorgang/{reference}/zugriffe/": "readlog.read",
    "/vorgang/{application}/bescheid/": "notice.read",
    "/postfach/{item}/dokument.pdf": "notice.read",
}


def filled(template: str, case: Application) -> str:
    return template.format(
        reference=case.reference, application=case.pk, attachment=attachment_of(case), item=item_of(case)
    )


@pytest.mark.parametrize("role", ["clerk", "head"])
def test_every_look_of_the_office_is_noted_with_its_role(case: Application, role: str) -> None:
    client = signed_in(make_clerk(role=role)[0])
    for address in OF_OFFICE:
        answer = client.get(f"/backoffice/vorgang/{case.reference}/{filled(address, case)}")
        assert answer.status_code == 200, address
    assert looks(case) == [(action, role) for action in OF_OFFICE.values()]


def test_every_look_of_the_person_is_noted(case: Application, lena: User) -> None:
    client = signed_in(lena)
    for address in OF_PERSON:
        assert client.get(filled(address, case)).status_code == 200, address
    assert looks(case) == [(action, "person") for action in OF_PERSON.values()]


def test_a_look_with_a_code_is_noted_without_a_name() -> None:
    code = new_code()
    case = make_application(access_digest=code_digest(code))
    client = Client(headers={"accept-language": "de"})
    client.post("/vorgang/", {"nummer": case.reference, "code": code})
    assert client.get(f"/vorgang/{case.reference}/").status_code == 200
    assert looks(case) == [("application.read", "person")]
    with scope.system("a test looks", read_only=True):
        assert AuditEvent.objects.get(object_id=case.pk).actor_id is None


def test_a_refused_look_leaves_no_line(case: Application) -> None:
    signed_in(make_user("nosy@example.org")).get(f"/vorgang/{case.reference}/")
    signed_in(make_clerk(department="mobilitaet")[0]).get(f"/backoffice/vorgang/{case.reference}/")
    assert looks(case) == []


def test_a_hit_of_the_search_is_noted_when_it_is_opened(case: Application) -> None:
    client = signed_in(make_clerk()[0])
    client.post("/backoffice/filtern/", {"q": "Kogge"}, follow=True)
    assert looks(case) == []
    client.get(f"/backoffice/vorgang/{case.reference}/?ansicht=alle")
    assert looks(case) == [("application.read", "clerk")]


def test_the_person_reads_office_and_role_and_no_name(case: Application, lena: User) -> None:
    user, _clerk = make_clerk()
    profile.write(user, {"given_name": "Maren", "family_name": "Petersen"})
    signed_in(user).get(f"/backoffice/vorgang/{case.reference}/")
    client = signed_in(lena)
    assert f"/vorgang/{case.reference}/zugriffe/" in client.get(f"/vorgang/{case.reference}/").content.decode()
    page = client.get(f"/vorgang/{case.reference}/zugriffe/").content.decode()
    assert "Sachbearbeitung, Kämmereiamt, Gewerbe- und sonstige Steuern" in page
    assert "Vorgang angesehen" in page
    assert "Petersen" not in page
    assert "antragstellende Person" not in page


def test_the_person_reads_it_in_english_too(case: Application, lena: User) -> None:
    signed_in(make_clerk()[0]).get(f"/backoffice/vorgang/{case.reference}/")
    client = signed_in(lena)
    page = client.get(f"/vorgang/{case.reference}/zugriffe/", headers={"accept-language": "en"}).content.decode()
    assert "Who has read my case?" in page
    assert "Looked at the case" in page


def test_the_officer_reads_names_and_nothing_of_the_case(case: Application, officer: Client) -> None:
    user, _clerk = make_clerk()
    profile.write(user, {"given_name": "Maren", "family_name": "Petersen"})
    signed_in(user).get(f"/backoffice/vorgang/{case.reference}/")
    page = officer.get("/backoffice/zugriffe/", {"vorgang": case.reference}).content.decode()
    assert "Maren Petersen" in page
    assert "Sachbearbeitung" in page
    assert "Kogge" not in page
    assert "Hundesteuer" not in page


def test_the_officer_can_tell_apart_who_told_no_name(case: Application, officer: Client) -> None:
    for address in ("one@example.org", "two@example.org"):
        signed_in(make_clerk(address)[0]).get(f"/backoffice/vorgang/{case.reference}/")
    page = officer.get("/backoffice/zugriffe/", {"vorgang": case.reference}).content.decode()
    assert "one@example.org" in page
    assert "two@example.org" in page


def test_the_look_into_the_log_stands_in_the_log(case: Application, officer: Client, lena: User) -> None:
    address = ("/backoffice/zugriffe/", {"vorgang": case.reference})
    officer.get(*address)
    assert looks(case) == [("readlog.read", "data_protection")]
    assert "Diese Liste der Zugriffe angesehen" in officer.get(*address).content.decode()
    theirs = signed_in(lena).get(f"/vorgang/{case.reference}/zugriffe/").content.decode()
    assert "Datenschutz" in theirs


def test_the_officer_begins_with_the_log_and_opens_no_case(case: Application, officer: Client) -> None:
    assert officer.get("/backoffice/").headers["Location"] == "/backoffice/zugriffe/"
    assert officer.get(f"/backoffice/vorgang/{case.reference}/").status_code == 404


@pytest.mark.parametrize("role", ["clerk", "head", "form_author", "operator"])
def test_nobody_else_of_the_staff_has_a_view_of_it(case: Application, role: str) -> None:
    client = signed_in(make_clerk(role=role)[0])
    assert client.get("/backoffice/zugriffe/", {"vorgang": case.reference}).status_code == 404
    assert looks(case) == []


def test_another_authoritys_case_is_as_unknown_as_none(officer: Client) -> None:
    foreign = make_application(authority="schwerin", department="finanzen")
    answers = [
        officer.get("/backoffice/zugriffe/", {"vorgang": reference})
        for reference in (foreign.reference, new_reference("SN", 2026))
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert looks(foreign) == []


@pytest.fixture
def looked_at(case: Application) -> Callable[[int], None]:
    """Lays down so many looks, a minute apart."""

    def lay(number: int) -> None:
        user, clerk = make_clerk(f"clerk{new_id()}@example.org")
        now = timezone.now()
        with scope.authority(case.authority_id):
            AuditEvent.objects.bulk_create(
                AuditEvent(
                    authority_id=case.authority_id,
                    at=now - timedelta(minutes=no),
                    actor_id=user.pk,
                    action="application.read",
                    object_kind="application",
                    object_id=case.pk,
                    refs={"role": "clerk", "department": str(clerk.department_ids[0])},
                )
                for no in range(1, number + 1)
            )

    return lay


#: Whole pages, with the frame's own statements, and BEGIN, COMMIT and `set_config` of each scope.
OFFICERS_QUERIES = 21
PERSONS_QUERIES = 20


@pytest.mark.parametrize("rows", [1, 3])
def test_the_log_costs_the_same_for_one_line_and_for_three(
    case: Application, officer: Client, lena: User, looked_at: Callable[[int], None], rows: int
) -> None:
    looked_at(rows)
    address = ("/backoffice/zugriffe/", {"vorgang": case.reference})
    officer.get(*address)
    with CaptureQueriesContext(connection) as counted:
        officer.get(*address)
    assert len(counted) == OFFICERS_QUERIES
    client = signed_in(lena)
    client.get(f"/vorgang/{case.reference}/zugriffe/")
    with CaptureQueriesContext(connection) as counted:
        client.get(f"/vorgang/{case.reference}/zugriffe/")
    assert len(counted) == PERSONS_QUERIES


def test_pages_follow_each_other_by_key_and_lose_no_line(
    case: Application, officer: Client, looked_at: Callable[[int], None]
) -> None:
    looked_at(30)
    first = officer.get("/backoffice/zugriffe/", {"vorgang": case.reference})
    assert first.content.decode().count('">Vorgang angesehen<') == 25
    second = officer.get(f"/backoffice/zugriffe/?{first.context['next_query']}")
    assert second.content.decode().count('">Vorgang angesehen<') == 5
    assert "Nächste Seite" not in second.content.decode()


def test_a_place_that_is_none_shows_the_beginning(case: Application, officer: Client) -> None:
    for after in ("x", "2026-01-01_x", "_", "2026-01-01_" + "0" * 32, "2026-01-01T00:00:00+00:00_" + "0" * 32):
        assert officer.get("/backoffice/zugriffe/", {"vorgang": case.reference, "nach": after}).status_code == 200


def test_the_log_is_found_by_its_index(case: Application, looked_at: Callable[[int], None]) -> None:
    looked_at(3)
    with scope.authority(case.authority_id, read_only=True), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        events = AuditEvent.objects.filter(object_id=case.pk).order_by("-at", "-id")
        assert "audit_event_of_object" in events.explain()


#: Every page of the office that names a case.
ABOUT_A_CASE = [each for each in ADDRESSES if each.name.startswith("backoffice:") and "reference" in each.names]
#: These only do something, and lead back to the case.
DEEDS = {"backoffice:take-over", "backoffice:settle", "backoffice:payment"}
#: These want a case that is still worked on.
AT_WORK = {"backoffice:ask-back", "backoffice:decide"}


def looks_at(case: Application) -> int:
    with scope.system("a test looks", read_only=True):
        return AuditEvent.objects.filter(object_id=case.pk, action__in=LOOKS).count()


@pytest.mark.parametrize("address", ABOUT_A_CASE, ids=lambda each: each.name)
def test_every_page_of_the_office_about_a_case_notes_the_look(case: Application, address: Address) -> None:
    """A page that is built without a note fails here."""
    user, head = make_clerk("leitung@example.org", role="head")
    shown = case
    if address.name in AT_WORK:
        shown = make_application(state=State.PROCESSING, assignee_id=head.user_id, name="Kogge, Lena")
    ids = {"attachment_id": attachment_of(case), "item_id": item_of(case), "decision_id": item_of(case), "kind": "json"}
    answer = signed_in(user).get(address.template.format(reference=shown.reference, **ids))
    assert (answer.status_code, looks_at(shown)) == ((405, 0) if address.name in DEEDS else (200, 1))


@pytest.mark.parametrize("page", ["nachfordern", "antworten", "entscheiden"])
def test_a_form_that_comes_back_with_a_fault_is_a_look_too(page: str) -> None:
    user, clerk = make_clerk()
    case = make_application(state=State.PROCESSING, assignee_id=clerk.user_id)
    assert signed_in(user).post(f"/backoffice/vorgang/{case.reference}/{page}/", {"text": ""}).status_code == 422
    assert looks_at(case) == 1


def test_only_who_has_taken_a_case_over_sees_what_its_notice_would_say() -> None:
    user, clerk = make_clerk()
    mine = make_application(state=State.PROCESSING, assignee_id=clerk.user_id, name="Kogge, Lena")
    other = make_application(state=State.PROCESSING, assignee_id=new_id(), name="Kogge, Lena")
    ruling = {
        "action": "preview",
        "outcome": "approved",
        "reason": "Weil es passt.",
        "regime": "letter",
        "seen_no": str(mine.state_no),
    }
    answers = [
        signed_in(user).post(f"/backoffice/vorgang/{case.reference}/entscheiden/", ruling) for case in (mine, other)
    ]
    assert [each.status_code for each in answers] == [200, 409]
    assert "Übernehmen Sie ihn zuerst." in answers[1].content.decode()
    assert "Weil es passt." in answers[1].content.decode(), "nothing typed is lost"
    assert [template.name for template in answers[1].templates].count("backoffice/preview.html") == 0
    assert [looks_at(case) for case in (mine, other)] == [1, 1]
