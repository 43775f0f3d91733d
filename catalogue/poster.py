"""The poster of a service, for notice boards and counters: cost, duration, and a QR code to its page."""

import hashlib
import json
from dataclasses import asdict, dataclass
from uuid import UUID

import segno
from django.conf import settings
from django.db import transaction
from django.utils import translation

from catalogue import fees, queries, tariffs
from catalogue.models import Offering, Poster
from foundation import documents, files, outbox
from foundation.ids import new_id

LANGUAGE = "de"


@dataclass(frozen=True)
class PosterContent:
    """All that stands on the poster."""

    title: str
    teaser: str
    fee: str
    duration: str
    address: str
    url: str
    sender: str


def content_of(offering: Offering) -> PosterContent:
    """What the poster says; `address` is what people type, the short one where there is one."""
    with translation.override(LANGUAGE):
        url = settings.BASE_URL + offering.get_absolute_url()
        short = offering.service.short if offering.authority.slug == settings.HOME_AUTHORITY else None
        typed = f"{settings.BASE_URL}/{short}/" if short else url
        return PosterContent(
            title=offering.service.title,
            teaser=offering.teaser,
            fee=fees.summary(tariffs.today(offering)),
            duration=offering.duration if queries.asks_who(offering) else "",
            address=typed.partition("://")[2].rstrip("/"),
            url=url,
            sender=offering.authority.name,
        )


def order(offering: Offering) -> None:
    """Asks for the poster, unless there is one that says what it must say now."""
    if Poster.objects.filter(offering=offering, content_sha256=_digest(content_of(offering))).exists():
        return
    order_anew(offering)


def order_anew(offering: Offering) -> None:
    """Asks for the poster without looking whether it is needed; whoever makes it does."""
    # A target of its own: what was on the poster before may come back, and is then to be made again.
    outbox.put("poster", authority_id=offering.authority_id, subject_id=offering.pk, target=new_id().hex)


def make(offering_id: UUID) -> None:
    """Makes the poster as it must be now; runs in a worker, in the scope of its authority."""
    offering = Offering.objects.select_related("authority", "service", "poster__file").get(pk=offering_id)
    content = content_of(offering)
    earlier = getattr(offering, "poster", None)
    if earlier and earlier.content_sha256 == _digest(content):
        return
    pdf = documents.render_pdf(
        "documents/poster.html",
        {"poster": content, "authority": offering.authority},
        assets={"qr.svg": (segno.make(content.url, error="m").svg_inline(border=2).encode(), "image/svg+xml")},
        language=LANGUAGE,
    )
    with transaction.atomic():
        stored = files.keep(
            pdf,
            authority_id=offering.authority_id,
            keyset=offering.authority.keyset,
            subject_id=offering.pk,
            media_type="application/pdf",
        )
        Poster.objects.update_or_create(
            offering=offering,
            defaults={"authority": offering.authority, "file": stored, "content_sha256": _digest(content)},
        )
        if earlier:
            files.delete(earlier.file)


def _digest(content: PosterContent) -> str:
    return hashlib.sha256(json.dumps(asdict(content), sort_keys=True).encode()).hexdigest()
