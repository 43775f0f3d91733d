"""What a document in the folder is. Sealed at rest, as its party's."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.models import Document
from foundation import vault

KEYSET = "accounts"
FIELD = "document"


@dataclass(frozen=True)
class Details:
    """`name` is the file's own; without `issued_on` the person has not said yet when it was issued."""

    kind: str
    title: str
    name: str
    issued_on: date | None = None
    valid_until: date | None = None

    @property
    def is_outdated(self) -> bool:
        return self.valid_until is not None and self.valid_until < timezone.localdate()

    @property
    def about(self) -> str:
        """Kind and days in one line."""
        parts = [str(Document.Kind(self.kind).label)]
        if self.issued_on:
            parts.append(_("ausgestellt am %(day)s") % {"day": formats.date_format(self.issued_on, "DATE_FORMAT")})
        if self.valid_until:
            day = formats.date_format(self.valid_until, "DATE_FORMAT")
            sentence = _("abgelaufen am %(day)s") if self.is_outdated else _("gültig bis %(day)s")
            parts.append(sentence % {"day": day})
        return ", ".join(parts)


def read(document: Document) -> Details:
    data = vault.open_json(KEYSET, bytes(document.details), owner=document.party_id, row=document.pk, field=FIELD)
    return Details(**data | {key: _day(data[key]) for key in ("issued_on", "valid_until")})


def sealed(document: Document, details: Details) -> bytes:
    """The details as they lie in the row of this document."""
    said: dict[str, Any] = asdict(details)
    said |= {key: said[key] and said[key].isoformat() for key in ("issued_on", "valid_until")}
    return vault.seal_json(KEYSET, said, owner=document.party_id, row=document.pk, field=FIELD)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
