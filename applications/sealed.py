"""What drafts and cases keep sealed, and where each value belongs: the authority's, in the row of its case."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Model, Q

from applications.models import (
    Announcement,
    Application,
    Attachment,
    CorrectionAnswer,
    CorrectionRequest,
    Decision,
    Draft,
    Message,
    Remark,
    Revocation,
)
from foundation import vault
from foundation.vault import Place, SealedColumn


def _column(model: type[Model], name: str, case: Callable[[Any], UUID], field: str, *related: str) -> SealedColumn:
    """`case` says which row the value is bound to; `field` is its name there, with the row's own key in it."""

    def place(row: Any) -> Place:
        return Place(row.authority.keyset, row.authority_id, case(row), field.format(row=row))

    def rows_of(keyset: str) -> Q:
        return Q(authority__keyset=keyset)

    return SealedColumn(model, name, place, rows_of, ("authority", *related))


vault.declare(
    _column(Draft, "answers", lambda row: row.pk, "answers"),
    _column(Draft, "taken_over", lambda row: row.pk, "taken_over"),
    _column(Application, "answers", lambda row: row.pk, "answers"),
    _column(Application, "applicant_name", lambda row: row.pk, "applicant_name"),
    _column(Application, "contact_email", lambda row: row.pk, "contact_email"),
    _column(Attachment, "name", lambda row: row.application_id, "attachment:{row.pk}"),
    _column(Announcement, "text", lambda row: row.pk, "text"),
    _column(Message, "text", lambda row: row.application_id, "message:{row.pk}:text"),
    _column(Remark, "text", lambda row: row.pk, "text"),
    _column(CorrectionRequest, "text", lambda row: row.application_id, "correction:{row.pk}:text"),
    _column(CorrectionRequest, "documents", lambda row: row.application_id, "correction:{row.pk}:documents"),
    _column(CorrectionAnswer, "text", lambda row: row.request.application_id, "answer:{row.pk}:text", "request"),
    _column(Decision, "reason", lambda row: row.application_id, "decision:{row.pk}:reason"),
    _column(Decision, "place", lambda row: row.application_id, "decision:{row.pk}:place"),
    _column(Decision, "conditions", lambda row: row.application_id, "decision:{row.pk}:conditions"),
    _column(Revocation, "reason", lambda row: row.decision.application_id, "decision:{row.pk}:revocation", "decision"),
)
