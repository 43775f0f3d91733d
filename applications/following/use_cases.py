"""What a person does with a case of their own: answer the office, or withdraw."""

from uuid import UUID

from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.people import Applicant, CodeHolder
from applications import trail
from applications.errors import ApplicationError
from applications.models import Application, Attachment, CorrectionAnswer, CorrectionRequest
from applications.states import State
from applications.transitions import lock, move
from authorities import clock as calendar
from foundation import files, scope

LIMITS = files.Limits()
MOST_FILES = 20

Citizen = Applicant | CodeHolder


def path_of(question: CorrectionRequest, no: int | str = "") -> str:
    """Where the files for one of the missing documents hang on the application; without `no`: what all begin with."""
    return f"correction/{question.pk}/{no}"


def add_correction_file(application: Application, *, question: CorrectionRequest, no: int, taken: files.Taken) -> None:
    """Keeps one file for one of the missing documents, even if the rest of the answer is not right yet.

    The same file sent twice stays one. Raises FileRefused, or ApplicationError when nothing is asked any more.
    """
    application = lock(application)
    question = _still_open(application, question)
    attachments = Attachment.objects.filter(application_id=application.pk, path__startswith=path_of(question))
    if attachments.filter(path=path_of(question, no), file__sha256=taken.sha256).exists():
        return
    if attachments.count() >= MOST_FILES:
        raise files.FileRefused("too-many", _("Mehr als %(most)s Dateien nehmen wir nicht an.") % {"most": MOST_FILES})
    files.require_room_for(taken, subject_id=application.pk)
    stored = files.store(
        taken,
        authority_id=application.authority_id,
        keyset=application.authority.keyset,
        subject_id=application.pk,
    )
    attachment = Attachment(
        application_id=application.pk,
        authority_id=application.authority_id,
        path=path_of(question, no),
        file=stored,
    )
    attachment.name = application.seal(f"attachment:{attachment.pk}", taken.name)
    attachment.save(force_insert=True)


def remove_correction_file(application: Application, *, question: CorrectionRequest, attachment_id: UUID) -> None:
    """Takes back a file before the answer is sent; a file that is not there is no error.

    Opens its own scope: what lies at an application, its owner may not remove, but for this moment.
    """
    with scope.system("take back a file of an answer that was not sent"):
        application = lock(application)
        question = _still_open(application, question)
        uploaded = Attachment.objects.filter(application_id=application.pk, path__startswith=path_of(question))
        attachment = uploaded.select_related("file").filter(pk=attachment_id).first()
        if attachment is not None:
            attachment.delete()
            files.delete(attachment.file)


def answer_correction(application: Application, *, question: CorrectionRequest, text: str, by: Citizen) -> Application:
    """The answer to a correction request; question and answer are both kept, and the office goes on.

    While the office waited, its own deadline rested: it ends later by the same number of days.
    """
    application = lock(application)
    question = _still_open(application, question)
    CorrectionAnswer.objects.create(
        request=question,
        authority_id=application.authority_id,
        text=application.seal(f"answer:{question.pk}:text", text),
        by_user_id=_user_id(by),
    )
    question.closed_at = Now()
    question.save(update_fields=["closed_at"])
    rested = calendar.today() - timezone.localdate(question.asked_at)
    if rested:
        application.due_on = calendar.due_date(application.due_on, days=rested.days)
        application.save(update_fields=["due_on"])
    move(application, State.PROCESSING, by=by, reason="answered")
    trail.record("application.correction_answered", application, by_id=_user_id(by), request=question.pk)
    return application


def withdraw_application(application: Application, *, by: Citizen) -> Application:
    """The person takes the application back. What was sent stays readable; nobody decides on it any more."""
    application = lock(application)
    move(application, State.WITHDRAWN, by=by, reason="withdrawn")
    application.corrections.filter(closed_at__isnull=True).update(closed_at=Now())
    trail.record("application.withdrawn", application, by_id=_user_id(by))
    return application


def nothing_asked() -> ApplicationError:
    return ApplicationError(
        "nothing_asked",
        _("Diese Frage ist schon beantwortet oder erledigt. Sehen Sie auf der Seite des Vorgangs nach."),
    )


def _still_open(application: Application, question: CorrectionRequest) -> CorrectionRequest:
    found = application.corrections.filter(pk=question.pk, closed_at__isnull=True).first()
    if found is None or application.state != State.ACTION_REQUIRED:
        raise nothing_asked()
    return found


def _user_id(by: Citizen) -> UUID | None:
    return by.user_id if isinstance(by, Applicant) else None
