"""A case in one piece, for people and programs that do not know our tables."""

import json
from typing import Any
from uuid import UUID

from django.db.models import Q

from applications.contents import form_of
from applications.models import (
    Application,
    Attachment,
    CorrectionAnswer,
    CorrectionRequest,
    Decision,
    IssuedDocument,
    Message,
    Payment,
    Receipt,
    Revocation,
    Routing,
    Transition,
)
from forms_engine import api as engine
from foundation.files.models import StoredFile
from hro_portal.backup.database import OWNER
from hro_portal.moving import rows
from hro_portal.moving.belongings import Table
from postbox.models import PostboxItem

#: Name in the file → whose rows, and how they come to the case.
_PARTS: dict[str, tuple[Table, str]] = {
    "schritte": (Transition, "application_id"),
    "anlagen": (Attachment, "application_id"),
    "nachrichten": (Message, "application_id"),
    "nachforderungen": (CorrectionRequest, "application_id"),
    "antworten": (CorrectionAnswer, "request__application_id"),
    "entscheidungen": (Decision, "application_id"),
    "zahlungen": (Payment, "decision__application_id"),
    "widerrufe": (Revocation, "decision__application_id"),
    "zustaendig": (Routing, "application_id"),
    "eingangsbestaetigung": (Receipt, "application_id"),
    "ausgestellt": (IssuedDocument, "application_id"),
    "postfach": (PostboxItem, "subject_id"),
    "dateien": (StoredFile, "subject_id"),
}


def whole(case_id: UUID) -> dict[str, Any]:
    """The case with everything that hangs on it, its answers beside their questions."""
    [said] = rows.read(Application, Q(pk=case_id))
    case = Application.objects.using(OWNER).select_related("form_version__form", "offering__service").get(pk=case_id)
    answers = json.loads(said.pop("answers"))
    told = engine.summary(form_of(case), answers, language="de")
    return {
        "vorgang": said,
        "leistung": case.offering.service.slug,
        "formular": f"{case.form_version.form.key}-{case.form_version.no}.json",
        "angaben": answers,
        "fragen": [
            {
                "schritt": each.title,
                "angaben": [{"frage": row.label, "gruppe": row.group, "antwort": row.value} for row in each.rows],
            }
            for each in told
        ],
        **{name: list(rows.read(table, Q(**{way: case_id}))) for name, (table, way) in _PARTS.items()},
    }
