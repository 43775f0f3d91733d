"""Delivering: a submitted application reaches its department, and gets its receipt. Neither waits for the other."""

from uuid import UUID

from django.utils import translation

from applications.delivering import handover, receipt
from applications.delivering.routing import department_of
from applications.issuing.use_cases import check_page, code_svg, issue
from applications.models import Application, IssuedDocument, Receipt, Routing
from applications.states import State
from applications.transitions import lock, move
from foundation import audit, documents

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
    handover.want(application)


def make_receipt(application_id: UUID) -> None:
    """Makes the receipt as sealed PDF/A-3a with the answers inside, once; runs in the scope of its authority."""
    application = Application.objects.for_pages().get(pk=application_id)
    if Receipt.objects.filter(application=application).exists():
        return
    data = receipt.embedded_data(application)
    stored = issue(
        application.pk,
        application=application,
        kind=IssuedDocument.Kind.RECEIPT,
        make=lambda check_url: render_receipt(application, data, check_url),
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


def render_receipt(application: Application, data: bytes, check_url: str) -> bytes:
    """The PDF of the receipt with `data` inside and the address of its check page, in the application's language."""
    with translation.override(application.language):
        content = receipt.content_of(application)
    return documents.render_pdf(
        "documents/receipt.html",
        {"receipt": content, "check_page": check_page()},
        attachments=[(receipt.JSON_NAME, data, "application/json")],
        assets={"qr.svg": (code_svg(check_url), "image/svg+xml")},
        language=application.language,
    )
