"""Issuing: a document is made with the address of its check page on it, sealed, kept, and noted."""

import hashlib
import secrets
from collections.abc import Callable
from uuid import UUID

import segno
from django.conf import settings
from django.urls import reverse

from applications.models import Application, IssuedDocument
from foundation import files, sealing
from foundation.files.models import StoredFile

TOKEN_BYTES = 16


def issue(
    document_id: UUID, *, application: Application, kind: IssuedDocument.Kind, make: Callable[[str], bytes]
) -> StoredFile:
    """The sealed file; runs in the scope of the authority, in the transaction that also notes who gets it.

    `make` renders the document with the address that its code leads to. The primary key forbids a second one.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    authority = application.authority
    stored = files.keep(
        sealing.seal_pdf(make(check_url(token)), keyset=authority.keyset),
        authority_id=authority.pk,
        keyset=authority.keyset,
        subject_id=application.pk,
        media_type="application/pdf",
    )
    IssuedDocument.objects.create(
        id=document_id,
        application=application,
        authority=authority,
        access_digest=token_digest(token),
        kind=kind,
        file=stored,
    )
    return stored


def check_url(token: str) -> str:
    return f"{settings.BASE_URL}{reverse('issuing:document', args=[token])}"


def check_page() -> str:
    """The address where a file is checked, as people type it."""
    return f"{settings.BASE_URL}{reverse('issuing:check')}".partition("://")[2]


def token_digest(token: str) -> bytes:
    """What is kept of a token. Its 128 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).digest()


def code_svg(url: str) -> bytes:
    """The QR code that leads there."""
    return segno.make(url, error="m").svg_inline(border=2).encode()
