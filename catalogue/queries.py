"""Finding a service: by words, or in the list of all."""

from authorities.models import Authority
from catalogue.models import Offering
from foundation.latin import search_form


def offerings(authority: Authority | None = None, text: str = "") -> list[Offering]:
    """What is offered, by title; with `text`: where each of its words stands in the title, teaser or keywords."""
    rows = Offering.objects.filter(is_active=True).select_related("authority", "service")
    if authority is not None:
        rows = rows.filter(authority=authority)
    words = search_form(text).split()
    found = [row for row in rows if all(word in _haystack(row) for word in words)]
    return sorted(found, key=lambda row: (search_form(row.service.title), row.authority.sort_key))


def _haystack(offering: Offering) -> str:
    service = offering.service
    return search_form(" ".join([service.title, service.text("teaser") or "", *(service.text("keywords") or [])]))
