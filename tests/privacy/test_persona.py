"""A person goes through everything; afterwards she is found nowhere in clear text, and erasure leaves nothing.

The lighter sister of `python -m drills privacy`, inside of one process.
"""

import base64
import json
import logging
import zlib
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import celery
import httpx
import pytest
from django.core import mail
from django.db import connections
from django.test import override_settings

from accounts.models import Invitation, Party, User
from applications.erasing.use_cases import erase_application
from applications.models import Application, Message
from drills import left, traces
from drills.persona import CLERK, COLLEAGUE, EMAIL, HEAD, ORGANISATION, Walk
from faults.visitor import Visitor
from foundation import scope
from foundation.files import path_of
from foundation.files.models import StoredFile
from foundation.ids import new_id
from foundation.vault import columns
from postbox.models import PostboxItem
from tests.drain import drain
from tests.factories import PASSWORD, make_clerk, make_user
from tests.house.sealed import opened, rows_of

pytestmark = [
    pytest.mark.usefixtures("city"),
    pytest.mark.asvs("V14.2.1", "V16.2.5"),
    pytest.mark.tr("A3.16.01"),
]


@pytest.fixture
def walk(tmp_path, monkeypatch) -> Iterator[tuple[Walk, list[str]]]:
    """The walk, and what it told Celery."""
    from hro_portal.wsgi import application

    told: list[str] = []
    monkeypatch.setattr(celery.current_app, "send_task", lambda *args, **kwargs: told.append(f"{args} {kwargs}"))
    make_clerk(CLERK)
    make_clerk(HEAD, role="head")
    make_user(COLLEAGUE)
    visitors = [
        Visitor(httpx.Client(base_url="http://localhost:8000", transport=httpx.WSGITransport(app=application)))
        for _ in range(5)
    ]
    with override_settings(DATA_DIR=tmp_path, ALLOWED_HOSTS=["localhost"]):
        yield Walk(*visitors, PASSWORD, drain, lambda address: mail.outbox[-1].body), told


def every_row() -> Iterator[tuple[str, dict[str, Any]]]:
    """Of every table, with its name."""
    with connections["owner"].cursor() as cursor:
        for table in connections["owner"].introspection.table_names(cursor):
            cursor.execute(f"SELECT to_jsonb(t) FROM {table} t")
            yield from ((table, _decoded(row)) for (row,) in cursor.fetchall())


def found_in_tables(secrets: Mapping[str, str]) -> list[str]:
    return [found for table, row in every_row() for found in traces.in_rows(table, [row], secrets)]


def _decoded(row: Any) -> dict[str, Any]:
    return json.loads(row) if isinstance(row, str) else row


def test_nothing_of_a_person_lies_about_and_erasure_leaves_nothing(walk, caplog):
    walk, told = walk
    caplog.set_level(logging.INFO)
    walk.go()
    assert found_in_tables(walk.secrets) == []
    assert traces.in_text(caplog.text, secrets=walk.secrets) == []
    assert traces.in_text("\n".join(walk.asked), secrets=walk.secrets) == []
    assert told
    assert traces.in_text("\n".join(told), secrets=walk.secrets) == []
    assert len(mail.outbox) > 8
    for each in mail.outbox:
        assert traces.in_mail({"Subject": each.subject}, each.body, walk.secrets) == []
    _each_real_value_is_where_its_room_says()
    _closed_invitations_say_nothing()
    _leave(walk)


def _closed_invitations_say_nothing() -> None:
    closed = Invitation.objects.filter(closed_at__isnull=False)
    assert (closed.count(), set(closed.values_list("email", flat=True))) == (2, {""})
    assert Invitation.objects.get(closed_at__isnull=True).email == EMAIL


def _each_real_value_is_where_its_room_says() -> None:
    """What the pages have sealed opens at the places that the rooms have declared."""
    met = {str(column) for column in columns.columns if any(_is_sealed(column, row) for row in rows_of(column))}
    assert met >= {
        "accounts.Organisation.sites",
        "accounts.User.profile",
        "applications.Application.answers",
        "applications.Application.applicant_name",
        "applications.Application.contact_email",
        "applications.Attachment.name",
        "applications.CorrectionAnswer.text",
        "applications.CorrectionRequest.text",
        "applications.Decision.reason",
        "applications.Message.text",
    }


def _is_sealed(column: columns.SealedColumn, row: Any) -> bool:
    content = getattr(row, column.name)
    return bool(content) and bool(opened(column, row))


def _leave(walk: Walk) -> None:
    """Account and cases go; what is left of all their ids and files."""
    user = User.objects.get(email=EMAIL)
    parties = [user.party.pk, Party.objects.get(name=ORGANISATION).pk]
    with scope.system("a test looks", read_only=True):
        cases = list(Application.objects.filter(reference__in=walk.references).values_list("pk", flat=True))
        subjects = [user.pk, *parties, *cases, UUID(walk.draft)]
        stored = list(StoredFile.objects.filter(subject_id__in=subjects))
        papers = PostboxItem.objects.filter(subject_id__in=cases).values_list("pk", flat=True)
        messages = Message.objects.filter(application_id__in=cases).values_list("pk", flat=True)
        gone = left.plain([*subjects, *(file.pk for file in stored), *papers, *messages])
    assert (len(cases), len(papers)) == (4, 2)
    assert len(stored) > 11
    assert all(path_of(file).exists() for file in stored)
    assert len(naming(gone)) > 40
    assert {"accounts_user", "account_emailaddress"} <= set(speaking([EMAIL]))
    assert "applications_application" in speaking(walk.references)
    walk.leave()
    for case in cases:
        erase_application(case, "retention")
    assert naming(gone) <= left.MAY_REMEMBER.keys()
    assert naming(gone) >= {("erasure_erasure", "object_id"), ("audit_auditevent", "object_id")}
    assert speaking([EMAIL, *walk.references]) == []
    assert [file for file in stored if path_of(file).exists()] == []


def naming(gone: set[str]) -> set[tuple[str, str]]:
    """(table, column) wherever one of these ids stands."""
    return {(table, column) for table, row in every_row() for column in left.columns_naming(row, gone)}


def speaking(words: list[str]) -> list[str]:
    """The tables in which a row holds one of these words."""
    return [table for table, row in every_row() if any(word.lower() in str(row).lower() for word in words)]


def test_the_search_finds_what_it_shall_find():
    """A detector that never cries is worth nothing."""
    for hidden in (
        "Frau Zwiefelhaken",
        b"Zwiefelhaken".hex(),
        base64.b64encode(b'{"name": "Frau Zwiefelhaken"}').decode(),
        base64.urlsafe_b64encode(zlib.compress(b"Frau Zwiefelhaken" * 3)).decode(),
    ):
        assert traces.in_text(f"xx {hidden} yy") == ["family name"]
    kept = base64.b64encode(b'{"codes": {"1": "7K3M-4Q9X-7K3M-4Q9X"}}').decode()
    assert traces.in_text(kept) == ["access code"]
    assert traces.in_text("HRO-2026-7K3M-4Q9X") == []
    assert traces.in_text(EMAIL, with_address=False) == []
    assert list(traces.in_rows("django_session", [{"session_data": EMAIL}]))


def test_an_id_is_found_with_dashes_or_without_and_inside_of_other_values():
    one, other = new_id(), new_id()
    gone = left.plain([one])
    for value in (str(one), one.hex, str(one).upper(), f"/antrag/{one}/", {"refs": [str(other), one.hex]}):
        assert list(left.in_rows("any_table", [{"id": str(other), "what": value}], gone)) == ["any_table.what"]
    assert list(left.in_rows("audit_auditevent", [{"object_id": str(one)}], gone)) == []
    assert list(left.in_rows("any_table", [{"hash": f"ab{one.hex}cd", "none": None, "no": 7}], gone)) == []
