"""A person goes through everything; afterwards she is found nowhere in clear text, and erasure leaves nothing.

The lighter sister of `python -m drills privacy`, inside of one process.
"""

import base64
import json
import logging
import zlib
from collections.abc import Iterator
from typing import Any

import celery
import httpx
import pytest
from django.core import mail
from django.db import connections
from django.test import override_settings

from applications.erasing.use_cases import erase_application
from applications.models import Application
from drills import traces
from drills.persona import CLERK, EMAIL, Walk
from faults.visitor import Visitor
from foundation import scope
from foundation.vault import columns
from tests.drain import drain
from tests.factories import PASSWORD, make_clerk
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
    visitors = [
        Visitor(httpx.Client(base_url="http://localhost:8000", transport=httpx.WSGITransport(app=application)))
        for _ in range(3)
    ]
    with override_settings(DATA_DIR=tmp_path, ALLOWED_HOSTS=["localhost"]):
        yield Walk(*visitors, PASSWORD, drain, lambda address: mail.outbox[-1].body), told


def found_in_tables() -> list[str]:
    with connections["owner"].cursor() as cursor:
        found = []
        for table in connections["owner"].introspection.table_names(cursor):
            cursor.execute(f"SELECT to_jsonb(t) FROM {table} t")
            found += traces.in_rows(table, [_decoded(row) for (row,) in cursor])
    return found


def _decoded(row: Any) -> dict[str, Any]:
    return json.loads(row) if isinstance(row, str) else row


def test_nothing_of_a_person_lies_about_and_erasure_leaves_nothing(walk, caplog):
    walk, told = walk
    caplog.set_level(logging.INFO)
    walk.go()
    assert found_in_tables() == []
    assert traces.in_text(caplog.text) == []
    assert traces.in_text("\n".join(walk.persona.asked + walk.clerk.asked)) == []
    assert told
    assert traces.in_text("\n".join(told)) == []
    assert len(mail.outbox) > 4
    for each in mail.outbox:
        assert traces.in_mail({"Subject": each.subject}, each.body) == []
    _each_real_value_is_where_its_room_says()
    _leave(walk)


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
    walk.leave()
    with scope.system("a test looks", read_only=True):
        case = Application.objects.get(reference=walk.reference)
    erase_application(case.pk, "retention")
    with connections["owner"].cursor() as cursor:
        left = []
        for table in connections["owner"].introspection.table_names(cursor):
            cursor.execute(
                f"SELECT count(*) FROM {table} t WHERE t::text ILIKE ANY(%s)", [[f"%{EMAIL}%", f"%{walk.reference}%"]]
            )
            left += [table] * cursor.fetchone()[0]
    assert left == []


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
