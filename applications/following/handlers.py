"""Mails that a case sends to its owner, worked from the outbox. They name no content and carry no code."""

from typing import Any

from applications.models import Application
from applications.recipients import mail_address_of
from foundation import mail, outbox
from foundation.outbox.models import OutboxRow


@outbox.handler("notify.received")
def tell_that_it_arrived(row: OutboxRow) -> None:
    application = Application.objects.for_pages().get(pk=row.subject_id)
    _send("received", application, row, due_on=application.due_on)


@outbox.handler("notify.action_required")
def tell_what_is_missing(row: OutboxRow) -> None:
    """The row's target is the correction request; nothing is sent when it was answered meanwhile."""
    application = Application.objects.for_pages().get(pk=row.subject_id)
    question = application.corrections.filter(pk=row.target, closed_at__isnull=True).first()
    if question is not None:
        _send("action_required", application, row, due_on=question.due_on)


def _send(template: str, application: Application, row: OutboxRow, **context: Any) -> None:
    address = mail_address_of(application)
    if address is None:
        return
    known = {
        "authority": application.authority,
        "department": application.office,
        "reference": application.reference,
        "has_account": application.party_id is not None,
        "is_answered": application.offering.is_answered,
    }
    mail.send(template, known | context, to=address, language=application.language, effect=row.pk)
