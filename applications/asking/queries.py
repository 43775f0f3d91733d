"""What was asked and answered, opened."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from applications.contents import text_of
from applications.models import Application, Message


@dataclass(frozen=True)
class Line:
    """One message; `by_user_id` is the member of staff, or whoever wrote for the applicant."""

    text: str
    at: datetime
    is_of_office: bool
    by_user_id: UUID | None


def messages_of(application: Application) -> list[Line]:
    """All messages of a case, oldest first; in the scope of whoever may see it."""
    return [
        Line(
            text=text_of(application, f"message:{message.pk}:text", message.text),
            at=message.at,
            is_of_office=message.sender == Message.Sender.CLERK,
            by_user_id=message.by_user_id,
        )
        for message in application.messages.all()
    ]
