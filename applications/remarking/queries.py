"""What authors learn from the cases of a form: remarks and counts. No answer is opened."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from applications.deciding.staff import names_of
from applications.models import Remark
from forms_engine.models import Form
from foundation import vault

MONTHS = 12

_FILED = """
    SELECT count(*) FROM applications_application filed
    JOIN forms_engine_formversion version ON version.id = filed.form_version_id
    WHERE version.form_id = %s AND filed.submitted_at > now() - make_interval(months => %s) AND NOT filed.is_test
"""
_ASKED_AGAIN = """
    SELECT version.no, question.path, count(DISTINCT request.application_id)
    FROM applications_correctionrequest request
    JOIN applications_application filed ON filed.id = request.application_id
    JOIN forms_engine_formversion version ON version.id = filed.form_version_id
    CROSS JOIN LATERAL jsonb_array_elements_text(coalesce(request.questions, '[]'::jsonb)) AS question(path)
    WHERE version.form_id = %s AND filed.submitted_at > now() - make_interval(months => %s) AND NOT filed.is_test
    GROUP BY version.no, question.path
"""


@dataclass(frozen=True)
class Opened:
    """A remark, opened; `path` is that of its version."""

    id: UUID
    path: str
    text: str
    at: datetime
    by: str
    version_no: int


def remarks_of(form: Form) -> list[Opened]:
    """The remarks at a form, oldest first. Two queries, however many there are."""
    rows = list(
        Remark.objects.filter(form_version__form=form)
        .select_related("authority", "form_version")
        .defer("form_version__definition")
    )
    names = names_of([row.by_id for row in rows])
    found = []
    for row in rows:
        text = vault.open_json(row.authority.keyset, bytes(row.text), owner=row.authority_id, row=row.pk, field="text")
        found.append(Opened(row.pk, row.path, text, row.at, names.get(row.by_id, ""), row.form_version.no))
    return found


def filed_lately(form: Form) -> int:
    """How many applications came by this form in the last twelve months."""
    with connection.cursor() as cursor:
        cursor.execute(_FILED, [form.pk, MONTHS])
        return cursor.fetchone()[0]


def asked_again_lately(form: Form) -> dict[tuple[int, str], int]:
    """For how many of these applications the office had to ask again about a question, by version and path there."""
    with connection.cursor() as cursor:
        cursor.execute(_ASKED_AGAIN, [form.pk, MONTHS])
        return {(no, path): count for no, path, count in cursor.fetchall()}
