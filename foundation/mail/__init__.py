"""Mail: plain text, in the person's language. Sent by handlers of the outbox only, so that none is lost."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template import Context, Engine
from django.utils import translation


def send(template: str, context: Mapping[str, Any], *, to: str, language: str, effect: UUID) -> None:
    """Sends `mail/<template>.subject.txt` and `mail/<template>.txt` to one address.

    Texts are not HTML, so nothing is escaped. The subject becomes one line whatever the context holds; an
    address with a line break is refused by Django (`BadHeaderError`). `portal_address` is there for every
    template: mails carry it as text and no deep link (texts § 1.8).

    `effect` is the outbox row that asks for the mail. A worker that dies behind the mail server's answer sends it
    again; both copies have the same Message-ID (RFC 5322 § 3.6.4), by which servers and programs keep one.
    """
    with translation.override(language):
        values = {"portal_address": settings.BASE_URL, "language": language, **context}
        subject = " ".join(_render(f"mail/{template}.subject.txt", values).split())
        text = _render(f"mail/{template}.txt", values).strip() + "\n"
    headers = {"Auto-Submitted": "auto-generated", "Message-ID": f"<{effect}@{urlsplit(settings.BASE_URL).hostname}>"}
    EmailMessage(subject, text, to=[to], headers=headers).send()


def _render(template: str, values: Mapping[str, Any]) -> str:
    return Engine.get_default().get_template(template).render(Context(dict(values), autoescape=False))
