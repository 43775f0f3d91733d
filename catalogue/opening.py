"""Whether a service takes applications now. One rule: the database's clock at submit decides, and of so many places the
first ones that commit are taken.

How many applications there are, only a room above knows; it tells here how it counts (`counts_with`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from catalogue import trail
from catalogue.models import Offering, in_language
from foundation import clock, scope
from foundation.errors import PortalError

Count = Callable[[UUID, datetime | None], int]
_counting: list[Count] = []


class NotSet(PortalError):
    """Limits that cannot be."""


@dataclass(frozen=True)
class Limits:
    """From when to when, and how many; None: without this limit."""

    open_from: datetime | None
    open_until: datetime | None
    max_submissions: int | None


def counts_with(count: Count) -> Count:
    """Registers who counts the applications of an offering since a moment, in a scope that sees all of them."""
    _counting[:] = [count]
    return count


def is_limited(offering: Offering) -> bool:
    """Does it need to be asked at all?"""
    limits = (offering.open_from, offering.open_until, offering.max_submissions)
    return bool(offering.closed_texts) or any(limit is not None for limit in limits)


def why_closed(offering: Offering, *, for_good: bool = False) -> str:
    """A sentence for people; empty if the service takes applications now.

    Wants a scope that sees every application, if there is a maximum. `for_good`: the answer is to hold until the end of
    this transaction, so others who want the last place wait.
    """
    if not is_limited(offering):
        return ""
    if sentence := closed_for_a_while(offering):
        return sentence
    if for_good and offering.max_submissions is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"places of {offering.pk}"])
    now = clock.now()
    if offering.open_from and now < offering.open_from:
        return _("Anträge nehmen wir ab dem %(moment)s Uhr an.") % {"moment": _in_words(offering.open_from)}
    if offering.open_until and now >= offering.open_until:
        return _("Anträge haben wir bis zum %(moment)s Uhr angenommen.") % {"moment": _in_words(offering.open_until)}
    if offering.max_submissions is not None and taken(offering) >= offering.max_submissions:
        return _("Es sind schon so viele Anträge da, wie wir annehmen können.")
    return ""


def closed_for_a_while(offering: Offering) -> str:
    """That the authority has closed the online application for now, and why; empty if it has not. No query."""
    if not offering.closed_texts:
        return ""
    return _("Der Online-Antrag ist vorübergehend geschlossen. %(reason)s") % {
        "reason": in_language(offering.closed_texts)
    }


def told_to_visitors(offering: Offering) -> str:
    """`why_closed` for a page that anybody may read. Opens its own scope, where there is something to ask."""
    if not is_limited(offering):
        return ""
    with scope.system("say whether a service takes applications", read_only=True):
        return why_closed(offering)


def taken(offering: Offering) -> int:
    """How many applications count: all that came since it opened."""
    return sum(count(offering.pk, offering.open_from) for count in _counting)


def set_limits(offering: Offering, limits: Limits, *, by_id: UUID) -> None:
    """From now on these limits hold. Raises NotSet. Runs in a scope of the offering's authority."""
    if limits.open_from and limits.open_until and limits.open_from >= limits.open_until:
        raise NotSet("ends_before_it_begins", _("Das Ende liegt vor dem Beginn. Wählen Sie ein späteres Ende."), 422)
    offering.open_from, offering.open_until = limits.open_from, limits.open_until
    offering.max_submissions = limits.max_submissions
    offering.save(update_fields=["open_from", "open_until", "max_submissions"])
    trail.record(
        "offering.limited",
        offering,
        by_id=by_id,
        open_from=limits.open_from.isoformat() if limits.open_from else None,
        open_until=limits.open_until.isoformat() if limits.open_until else None,
        most=limits.max_submissions,
    )


def close(offering: Offering, *, german: str, english: str, by_id: UUID) -> None:
    """From now on nobody begins or sends an application online, and everybody reads why; drafts stay as they are.

    Runs in a scope of the offering's authority. What is closed already gets other words.
    """
    offering.closed_texts = {"de": german, "en": english}
    offering.save(update_fields=["closed_texts"])
    trail.record("offering.closed", offering, by_id=by_id)


def reopen(offering: Offering, *, by_id: UUID) -> None:
    """Applications are taken again, as far as its limits allow. Nothing happens to what is open."""
    if not offering.closed_texts:
        return
    offering.closed_texts = {}
    offering.save(update_fields=["closed_texts"])
    trail.record("offering.reopened", offering, by_id=by_id)


def _in_words(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
