"""Each invariant is broken on purpose, past constraints and triggers, and must be found and named."""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections, transaction

from applications.models import Application, Attachment, Receipt
from foundation import files, scope
from foundation.files.models import StoredFile
from foundation.ids import new_id
from foundation.outbox.models import OutboxRow
from hro_portal.invariants import Breach, Span, check
from hro_portal.invariants.rules import breaches
from tests import filler
from tests.drain import drain
from tests.factories import make_application

NOW = timedelta(0)
PNG = Path(settings.BASE_DIR) / "hro_portal/demo/data/beispiel.png"

pytestmark = [pytest.mark.usefixtures("city"), pytest.mark.asvs("V2.3.3")]


@pytest.fixture
def case(client) -> Application:
    """An idea with a picture, sent and worked on as people and workers do it; and a draft beside it."""
    url = filler.begin(client)
    filler.fill_idea(client, url)
    filler.submit(client, url)
    drain()
    filler.fill(client, f"{filler.begin(client)}schritt/idee/", **filler.IDEA)
    with scope.system("a test adds a picture"):
        case = Application.objects.select_related("authority").get()
        whose = {"authority_id": case.authority_id, "keyset": case.authority.keyset, "subject_id": case.pk}
        picture = files.keep(PNG.read_bytes(), media_type="image/png", **whose)
        Attachment.objects.create(
            application_id=case.pk, authority=case.authority, path="correction/x", file=picture, name=b""
        )
        return case


@contextmanager
def without_laws() -> Iterator[Callable[[str, UUID], list[Breach]]]:
    """The database as it would be without triggers and foreign keys, for the length of a transaction of the owner.

    Gives a function that changes rows there, asks all rules, undoes the change and says what was found.
    """
    owner = connections["owner"]
    with transaction.atomic(using="owner"), owner.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype IN ('c', 'f') AND conrelid <> 0"
        )
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for table in owner.introspection.table_names(cursor):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE applications_routing DROP CONSTRAINT routed_once_per_target")
        cursor.execute("ALTER TABLE outbox_outboxrow DROP CONSTRAINT outbox_effect_once")
        portal, connections["default"] = connections["default"], owner
        try:
            yield _broken
        finally:
            connections["default"] = portal
            transaction.set_rollback(True, using="owner")


def _broken(sql: str, case_id: UUID) -> list[Breach]:
    before = transaction.savepoint(using="owner")
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, [case_id])
    try:
        return breaches(Span(patience=NOW), files=True, settled=False)
    finally:
        transaction.savepoint_rollback(before, using="owner")


def found(**how: object) -> set[str]:
    return {breach.invariant.split()[1] for breach in check(patience=NOW, files=True, **how)}


def test_a_case_that_went_all_the_way_breaks_nothing(case: Application) -> None:
    with scope.system("a test looks"):
        assert Receipt.objects.count() == Attachment.objects.count() == 1
    assert check(patience=NOW, files=True, settled=True) == []


def test_what_still_waits_breaks_nothing_unless_all_should_be_done(client) -> None:
    draft = filler.begin(client)
    filler.fill_idea(client, draft)
    filler.submit(client, draft)
    assert check(patience=NOW, files=True) == []
    assert found(settled=True) == {"nothing_waits"}


#: name of the invariant → what breaks it; %s is the case's id
BREAKS: dict[str, list[str]] = {
    "sent_once": ["UPDATE applications_transition SET to_state = 'SUBMITTED' WHERE no = 2 AND application_id = %s"],
    "reference_once": [
        "UPDATE applications_draft SET reference = (SELECT reference FROM applications_application WHERE id = %s)"
    ],
    "draft_is_gone": ["UPDATE applications_draft SET id = %s"],
    "state_is_last_transition": [
        "UPDATE applications_application SET state = 'COMPLETED' WHERE id = %s",
        "UPDATE applications_application SET state_no = 7 WHERE id = %s",
        "UPDATE applications_transition SET no = 3 WHERE no = 2 AND application_id = %s",
        "UPDATE applications_transition SET from_state = 'COMPLETED' WHERE no = 2 AND application_id = %s",
    ],
    "nothing_stands_still_unseen": ["UPDATE applications_application SET state = 'SUBMITTED' WHERE id = %s"],
    "one_receipt": ["DELETE FROM applications_receipt WHERE application_id = %s"],
    "no_second_receipt": ["UPDATE applications_receipt SET file_id = gen_random_uuid() WHERE application_id = %s"],
    "issued_is_what_is_kept": [
        "UPDATE applications_issueddocument SET file_id = gen_random_uuid() WHERE application_id = %s",
        "DELETE FROM applications_receipt WHERE application_id = %s",
    ],
    "routed_once": ["DELETE FROM applications_routing WHERE application_id = %s"],
    "one_row_per_target": [
        "INSERT INTO applications_routing (id, application_id, authority_id, target, department_id) SELECT "
        "gen_random_uuid(), application_id, authority_id, target, department_id FROM applications_routing "
        "WHERE application_id = %s"
    ],
    "handed_over_or_shown": [
        "INSERT INTO applications_routing (id, application_id, authority_id, target, department_id) SELECT "
        "gen_random_uuid(), application_id, authority_id, 'endpoint', department_id FROM applications_routing "
        "WHERE application_id = %s"
    ],
    "mail_once": [
        "INSERT INTO outbox_outboxrow (id, kind, subject_id, authority_id, target, attempts, state, error_code) SELECT "
        "gen_random_uuid(), kind, subject_id, authority_id, target, attempts, state, error_code FROM outbox_outboxrow "
        "WHERE kind = 'notify.received' AND subject_id = %s"
    ],
    "rows_have_bytes": [
        "UPDATE files_storedfile SET storage_key = '00/nowhere' || id WHERE subject_id = %s",
        "UPDATE files_storedfile SET verdict = '' WHERE subject_id = %s",
        "UPDATE files_storedfile SET verdict = 'pending', created_at = now() - interval '25 hours' "
        "WHERE subject_id = %s",
    ],
    "wishes_come_together": ["DELETE FROM outbox_outboxrow WHERE kind = 'notify.received' AND subject_id = %s"],
    "done_means_done": [
        "DELETE FROM applications_routing WHERE application_id = %s",
        "DELETE FROM applications_receipt WHERE application_id = %s",
        "UPDATE outbox_outboxrow SET kind = 'notice', target = 'x' WHERE kind = 'receipt' AND subject_id = %s",
    ],
    "there_means_done": ["UPDATE outbox_outboxrow SET state = 'dead' WHERE kind = 'receipt' AND subject_id = %s"],
    "children_stay_at_home": [
        f"UPDATE {table} SET authority_id = gen_random_uuid() WHERE {column} = %s"
        for table, column in (
            ("applications_attachment", "application_id"),
            ("applications_routing", "application_id"),
            ("applications_receipt", "application_id"),
            ("applications_issueddocument", "application_id"),
            ("applications_searchterm", "application_id"),
            ("files_storedfile", "subject_id"),
            ("outbox_outboxrow", "subject_id"),
            ("audit_auditevent", "object_id"),
        )
    ],
    "parents_are_at_home": [
        "UPDATE applications_application SET department_id = (SELECT d.id FROM authorities_department d "
        "JOIN authorities_authority w ON w.id = d.authority_id WHERE w.slug = 'schwerin' LIMIT 1) WHERE id = %s",
        "UPDATE applications_application SET authority_id = "
        "(SELECT id FROM authorities_authority WHERE slug = 'schwerin') WHERE id = %s",
    ],
    "papers_are_of_the_case": ["UPDATE files_storedfile SET subject_id = gen_random_uuid() WHERE subject_id = %s"],
    "trail_tells_once": [
        f"DELETE FROM audit_auditevent WHERE action = 'application.{verb}' AND object_id = %s"
        for verb in ("submitted", "receipt_made", "routed")
    ]
    + ["DELETE FROM applications_receipt WHERE application_id = %s"],
    "files_have_an_owner": [
        "WITH gone AS (DELETE FROM applications_attachment WHERE application_id = %s RETURNING file_id) "
        "UPDATE files_storedfile SET created_at = now() - interval '25 hours' WHERE id IN (SELECT file_id FROM gone)"
    ],
    "answers_open": [
        "UPDATE applications_application SET answers = set_byte(answers, 40, 255 - get_byte(answers, 40)) "
        "WHERE id = %s",
        "UPDATE applications_application SET answers_sha256 = repeat('0', 64) WHERE id = %s",
        "UPDATE applications_draft SET answers = (SELECT answers FROM applications_application WHERE id = %s)",
    ],
    "tests_are_marked": ["UPDATE applications_application SET is_test = true WHERE id = %s"],
    "tests_stay_in_the_house": [
        "WITH test AS (UPDATE applications_application SET is_test = true WHERE id = %s RETURNING id) "
        "UPDATE outbox_outboxrow SET kind = 'hand_over' WHERE kind = 'receipt' AND subject_id IN (SELECT id FROM test)",
    ],
    "tests_are_free": [
        "WITH test AS (UPDATE applications_application SET is_test = true WHERE id = %s RETURNING id, authority_id) "
        "INSERT INTO applications_decision (id, application_id, authority_id, no, outcome, reason, regime, "
        "content_sha256, by_id) SELECT gen_random_uuid(), id, authority_id, 1, 'approved', '', 'letter', '', "
        "gen_random_uuid() FROM test; "
        "INSERT INTO applications_payment (id, decision_id, authority_id, set_by_id) "
        "SELECT gen_random_uuid(), id, authority_id, gen_random_uuid() FROM applications_decision"
    ],
    "tests_go_in_time": [
        "UPDATE applications_application SET is_test = true, submitted_at = now() - interval '33 days' WHERE id = %s"
    ],
    "files_are_as_recorded": ["UPDATE files_storedfile SET sha256 = repeat('0', 64) WHERE subject_id = %s"],
    "receipt_says_what_is_stored": [
        "UPDATE applications_receipt SET data_sha256 = repeat('0', 64) WHERE application_id = %s",
        "UPDATE applications_application SET reference = 'HRO-ANDERS' WHERE id = %s",
        "UPDATE applications_receipt SET file_id = (SELECT file_id FROM applications_attachment LIMIT 1) "
        "WHERE application_id = %s",
    ],
}


def test_what_is_broken_is_found_and_named(case: Application) -> None:
    with without_laws() as broken:
        assert broken("SELECT %s", case.pk) == []
        for name, ways in BREAKS.items():
            for sql in ways:
                said = [each for each in broken(sql, case.pk) if each.invariant.split()[1] == name]
                assert said, (name, sql)
                assert all(each.sentence.endswith(".") and each.invariant.startswith("I") for each in said)


def a_file_lost(case: Application) -> None:
    with scope.system("a test looks"):
        stored = StoredFile.objects.first()
    (settings.FILES_DIR / stored.storage_key).unlink()


def a_byte_flipped(case: Application) -> None:
    with scope.system("a test looks"):
        stored = StoredFile.objects.order_by("size").first()
    path = settings.FILES_DIR / stored.storage_key
    path.write_bytes(path.read_bytes()[:-1] + b"\0")


def a_file_left_behind(case: Application) -> None:
    path = settings.FILES_DIR / "00" / str(new_id())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"nobody's")
    assert check(patience=NOW) == []
    long_ago = time.time() - 25 * 3600
    os.utime(path, (long_ago, long_ago))


@pytest.mark.parametrize(
    ("spoil", "name"),
    [
        (a_file_lost, "rows_have_bytes"),
        (a_byte_flipped, "files_are_as_recorded"),
        (a_file_left_behind, "rows_have_bytes"),
    ],
)
def test_a_spoilt_store_is_found(case: Application, spoil: Callable, name: str) -> None:
    spoil(case)
    assert name in found()
    for path in settings.FILES_DIR.glob("*/*"):
        path.unlink()


def test_a_dead_wish_is_no_loss_but_something_that_waits(client) -> None:
    draft = filler.begin(client)
    filler.fill_idea(client, draft)
    filler.submit(client, draft)
    OutboxRow.objects.update(state=OutboxRow.State.DEAD)
    assert found() == set()
    assert found(settled=True) == {"nothing_waits"}


def lose_the_receipt(case: Application) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE applications_receipt DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM applications_receipt WHERE application_id = %s", [case.pk])
        cursor.execute("ALTER TABLE applications_receipt ENABLE TRIGGER USER")


def test_the_command_names_breaches_and_ends_with_1(case: Application) -> None:
    lose_the_receipt(case)
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_invariants", "--json", "--patience", "0", stdout=out)
    assert ended.value.code == 1
    answer = json.loads(out.getvalue())
    assert answer["ok"] is False
    assert {breach["object_id"] for breach in answer["breaches"]} == {str(case.pk)}
    assert any(case.reference in breach["sentence"] for breach in answer["breaches"])


def test_the_command_says_that_all_is_well(case: Application) -> None:
    out = StringIO()
    call_command("verify_invariants", "--files", "--settled", "--since", "2026-01-01", stdout=out)
    assert "Alles in Ordnung" in out.getvalue()
    with pytest.raises(CommandError):
        call_command("verify_invariants", "--since", "2026-02-31")
    for patience in ("nan", "1e300", "1e12", "-5", "bald"):
        with pytest.raises(CommandError, match="--patience versteht Sekunden"):
            call_command("verify_invariants", "--patience", patience)


def test_cases_before_the_moment_are_left_out(case: Application) -> None:
    lose_the_receipt(case)
    assert check(patience=NOW, since=case.submitted_at + timedelta(seconds=1)) == []


def test_a_hundred_cases_are_checked_in_a_moment(city: None) -> None:
    for _ in range(100):
        make_application()
    check()
    began = time.process_time()
    assert check()
    assert time.process_time() - began < 0.5
