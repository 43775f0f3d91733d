"""What a test application never does: count, take a place, leave the house, cost, last, or become a real one."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import people
from accounts.people import Clerk
from applications.carrying.trying import on_versions
from applications.carrying.use_cases import offer_to_drafts
from applications.deciding import tasks, waiting
from applications.erasing import use_cases as erasing
from applications.erasing.queries import past_retention
from applications.errors import ApplicationError
from applications.filling.use_cases import TESTS_KEPT_FOR
from applications.models import Application, Draft, Payment, Routing
from applications.places import count
from applications.remarking.queries import filed_lately
from applications.states import State
from applications.telling.queries import Period, touched
from applications.telling.use_cases import answered_for_by
from applications.testing import use_cases as testing
from authorities.models import Authority, Department, refuse_prefix_of_tests
from backoffice.queries import inbox as inbox_queries
from catalogue.models import Offering
from foundation import clock, scope
from foundation.audit.models import AuditEvent
from foundation.erasure.models import Erasure
from foundation.files.models import StoredFile
from foundation.ids import new_id
from foundation.outbox import working
from foundation.outbox.models import OutboxRow
from postbox.models import PostboxItem
from tests import filler
from tests.carrying.forms import KEY, add, definition, question
from tests.drain import drain
from tests.factories import applicant, make_application, make_clerk, make_user
from tests.testing.way import (
    QUESTIONS,
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

#: Session and user 2, roles in a scope of their own 5, departments, the page's scope 4, authority, form, versions,
#: offerings, tests.
TRIALS_QUERIES = 17


def trial(**fields: Any) -> Application:
    """A filed one, without going through the pages."""
    return make_application(authority="schwerin", service=KEY, department="finanzen", is_test=True, **fields)


def real(**fields: Any) -> Application:
    return make_application(authority="schwerin", service=KEY, department="finanzen", **fields)


# --- who may -------------------------------------------------------------------------------------------------------


def test_only_authors_of_the_authority_begin_one(offering: Offering, staff: tuple[Client, Clerk]) -> None:
    stranger, _clerk = make_clerk("other@example.org", role="form_author", authority="rostock", department=None)
    for client in (staff[0], signed_in(stranger), signed_in(make_user())):
        for method in (client.get, client.post):
            assert method(trials_of(offering), {"offering": str(offering.pk)}).status_code == 404
    with scope.system("a test looks"):
        assert not Draft.objects.exists()


def test_a_service_of_another_form_is_unknown_here(author: Client, offering: Offering) -> None:
    with scope.system("a test looks"):
        other = Offering.objects.exclude(form=offering.form_id).filter(authority__slug="schwerin")[0]
    for sent in (str(other.pk), str(new_id()), "", "x"):
        assert author.post(trials_of(offering), {"offering": sent}).status_code == 404


def test_who_acts_for_an_organisation_is_told_to_switch(author: Client, offering: Offering) -> None:
    user, clerk = make_clerk("acts@example.org", role="form_author", authority="schwerin", department=None)
    person = applicant(user)
    with pytest.raises(ApplicationError, match="acts_for_others"):
        testing.begin_test(
            offering, by=people.Applicant(person.user_id, new_id(), person.person_party_id), author=clerk
        )


def test_others_see_nothing_of_it(author: Client, offering: Offering) -> None:
    draft, case = begin(author, offering), file_test(author, offering)
    somebody = signed_in(make_user())
    assert somebody.get(draft).status_code == 404
    assert somebody.get(f"/vorgang/{case.reference}/").status_code == 404


def test_the_page_costs_the_same_for_one_and_for_three(author: Client, offering: Offering) -> None:
    for number in (1, 3):
        while badges(page_of(author, trials_of(offering))) < number:
            trial()
        with CaptureQueriesContext(connection) as asked:
            assert badges(page_of(author, trials_of(offering))) == number
        assert len(asked) == TRIALS_QUERIES


def test_a_version_in_work_is_not_tried_this_way(author: Client, offering: Offering) -> None:
    add(definition([*QUESTIONS, question("neu")]), published=False)
    draft = begin(author, offering)
    with scope.system("a test looks"):
        assert Draft.objects.select_related("form_version").get(pk=UUID(draft.split("/")[2])).form_version.no == 1


def test_it_works_before_a_service_opens_and_before_it_is_online(author: Client, offering: Offering) -> None:
    with scope.system("a test closes a service"):
        Offering.objects.filter(pk=offering.pk).update(open_from=timezone.now() + timedelta(days=3), is_active=False)
    assert file_test(author, offering).is_test


# --- what the database keeps -----------------------------------------------------------------------------------------


def refused(using: str, statement: str, *parameters: Any) -> str:
    with pytest.raises(IntegrityError) as refusal:
        _run(using, statement, parameters)
    return str(refusal.value)


def _run(using: str, statement: str, parameters: tuple[Any, ...]) -> None:
    """In the scope of the portal itself, as this connection's role."""
    nobody = str(UUID(int=0))
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT set_config('portal.system', 'a test', true), set_config('portal.code', '', true)")
        for name in ("portal.authority", "portal.party"):
            cursor.execute("SELECT set_config(%s, %s, true)", [name, nobody])
        cursor.execute(statement, parameters)


@pytest.mark.parametrize("using", ["default", "owner"])
@pytest.mark.parametrize("make", [trial, real])
def test_the_flag_never_changes(offering: Offering, make: Callable[[], Application], using: str) -> None:
    case = make()
    for statement in ("is_test = NOT is_test", "is_test = NOT is_test, reference = 'TEST-2026-0000-0000'"):
        assert "never change" in refused(
            using, f"UPDATE applications_application SET {statement} WHERE id = %s", case.pk
        )


@pytest.mark.parametrize("using", ["default", "owner"])
def test_the_flag_of_a_draft_never_changes(author: Client, offering: Offering, using: str) -> None:
    for draft in (begin(author, offering), filler.begin(author, KEY, "schwerin")):
        statement = "UPDATE applications_draft SET is_test = NOT is_test WHERE id = %s"
        assert "never changed" in refused(using, statement, draft.split("/")[2])


def test_number_and_flag_go_together(author: Client, offering: Offering) -> None:
    draft = filler.begin(author, KEY, "schwerin")
    statement = "UPDATE applications_draft SET reference = 'TEST-2026-0000-0000' WHERE id = %s"
    assert "draft_of_a_test_is_marked" in refused("default", statement, draft.split("/")[2])
    again = """
        INSERT INTO applications_application SELECT (jsonb_populate_record(a, %s::jsonb)).*
        FROM applications_application a WHERE id = %s
    """
    for case, other in ((real(), {"is_test": True, "reference": "SN-1"}), (trial(), {"reference": "SN-1"})):
        changed = json.dumps(other | {"id": str(new_id())})
        assert "test_application_is_marked" in refused("default", again, changed, case.pk)


def test_the_database_lets_none_out_and_takes_no_money(
    author: Client, staff: tuple[Client, Clerk], offering: Offering
) -> None:
    case = file_test(author, offering)
    decision = decide(case, staff[1])
    whose = {"authority_id": case.authority_id}
    with pytest.raises(IntegrityError, match="never leaves"), scope.system("a test tries"):
        Routing.objects.create(application=case, department_id=case.department_id, target="endpoint", **whose)
    with pytest.raises(IntegrityError, match="nobody pays"), scope.system("a test tries"):
        Payment.objects.create(decision=decision, paid_on=timezone.localdate(), set_by_id=new_id(), **whose)


def test_no_authority_takes_the_prefix_of_tests() -> None:
    for prefix in ("TEST", "test"):
        with pytest.raises(ValidationError, match="Testanträgen"):
            Authority(reference_prefix=prefix).clean_fields(
                exclude=[each.name for each in Authority._meta.fields if each.name != "reference_prefix"]
            )
    refuse_prefix_of_tests("TESTS")


# --- it stays in -----------------------------------------------------------------------------------------------------


@pytest.fixture
def program(offering: Offering) -> Iterator[None]:
    """The office has a program of its own; departments stay between tests."""
    with scope.system("a test connects a program"):
        Department.objects.filter(slug="finanzen").update(endpoint="https://fachverfahren.example.org/eingang")
    yield
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE authorities_department SET endpoint = ''")


@pytest.mark.usefixtures("program")
def test_no_program_of_an_office_is_asked(author: Client, offering: Offering) -> None:
    case = file_test(author, offering)
    with scope.system("a test looks"):
        assert list(Routing.objects.filter(application=case).values_list("target", flat=True)) == ["department"]
    assert not OutboxRow.objects.filter(kind="hand_over").exists()
    ordinary = filler.begin(author, KEY, "schwerin")
    filler.fill(author, f"{ordinary}schritt/s1/", name="Kogge")
    filler.submit(author, ordinary, delivery="letter")
    with scope.system("a test sends the other one on its way"):
        OutboxRow.objects.exclude(kind="route").filter(state="due").delete()
    for row in OutboxRow.objects.filter(kind="route", state="due"):
        working.work(row.pk)
    assert OutboxRow.objects.filter(kind="hand_over").count() == 1


# --- it counts nowhere -----------------------------------------------------------------------------------------------


def test_it_takes_no_place(author: Client, offering: Offering) -> None:
    with scope.system("a test sets limits"):
        Offering.objects.filter(pk=offering.pk).update(max_submissions=1)
    file_test(author, offering)
    with scope.system("a test looks"):
        assert count(offering.pk, None) == 0
    guest = Client(headers={"accept-language": "de"})
    ordinary = filler.begin(guest, KEY, "schwerin")
    filler.fill(guest, f"{ordinary}schritt/s1/", name="Kogge")
    assert filler.submit(guest, ordinary).status_code == 302
    with scope.system("a test looks"):
        assert count(offering.pk, None) == 1
    assert file_test(author, offering).is_test  # all places are taken


def test_no_number_of_the_form_holds_it(author: Client, offering: Offering) -> None:
    draft = begin(author, offering)
    trial()
    assert on_versions(offering.form_id, authority_id=offering.authority_id) == []
    with scope.authority(offering.authority_id, read_only=True):
        assert filed_lately(offering.form) == 0
    add(definition([*QUESTIONS, question("neu")]))
    _user, clerk = make_clerk("offers@example.org", role="form_author", authority="schwerin", department=None)
    assert offer_to_drafts(offering.form, by=clerk) == 0
    real()
    (told,) = on_versions(offering.form_id, authority_id=offering.authority_id)
    assert (told.drafts, told.cases) == (0, 1)
    assert draft


def test_no_fault_touches_it(offering: Offering) -> None:
    _user, head = make_clerk("heads@example.org", role="head", authority="schwerin", department=None)
    trial()
    case = real()
    period = Period(timezone.now() - timedelta(hours=1), timezone.now() + timedelta(hours=1))
    with scope.for_person(head, read_only=True):
        assert list(touched(answered_for_by(head), service=KEY, period=period)) == [case]


def test_a_head_and_the_daily_mail_hear_of_it_as_a_test_only(
    offering: Offering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monday = datetime(2026, 11, 30, 5, 30, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: monday)
    _user, head = make_clerk("heads@example.org", role="head", authority="schwerin", department="finanzen")
    for _ in range(2):
        trial(submitted_at=monday - timedelta(days=20), due_on=monday.date())
    with scope.for_person(head, read_only=True):
        late = inbox_queries.late_for(head)
        assert late is not None
        assert late.number == 0
    tasks.ask_for_digests()
    drain()
    assert mail.outbox == []
    real(submitted_at=monday - timedelta(days=20), due_on=monday.date())
    with scope.authority(head.authority_id, read_only=True):
        (office,) = head.department_ids
        assert waiting.waiting_in(office, monday.date()) == waiting.Waiting(new=1, unopened=1, due=1, tests=2)
    with scope.system("a test asks once more"):
        OutboxRow.objects.filter(kind="digest").delete()
    tasks.ask_for_digests()
    drain()
    (message,) = mail.outbox
    assert "Neu: 1" in message.body
    assert "Dazu Testanträge: 2. Sie zählen oben nicht mit." in message.body


def test_the_inbox_shows_hides_and_singles_out(staff: tuple[Client, Clerk], offering: Offering) -> None:
    desk = staff[0]
    tried, case = trial(), real()
    for chosen, seen in (("", {tried, case}), ("ohne", {case}), ("nur", {tried}), ("x", {tried, case})):
        address = desk.post("/backoffice/filtern/", {"ansicht": "neu", "test": chosen})["Location"]
        tree = page_of(desk, address)
        found = set(tree.xpath("//tbody//span[contains(@class, 'portal-ref')]/text()"))
        assert found == {each.reference for each in seen}, chosen
        (counter,) = tree.xpath("//ul[@class='portal-tabs']//a[starts-with(., 'Neu')]/span/text()")
        assert counter == "1"
    kept = page_of(desk, "/backoffice/?ansicht=neu&test=nur").xpath("//form//input[@name='test']/@value")
    assert kept == ["nur"]
    assert "test=nur" in page_of(desk, "/backoffice/?ansicht=neu&test=nur").xpath("//tbody//a/@href")[0]


def test_it_grants_nothing(author: Client, staff: tuple[Client, Clerk], offering: Offering) -> None:
    case = file_test(author, offering)
    decide(case, staff[1])
    with scope.system("a test looks"):
        item = PostboxItem.objects.get(subject_id=case.pk)
    author.post(f"/postfach/{item.pk}/oeffnen/")
    with scope.party(case.party_id, read_only=True):
        item.refresh_from_db()
        assert item.effective_on is not None
    assert "Hier stehen Ihre Genehmigungen, sobald" in words(page_of(author, "/antraege/genehmigungen/"))


def test_it_is_no_template_and_offers_no_answers(author: Client, offering: Offering) -> None:
    case = file_test(author, offering)
    page = page_of(author, f"/vorgang/{case.reference}/")
    assert "Als Vorlage verwenden" not in words(page)
    assert "Als Vorlage verwenden" not in words(page_of(author, "/antraege/"))
    answer = author.post(f"/vorgang/{case.reference}/als-vorlage/")
    assert answer.status_code == 409
    assert "Ein Testantrag ist keine Vorlage." in answer.content.decode()
    with scope.system("a test looks"):
        assert not Draft.objects.exists()


def test_a_test_draft_is_not_gone_on_with_as_a_real_one(author: Client, offering: Offering) -> None:
    begin(author, offering)
    answer = author.post(f"/leistungen/schwerin/{KEY}/beginnen/")
    assert answer.status_code == 302
    with scope.system("a test looks"):
        assert sorted(Draft.objects.values_list("is_test", flat=True)) == [False, True]


# --- it goes ---------------------------------------------------------------------------------------------------------


def test_it_is_kept_for_thirty_days_whatever_came_of_it(offering: Offering) -> None:
    long_ago = timezone.now() - TESTS_KEPT_FOR - timedelta(hours=1)
    old = [trial(submitted_at=long_ago, state=state) for state in (State.RECEIVED, State.COMPLETED)]
    trial(submitted_at=timezone.now() - TESTS_KEPT_FOR + timedelta(hours=1))
    real(submitted_at=long_ago)
    assert sorted(past_retention(10)) == sorted(each.pk for each in old)
    assert erasing.erase_past_retention() == 2
    with scope.system("a test looks"):
        assert Application.objects.count() == 2


def test_a_test_draft_is_kept_for_thirty_days(author: Client, offering: Offering) -> None:
    draft = begin(author, offering)

    def left() -> timedelta:
        with scope.system("a test looks"):
            return Draft.objects.get(pk=UUID(draft.split("/")[2])).expires_at - timezone.now()

    assert timedelta(days=29) < left() < timedelta(days=31)
    filler.fill(author, f"{draft}schritt/s1/", name="Kogge")
    assert timedelta(days=29) < left() < timedelta(days=31)


def test_authors_delete_all_tests_of_a_form_and_nothing_else(author: Client, offering: Offering) -> None:
    draft, case = begin(author, offering), file_test(author, offering)
    others, kept = trial(), real()
    elsewhere = make_application(is_test=True)
    address = f"{trials_of(offering)}loeschen/"
    assert "Möchten Sie alle Testanträge löschen?" in words(page_of(author, address))
    done = author.post(address, follow=True)
    assert "3 Testanträge sind gelöscht." in done.content.decode()
    with scope.system("a test looks"):
        assert set(Application.objects.values_list("pk", flat=True)) == {kept.pk, elsewhere.pk}
        assert not Draft.objects.exists()
        assert not StoredFile.objects.filter(subject_id=case.pk).exists()
        erased = set(Erasure.objects.values_list("object_id", flat=True))
        assert erased == {case.pk, others.pk, UUID(draft.split("/")[2])}
        assert AuditEvent.objects.get(action="test.erased").refs["number"] == 3
    assert "0 Testanträge sind gelöscht." in author.post(address, follow=True).content.decode()
