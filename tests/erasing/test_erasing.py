"""Erasure leaves nothing of a case but ids in the trail and in the list of erasures."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applications.erasing.use_cases import erase_application, erase_past_retention
from applications.filling.use_cases import discard_draft
from applications.models import Application, Decision, Draft
from applications.states import State
from catalogue.models import Offering
from foundation import files, scope
from foundation.audit import chain
from foundation.audit.models import AuditEvent
from foundation.erasure import completing, journal
from foundation.files.models import StoredFile
from foundation.ids import new_id
from tests.factories import make_application
from tests.house.rows import Furnished, furnish

pytestmark = [pytest.mark.usefixtures("city"), pytest.mark.tr("A3.16.01")]

#: They keep ids, so that what was done can be shown.
REMEMBERS = {"audit_auditevent", "erasure_erasure"}


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def case() -> Furnished:
    return furnish("rostock")


def naming(what: object) -> set[str]:
    """The tables in which a row holds this, in whatever column."""
    with connections["owner"].cursor() as cursor:
        tables = connections["owner"].introspection.table_names(cursor)
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table} t WHERE t::text LIKE %s)" for table in tables
            ),
            [f"%{what}%"] * len(tables),
        )
        return {table for (table,) in cursor.fetchall()}


def files_on_disk() -> list[str]:
    return [path.name for path in settings.FILES_DIR.glob("*/*")]


def actions_of(object_id: UUID) -> list[str]:
    with scope.system("a test looks", read_only=True):
        return list(AuditEvent.objects.filter(object_id=object_id).order_by("at").values_list("action", flat=True))


def close(application: Application, *, days_ago: float) -> None:
    with scope.system("a test closes a case"):
        Application.objects.filter(pk=application.pk).update(changed_at=timezone.now() - timedelta(days=days_ago))


@pytest.mark.tr("A3.2.06")
def test_nothing_of_a_case_is_left(case):
    case_id, reference = case.application.pk, case.application.reference
    before = naming(case_id)
    assert {"applications_decision", "applications_message", "postbox_postboxitem", "outbox_outboxrow"} <= before
    assert erase_application(case_id, "law") is True
    assert naming(case_id) == REMEMBERS
    assert naming(reference) == set()
    assert actions_of(case_id)[-1] == "application.erased"
    assert erase_application(case_id, "law") is False


def test_the_files_of_the_case_are_gone_and_others_stay(case):
    other = make_application()
    with scope.system("a test keeps a file"):
        files.keep(
            b"%PDF-",
            authority_id=other.authority_id,
            keyset="rostock",
            subject_id=other.pk,
            media_type="application/pdf",
        )
    before = len(files_on_disk())
    with scope.system("a test counts", read_only=True):
        own = StoredFile.objects.filter(subject_id=case.application.pk).count()
    erase_application(case.application.pk, "law")
    assert own
    assert len(files_on_disk()) == before - own
    assert {"applications_application", "files_storedfile"} <= naming(other.pk)


def test_the_trail_holds_after_an_erasure(case):
    chain.seal_new_events()
    erase_application(case.application.pk, "law")
    chain.seal_new_events()
    assert [breach for breach in chain.verify() if breach.chain != case.authority_id] == []


def test_history_goes_only_after_its_erasure_was_written_down(case):
    assert "written down first" in _refusal("SELECT portal_erase_application(%s)", case.application.pk)
    by_hand = "DELETE FROM applications_transition WHERE application_id = %s"
    assert "permission denied" in _refusal(by_hand, case.application.pk)


def _refusal(statement: str, *values: object) -> str:
    try:
        with scope.system("a test tries"), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('portal.erasing', 'on', true)")
            cursor.execute(statement, values)
    except DatabaseError as error:
        return str(error)
    return ""


def test_a_restored_case_is_erased_again(case, data):
    journal.append(journal.Entry("application", case.application.pk, "retention"))
    journal.append(journal.Entry("application", new_id(), "retention"))
    call_command("replay_erasures")
    assert naming(case.application.pk) == REMEMBERS


def test_a_case_that_is_a_draft_again_after_a_restore_is_erased_as_well(case):
    with scope.system("a test looks", read_only=True):
        draft_id = Draft.objects.get().pk
    journal.append(journal.Entry("application", draft_id, "retention"))
    call_command("replay_erasures")
    assert naming(draft_id) == REMEMBERS


def test_a_draft_that_its_person_removed_does_not_come_back(case):
    with scope.party(case.party_id):
        draft = Draft.objects.get()
        draft_id = draft.pk
        discard_draft(draft)
    assert [(entry.kind, entry.object_id) for entry in journal.read(journal.file())][-1] == ("draft", draft_id)
    draft.pk = draft_id
    with scope.system("a test restores the row"):
        draft.save(force_insert=True)
    call_command("replay_erasures")
    assert naming(draft_id) == REMEMBERS


def test_a_draft_whose_removal_did_not_hold_stays_after_a_restore(case):
    """What did not commit is not in the journal, or the next restore would erase a draft that lives."""
    with scope.system("a test looks", read_only=True):
        draft_id = Draft.objects.get().pk
    with pytest.raises(OSError, match="no disk"):
        _discard_and_fail(case)
    call_command("replay_erasures")
    with scope.system("a test looks", read_only=True):
        assert Draft.objects.filter(pk=draft_id).exists()


def _discard_and_fail(case: Furnished) -> None:
    with scope.party(case.party_id):
        discard_draft(Draft.objects.get())
        raise OSError("no disk")


def test_a_line_that_a_full_disk_kept_out_is_added_later(case, monkeypatch):
    def full(entry: journal.Entry) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(journal, "append", full)
        with scope.party(case.party_id):
            draft = Draft.objects.get()
            draft_id = draft.pk
            discard_draft(draft)
    with scope.system("a test looks", read_only=True):
        assert not Draft.objects.filter(pk=draft_id).exists(), "gone is gone"
    assert draft_id not in entries()
    assert completing.complete_journal("owner") >= 1
    assert entries()[draft_id] == ("draft", "discarded")
    assert completing.complete_journal("owner") == 0


def entries() -> dict[UUID, tuple[str, str]]:
    found = journal.read(journal.file()) if journal.file().exists() else ()
    return {entry.object_id: (entry.kind, entry.reason) for entry in found}


def test_a_file_that_is_no_journal_is_refused(tmp_path):
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text('{"kind": "application"}\n')
    with pytest.raises(CommandError, match="Zeile 1 von wrong"):
        call_command("replay_erasures", wrong)
    for unreadable in (tmp_path / "missing", tmp_path):
        with pytest.raises(CommandError, match="nicht lesbar"):
            call_command("replay_erasures", unreadable)


def test_a_half_line_at_the_end_of_the_journal_is_no_erasure_and_spoils_no_later_one():
    """Who wrote it died, or the disk was full: it was not confirmed, and so nothing was erased."""
    first, second = (journal.Entry("application", new_id(), "retention") for _ in range(2))
    journal.append(first)
    with open(journal.file(), "a") as file:
        file.write('{"kind": "application", "id": "01')
    assert list(journal.read(journal.file())) == [first]
    journal.append(second)
    assert list(journal.read(journal.file())) == [first, second]


def test_a_journal_with_a_kind_that_nobody_erases_is_refused_before_anything_is_erased(case, tmp_path):
    wrong = tmp_path / "wrong.jsonl"
    lines = [
        {"kind": "application", "id": str(case.application.pk), "reason": "x"},
        {"kind": "x", "id": str(case.application.pk), "reason": "x"},
    ]
    wrong.write_text("".join(json.dumps(line) + "\n" for line in lines))
    with pytest.raises(CommandError, match="Zeile 2 von wrong"):
        call_command("replay_erasures", wrong)
    with scope.system("look"):
        assert Application.objects.filter(pk=case.application.pk).exists()


@pytest.mark.tr("A3.3.03", "A3.19.04")
def test_cases_go_when_their_time_is_over_and_not_before():
    months = _retention()
    old, young = make_application(state=State.COMPLETED), make_application(state=State.WITHDRAWN)
    still_open = make_application(state=State.PROCESSING)
    close(old, days_ago=months * 31 + 1)
    close(young, days_ago=months * 30 - 10)
    close(still_open, days_ago=months * 31 + 1)
    assert erase_past_retention() == 1
    assert "applications_application" not in naming(old.pk)
    assert "applications_application" in naming(young.pk)
    assert "applications_application" in naming(still_open.pk)
    assert erase_past_retention() == 0


def test_an_index_finds_what_is_past_its_time():
    make_application(state=State.COMPLETED)
    with CaptureQueriesContext(connection) as asked:
        erase_past_retention()
    [question, *_more] = [query["sql"] for query in asked if '"changed_at" <' in query["sql"]]
    with scope.system("a test asks for the plan", read_only=True), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {question}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "closed_by_offering_and_time" in plan


def test_a_permit_in_force_is_kept(case):
    close(case.application, days_ago=_retention() * 31 + 1)
    with scope.system("a test decides"):
        Decision.objects.create(
            application=case.application,
            authority_id=case.authority_id,
            no=2,
            outcome="approved",
            reason=b"x",
            regime="letter",
            content_sha256="0" * 64,
            by_id=new_id(),
            valid_from=timezone.localdate(),
            valid_until=timezone.localdate() + timedelta(days=1),
        )
    assert erase_past_retention() == 0


def _retention() -> int:
    with scope.system("a test looks", read_only=True):
        return Offering.objects.get(authority__slug="rostock", service__slug="hundesteuer-anmelden").retention_months
