"""A person asks, the office answers or says that no answer is needed. Each runs in the scope of whoever acts."""

from uuid import UUID, uuid5

from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from accounts.people import Applicant, Clerk, CodeHolder
from applications import trail
from applications.errors import ApplicationError
from applications.models import Application, Message
from applications.transitions import lock
from foundation import outbox
from foundation.ids import new_id

MOST_MESSAGES = 100

Citizen = Applicant | CodeHolder


def ask(application: Application, *, text: str, by: Citizen, key: str = "") -> Message:
    """The question waits in the inbox of the office until it is answered; the office is told without its content.

    The same `key` at the same case a second time changes nothing: the first message is what comes out.
    """
    application = lock(application)
    if sent := _sent(application, key):
        return sent
    if application.messages.count() >= MOST_MESSAGES:
        raise ApplicationError("too_many_messages", _("Zu diesem Vorgang gibt es sehr viele Fragen. Rufen Sie uns an."))
    user_id = by.user_id if isinstance(by, Applicant) else None
    message = _keep(application, text, Message.Sender.APPLICANT, user_id, _id_of(application, key))
    Application.objects.filter(pk=application.pk).update(asked_at=Coalesce("asked_at", Now()))
    trail.record("application.asked", application, by_id=message.by_user_id, message=message.pk)
    return message


def reply(application: Application, *, text: str, by: Clerk, key: str = "") -> Message:
    """What the office writes, asked or not; the person is told without its content. `key` as in `ask`."""
    application = lock(application)
    if sent := _sent(application, key):
        return sent
    message = _keep(application, text, Message.Sender.CLERK, by.user_id, _id_of(application, key))
    Application.objects.filter(pk=application.pk).update(asked_at=None, changed_at=Now())
    trail.record("application.replied", application, by_id=by.user_id, message=message.pk)
    return message


def tell(application: Application, *, text: str, message_id: UUID, by_user_id: UUID, announcement_id: UUID) -> None:
    """What the office writes to many at once: a waiting question goes on waiting, and no retention begins anew."""
    message = _keep(application, text, Message.Sender.CLERK, by_user_id, message_id)
    trail.record("application.told", application, by_id=by_user_id, message=message.pk, announcement=announcement_id)


def settle(application: Application, *, by: Clerk) -> None:
    """No answer is needed (the person said thanks, or was called); a case without a question is no error."""
    application = lock(application)
    if Application.objects.filter(pk=application.pk, asked_at__isnull=False).update(asked_at=None):
        trail.record("application.question_settled", application, by_id=by.user_id)


def _id_of(application: Application, key: str) -> UUID:
    """A page's key means nothing at another case."""
    return uuid5(application.pk, key) if key else new_id()


def _sent(application: Application, key: str) -> Message | None:
    return application.messages.filter(pk=_id_of(application, key)).first() if key else None


def _keep(
    application: Application, text: str, sender: Message.Sender, user_id: UUID | None, message_id: UUID
) -> Message:
    message = Message(application=application, authority_id=application.authority_id, sender=sender)
    message.id, message.by_user_id = message_id, user_id
    message.text = application.seal(f"message:{message.pk}:text", text)
    message.save(force_insert=True)
    outbox.put(
        "notify.message", authority_id=application.authority_id, subject_id=application.pk, target=str(message.pk)
    )
    return message
