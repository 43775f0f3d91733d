"""I2, I4, I7: what is sealed opens and is what was recorded. Opens each answer, file and receipt."""

import hashlib
import io
from collections.abc import Iterator

import pikepdf
from django.db.models import Q

from applications.delivering import receipt
from applications.models import Application, Draft, Receipt
from applications.submitting.use_cases import answers_digest
from foundation import files
from foundation.files.models import StoredFile
from foundation.vault import VaultError
from hro_portal.invariants.rules import Breach, Span, invariant

_AT_ONCE = 200


@invariant(opens_files=True)
def answers_open(span: Span) -> Iterator[Breach]:
    """I7: the answers of each draft and each case open, and those of a case are still the ones that were sent."""
    for draft in Draft.objects.select_related("authority").iterator(_AT_ONCE):
        try:
            draft.read_answers()
        except (VaultError, ValueError):
            yield Breach(
                "I7 answers_open", draft.pk, f"Die Angaben des Entwurfs {draft.reference} lassen sich nicht öffnen."
            )
    for case in Application.objects.filter(_sent(span)).select_related("authority").iterator(_AT_ONCE):
        try:
            same = answers_digest(case.read_answers()) == case.answers_sha256
        except (VaultError, ValueError):
            same = False
        if not same:
            yield Breach(
                "I7 answers_open", case.pk, f"Die Angaben von Vorgang {case.reference} sind nicht die abgesendeten."
            )


@invariant(opens_files=True)
def files_are_as_recorded(span: Span) -> Iterator[Breach]:
    """I4: each stored file opens, and has the size and SHA-256 that were recorded when it came."""
    for stored in StoredFile.objects.iterator(_AT_ONCE):
        content = _open(stored)
        if content is None or (len(content), hashlib.sha256(content).hexdigest()) != (stored.size, stored.sha256):
            yield Breach(
                "I4 files_are_as_recorded",
                stored.pk,
                f"Die Datei {stored.pk} lässt sich nicht öffnen oder wurde geändert.",
            )


@invariant(opens_files=True)
def receipt_says_what_is_stored(span: Span) -> Iterator[Breach]:
    """I2: the data inside the receipt are, byte for byte, those of the record: same reference, answers and files."""
    made = Receipt.objects.filter(_sent(span, "application__")).select_related(
        "file", "application__authority", "application__form_version"
    )
    for each in made.iterator(_AT_ONCE):
        case = each.application
        content = _open(each.file)
        inside = _data_inside(content) if content else None
        if inside is None or receipt.digest(inside) != each.data_sha256 or not _is_of(case, inside):
            yield Breach(
                "I2 receipt_says_what_is_stored",
                case.pk,
                f"Die Eingangsbestätigung von Vorgang {case.reference} enthält andere Angaben als der Vorgang.",
            )


def _sent(span: Span, prefix: str = "") -> Q:
    return Q(**{f"{prefix}submitted_at__gte": span.since}) if span.since else Q()


def _open(stored: StoredFile) -> bytes | None:
    try:
        return files.open_bytes(stored)
    except (OSError, VaultError):
        return None


def _data_inside(pdf_bytes: bytes) -> bytes | None:
    try:
        with pikepdf.open(io.BytesIO(pdf_bytes)) as pdf:
            return pdf.attachments[receipt.JSON_NAME].get_file().read_bytes()
    except (pikepdf.PdfError, KeyError):
        return None


def _is_of(case: Application, inside: bytes) -> bool:
    try:
        return receipt.embedded_data(case) == inside
    except (VaultError, ValueError):
        return False
