"""Both sides are told that there is a message, never what it says."""

from applications.models import Application, Message
from applications.recipients import mail_address_of
from foundation import mail, outbox
from foundation.outbox.models import OutboxRow


@outbox.handler("notify.message")
def tell_of_message(row: OutboxRow) -> None:
    """The row's target is the message; a question that was answered meanwhile is not told to the office."""
    message = Message.objects.get(pk=row.target)
    application = Application.objects.for_pages().get(pk=message.application_id)
    if message.sender == Message.Sender.CLERK:
        _tell_applicant(application, row)
    elif application.asked_at is not None:
        _tell_office(application, row)


def _tell_applicant(application: Application, row: OutboxRow) -> None:
    if address := mail_address_of(application):
        mail.send("message", _known(application), to=address, language=application.language, effect=row.pk)


def _tell_office(application: Application, row: OutboxRow) -> None:
    office = application.office
    mail.send("question", _known(application), to=office.email, language="de", effect=row.pk)


def _known(application: Application) -> dict[str, object]:
    return {
        "authority": application.authority,
        "department": application.office,
        "reference": application.reference,
        "has_account": application.party_id is not None,
    }
