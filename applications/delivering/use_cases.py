"""Delivering: a submitted application reaches its department, and gets its receipt. Neither waits for the other."""

from uuid import UUID

import segno
from django.utils import translation

from applications.delivering import receipt
from applications.delivering.routing import department_of
from applications.models import Application, Receipt, Routing
from applications.states import State
from applications.transitions import lock, move
from foundation import audit, documents, files

TARGET = "department"


def route_application(application_id: UUID) -> None:
    """Hands the application to its department, once; runs in the scope of its authority."""
    application = lock(Application(pk=application_id))
    if Routing.objects.filter(application=application, target=TARGET).exists():
        return
    department = department_of(application)
    Routing.objects.create(
        application=application, authority_id=application.authority_id, target=TARGET, department=department
    )
    application.department = department
    application.save(update_fields=["department"])
    if application.state == State.SUBMITTED:
        move(application, State.RECEIVED, by=None, reason="routed")
    audit.record(
        "application.routed",
        authority_id=application.authority_id,
        object_kind="application",
        object_id=application.pk,
        department=department.pk,
    )


def make_receipt(application_id: UUID) -> None:
    """Makes the receipt as PDF/A-3a with the answers inside, once; runs in the scope of its authority."""
    application = Application.objects.for_pages().get(pk=application_id)
    if Receipt.objects.filter(application=application).exists():
        return
    data = receipt.embedded_data(application)
    stored = files.keep(
        render_receipt(application, data),
        authority_id=application.authority_id,
        keyset=application.authority.keyset,
        subject_id=application.pk,
        media_type="application/pdf",
    )
    Receipt.objects.create(
        application=application,
        authority_id=application.authority_id,
        file=stored,
        data_sha256=receipt.digest(data),
    )
    audit.record(
        "application.receipt_made",
        authority_id=application.authority_id,
        object_kind="application",
        object_id=application.pk,
        file=stored.pk,
    )


def render_receipt(application: Application, data: bytes) -> bytes:
    """The PDF of the receipt with `data` inside, in the language of the application."""
    with translation.override(application.language):
        content = receipt.content_of(application)
    return documents.render_pdf(
        "documents/receipt.html",
        {"receipt": content},
        attachments=[(receipt.JSON_NAME, data, "application/json")],
        assets={"qr.svg": (_qr_code(receipt.follow_url(application)), "image/svg+xml")},
        language=application.language,
    )


def _qr_code(url: str) -> bytes:
    return segno.make(url, error="m").svg_inline(border=2).encode()
