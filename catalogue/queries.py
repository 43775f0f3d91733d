"""Lists of services: by letter, by situation, by whom they are for, and those whose texts wait for a review."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from authorities import clock
from authorities.models import Authority
from catalogue.models import Offering, Service, Situation
from forms_engine import api as engine
from forms_engine.models import FormVersion
from foundation.latin import search_form


@dataclass(frozen=True)
class Entry:
    """A service in a list, and where it is offered: at the portal's home authority first."""

    service: Service
    offerings: list[Offering]

    @property
    def sort_key(self) -> str:
        return search_form(self.service.title)


@dataclass(frozen=True)
class Letter:
    letter: str
    entries: list[Entry]


def entries(
    authority: Authority | None = None, *, audience: str = "", situation: Situation | None = None
) -> list[Entry]:
    """What is offered, by title; the same two tables in one query, however many rows there are."""
    rows = (
        Offering.objects.filter(is_active=True).select_related("authority", "service", "owner").defer("service__words")
    )
    if authority is not None:
        rows = rows.filter(authority=authority)
    if audience:
        rows = rows.filter(service__audience__contains=[audience])
    if situation is not None:
        rows = rows.filter(service__situations=situation)
    return sorted(_by_service(rows), key=lambda entry: entry.sort_key)


def _by_service(rows: Iterable[Offering]) -> list[Entry]:
    found: dict[UUID, Entry] = {}
    for row in sorted(rows, key=lambda row: (row.authority.slug != settings.HOME_AUTHORITY, row.authority.sort_key)):
        found.setdefault(row.service_id, Entry(row.service, [])).offerings.append(row)
    return list(found.values())


def by_letter(found: list[Entry]) -> list[Letter]:
    """The entries under the letters that their titles begin with; Ä stands with A (DIN 91379 search form)."""
    return [Letter(letter, list(group)) for letter, group in groupby(found, key=lambda entry: entry.sort_key[:1])]


def situations(authority: Authority, *, audience: str = "") -> list[Situation]:
    """The situations in which this authority offers something, each with `count`, how many services."""
    offered = Q(services__offerings__authority=authority, services__offerings__is_active=True)
    rows = Situation.objects.filter(audience=audience) if audience else Situation.objects.all()
    counted = rows.annotate(count=Count("services", filter=offered, distinct=True))
    return list(counted.filter(count__gt=0).order_by("position"))  # a grouped query forgets the model's ordering


def main_situation(service: Service) -> Situation | None:
    """Of the situations of a service the one that was named first: the page stands below it."""
    named = service.situations.through.objects.filter(service=service)
    first = named.select_related("situation").order_by("pk").first()
    return first.situation if first else None


def overdue_reviews(authority_id: UUID) -> "QuerySet[Offering]":
    """Offerings of an authority whose texts should have been looked through by now, the oldest first."""
    return (
        Offering.objects.filter(authority_id=authority_id, is_active=True, next_review_on__lt=clock.today())
        .select_related("authority", "service", "owner")
        .order_by("next_review_on")
    )


def asks_who(offering: Offering) -> bool:
    """Whether the form asks who sends it. Of what is only answered, a survey may not: nobody gets an answer then.

    To be asked in a scope.
    """
    version = published_version(offering) if offering.is_answered else None
    return version is None or engine.asks_who(engine.compiled(version))


def published_version(offering: Offering) -> FormVersion | None:
    """The newest version of the form that people fill in; to be asked in a scope."""
    return FormVersion.objects.filter(form=offering.form_id, published_at__isnull=False).order_by("-no").first()
