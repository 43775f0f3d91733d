"""Pages that only the demo has."""

import email
import email.policy
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

SHOWN_AT_MOST = 20


@dataclass(frozen=True)
class SentMail:
    to: str
    subject: str
    sent_at: datetime | None
    text: str


@require_safe
def outgoing_mail(request: HttpRequest) -> HttpResponse:
    """What the portal has mailed, newest first: in the demo nothing leaves this machine."""
    if not settings.DEMO:
        raise Http404
    page = {"mails": _newest_mails(), "crumbs": [(_("E-Mails der Demo"), "")]}
    return render(request, "demo/outgoing_mail.html", page)


def _newest_mails() -> list[SentMail]:
    folder = settings.DATA_DIR / "mail"
    files = sorted(folder.glob("*.log"), reverse=True)[:SHOWN_AT_MOST]
    mails = [mail for file in files for mail in _mails_in(file.read_bytes())]
    return sorted(mails, key=lambda mail: mail.sent_at.timestamp() if mail.sent_at else 0, reverse=True)[:SHOWN_AT_MOST]


def _mails_in(content: bytes) -> list[SentMail]:
    """Django's file backend writes mails one after another, with a line of dashes behind each."""
    mails = []
    for part in content.split(b"-" * 79 + b"\n"):
        if part.strip():
            message = email.message_from_bytes(part, policy=email.policy.default)
            sent_at = _moment(message["Date"].datetime) if message["Date"] else None
            body = message.get_body(("plain",))
            mails.append(
                SentMail(str(message["To"]), str(message["Subject"]), sent_at, body.get_content() if body else "")
            )
    return mails


def _moment(written: datetime) -> datetime:
    """Django writes `-0000` for UTC, which comes back without a time zone."""
    return timezone.localtime(written if written.tzinfo else written.replace(tzinfo=UTC))
