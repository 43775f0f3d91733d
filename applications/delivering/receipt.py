"""The receipt (OZG § 9a (4)): one content, shown as a web page and kept as PDF/A with the answers inside."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applications.contents import applicant_name_of, is_nameless, name_of, summary_of, title_of
from applications.delivering.routing import department_of
from applications.models import Application, Attachment
from authorities import clock as calendar
from authorities.models import Authority, Department
from forms_engine import api as engine

JSON_NAME = "angaben.json"
#: By then the office has looked whether something is missing.
FIRST_LOOK_WEEKS = 1


@dataclass(frozen=True)
class SentFile:
    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class ReceiptContent:
    """What the receipt says, in the order in which it says it."""

    authority: Authority
    department: Department
    title: str
    reference: str
    submitted_at: datetime
    applicant: str
    next_steps: list[str]
    sections: list[engine.Section]
    files: list[SentFile]
    note: str
    answered_in: str
    is_test: bool = False


def content_of(application: Application) -> ReceiptContent:
    """The content, in the language that is active."""
    language = application.language
    return ReceiptContent(
        authority=application.authority,
        department=department_of(application),
        title=title_of(application),
        reference=application.reference,
        submitted_at=application.submitted_at,
        applicant=applicant_name_of(application),
        next_steps=next_steps(application),
        sections=summary_of(application, language=language),
        files=_files(application),
        note=_note(application),
        answered_in=language,
        is_test=application.is_test,
    )


def next_steps(application: Application) -> list[str]:
    """What happens next and by when, in sentences; nothing that the person has to do stands here."""
    if is_nameless(application):
        return [
            _("Wir lesen Ihre Mitteilung."),
            _("Sie haben uns keinen Namen und keine E-Mail-Adresse genannt. Deshalb bekommen Sie keine Antwort."),
            _("Sie müssen nichts mehr tun."),
        ]
    submitted_on = timezone.localdate(application.submitted_at)
    looked_at = calendar.due_date(submitted_on, weeks=FIRST_LOOK_WEEKS)
    looking = _("Wir prüfen bis zum %(date)s, ob etwas fehlt. Dann schreiben wir Ihnen.")
    if not (application.contact_email or application.acting_user_id):
        looking = _("Wir prüfen bis zum %(date)s, ob etwas fehlt. Unsere Fragen sehen Sie dann im Serviceportal.")
    end = _("Wir entscheiden in der Regel bis zum %(date)s.")
    if application.offering.is_answered:
        end = _("Wir antworten in der Regel bis zum %(date)s.")
    return [
        looking % {"date": _in_words(min(looked_at, application.due_on))},
        end % {"date": _in_words(application.due_on)},
        _("Bis dahin müssen Sie nichts tun. Den Stand sehen Sie jederzeit im Serviceportal."),
    ]


def embedded_data(application: Application) -> bytes:
    """The answers for machines, as they lie in the PDF. The same application gives the same bytes."""
    version = application.form_version
    data: dict[str, Any] = {
        "reference": application.reference,
        "submitted_at": application.submitted_at.isoformat(),
        "form": {"key": version.definition["key"], "version": version.no, "sha256": application.form_sha256},
        "answers": application.read_answers(),
        "answers_sha256": application.answers_sha256,
        "files": [{"name": file.name, "size": file.size, "sha256": file.sha256} for file in _files(application)],
    }
    if application.is_test:
        data["test"] = True
    return json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1).encode()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _files(application: Application) -> list[SentFile]:
    """The files sent with the form; what was sent later answers a correction request and is not on the receipt."""
    attachments = (
        Attachment.objects.filter(application_id=application.pk)
        .exclude(path__startswith="correction/")
        .select_related("file")
    )
    return [SentFile(name_of(application, each), each.file.size, each.file.sha256) for each in attachments]


def _note(application: Application) -> str:
    sent: dict[str, Any] = {
        "form": title_of(application),
        "version": application.form_version.no,
        "file": JSON_NAME,
    }
    how = (
        _("Abgesendet mit einem Konto, bestätigt durch E-Mail.")
        if application.acting_user_id
        else _("Abgesendet ohne Konto.")
    )
    rest = _(
        "Formular „%(form)s“, Version %(version)s. Ihre Angaben liegen der PDF-Datei maschinenlesbar bei (%(file)s). "
        "Diese Bestätigung ist keine Erlaubnis. Sie wurde maschinell erstellt und gilt ohne Unterschrift."
    )
    return f"{how} {rest % sent}"


def _in_words(day: Any) -> str:
    return date_format(day, "DATE_FORMAT")
