"""What authors learn from the cases of a form: remarks and counts. No answer is opened."""

from collections.abc import Sequence
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
    """A remark, opened."""

    id: UUID
    text: str
    at: datetime
    by: str
    version_no: int


def remarks_of(form: Form) -> list[Remark]:
    """The remarks at a form, oldest first, sealed. One query."""
    found = Remark.objects.filter(form_version__form=form).select_related("authority", "form_version")
    return list(found.defer("form_version__definition"))


def opened(remarks: Sequence[Remark]) -> dict[UUID, Opened]:
    """What stands in these remarks and who wrote it, by the id of each. One query, however many there are."""
    names = names_of([remark.by_id for remark in remarks])
    return {
        remark.pk: Opened(remark.pk, _text(remark), remark.at, names.get(remark.by_id, ""), remark.form_version.no)
        for remark in remarks
    }


def _text(remark: Remark) -> str:
    sealed = bytes(remark.text)
    return vault.open_json(remark.authority.keyset, sealed, owner=remark.authority_id, row=remark.pk, field="text")


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
