"""What stands in a draft or an application, in the words of its form."""

from collections import defaultdict
from typing import Any

from django.utils import timezone

from applications.models import Application, Attachment
from applications.models.owned import Owned
from forms_engine import api as engine


def uploads_of(row: Owned) -> dict[str, list[engine.Upload]]:
    """The files of the form's fields, by the field's path-name, as the engine wants them."""
    uploads: dict[str, list[engine.Upload]] = defaultdict(list)
    for attachment in Attachment.objects.filter(application_id=row.pk).select_related("file"):
        uploads[attachment.path].append(
            engine.Upload(
                id=str(attachment.pk),
                name=name_of(row, attachment),
                size=attachment.file.size,
                verdict=attachment.file.verdict,
            )
        )
    return uploads


def name_of(row: Owned, attachment: Attachment) -> str:
    return row.unseal(f"attachment:{attachment.pk}", attachment.name)


def form_of(row: Owned) -> engine.CompiledForm:
    """The form of a draft or an application: where it follows a code list, with the options of the day of sending."""
    sent = timezone.localdate(row.submitted_at) if isinstance(row, Application) else None
    return engine.compiled(row.form_version, on=sent)


def summary_of(row: Owned, *, language: str) -> list[engine.Section]:
    """Every answer with its question, for the check page, the receipt and the case pages."""
    return engine.summary(form_of(row), row.read_answers(), language=language, uploads=uploads_of(row))


def title_of(row: Owned) -> str:
    """What the service is called, in the language of the page."""
    return row.offering.service.title


def permit_title_of(row: Owned) -> str:
    """What the thing is called that was granted, in the language of the page."""
    return row.offering.permit_title


def is_nameless(application: Application) -> bool:
    """Whether an idea or a survey says nothing of who sent it: nobody can be answered, so no answer is promised."""
    if not application.offering.is_answered or application.party_id or application.contact_email:
        return False
    return not engine.applicant_name(form_of(application), application.read_answers())


def applicant_name_of(application: Application) -> str:
    return application.unseal("applicant_name", application.applicant_name)


def text_of(row: Owned, field: str, sealed: bytes | memoryview) -> Any:
    """A sealed text of a row that hangs on the application (correction request, decision)."""
    return row.unseal(field, bytes(sealed))
