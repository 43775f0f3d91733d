"""Rows around a case, as the use cases of the office write them."""

from datetime import date, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile

from applications.models import Application, CorrectionRequest, Decision
from foundation import files, scope
from foundation.ids import new_id
from postbox.models import PostboxItem

BERLIN = ZoneInfo("Europe/Berlin")


def ask(application: Application, text: str, documents: list[str], due_on: date) -> CorrectionRequest:
    """A correction request as `ask_back` writes it."""
    with scope.authority(application.authority_id):
        request = CorrectionRequest(
            id=new_id(),
            application_id=application.pk,
            authority_id=application.authority_id,
            due_on=due_on,
            asked_by_id=new_id(),
        )
        request.text = application.seal(f"correction:{request.pk}:text", text)
        request.documents = application.seal(f"correction:{request.pk}:documents", documents)
        request.save(force_insert=True)
    return request


def decide(
    application: Application, *, outcome: str = "approved", regime: str = "retrieval", **fields: Any
) -> Decision:
    """A decision as `deciding.use_cases.decide` writes it; the case is COMPLETED already."""
    (decision,) = decide_all([application], outcome=outcome, regime=regime, **fields)
    return decision


def decide_all(
    applications: list[Application], *, outcome: str = "approved", regime: str = "retrieval", **fields: Any
) -> list[Decision]:
    """The same decision about each of these cases of one authority."""
    decisions = []
    for application in applications:
        decision = Decision(
            id=new_id(),
            application=application,
            authority_id=application.authority_id,
            outcome=outcome,
            regime=regime,
            content_sha256="0" * 64,
            by_id=new_id(),
            **fields,
        )
        decision.reason = application.seal(f"decision:{decision.pk}:reason", "Ihr Hund ist angemeldet.")
        decisions.append(decision)
    with scope.authority(applications[0].authority_id):
        return Decision.objects.bulk_create(decisions)


def make_document(application: Application, *, notified: bool = True, **fields: Any) -> PostboxItem:
    """A notice on its way: by retrieval, unless told otherwise."""
    (item,) = make_documents([application], notified=notified, **fields)
    return item


def make_documents(applications: list[Application], *, notified: bool = True, **fields: Any) -> list[PostboxItem]:
    """A notice of each of these cases of one authority. All of them are the same file, but of the first case."""
    first = applications[0]
    with scope.authority(first.authority_id):
        stored = files.keep(
            b"%PDF-1.7 notice",
            authority_id=first.authority_id,
            keyset=first.authority.keyset,
            subject_id=first.pk,
            media_type="application/pdf",
        )
        return PostboxItem.objects.bulk_create(
            PostboxItem(
                authority_id=application.authority_id,
                party_id=application.party_id,
                subject_id=application.pk,
                title="Bescheid: Hundesteuer anmelden",
                file_id=stored.pk,
                **{"regime": "retrieval", "notified_at": datetime.now(BERLIN) if notified else None} | fields,
            )
            for application in applications
        )


def pdf(name: str = "ausweis.pdf") -> SimpleUploadedFile:
    """A file that the portal takes."""
    content = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(content)
    return SimpleUploadedFile(name, content.getvalue(), "application/pdf")
