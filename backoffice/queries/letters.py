"""What still has to leave the house: letters to post, documents to hand over."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from accounts.people import Clerk
from applications.contents import applicant_name_of
from applications.models import Application
from postbox.models import PostboxItem, PostboxItemQuerySet

MOST = 200


@dataclass(frozen=True)
class Outgoing:
    """A document that waits for a clerk's hand."""

    item: PostboxItem
    reference: str
    name: str
    is_test: bool = False


def items_of(clerk: Clerk) -> PostboxItemQuerySet:
    """Documents about cases of the clerk's departments."""
    cases = Application.objects.visible_to(clerk).values("pk")
    return PostboxItem.objects.filter(authority_id=clerk.authority_id, subject_id__in=cases)


@dataclass(frozen=True)
class Sheet:
    """The oldest documents that wait; `has_more` where there are more than one page shows."""

    rows: list[Outgoing]
    has_more: bool


def letters(clerk: Clerk) -> Sheet:
    return _outgoing(items_of(clerk).letters_to_post())


def pickups(clerk: Clerk) -> Sheet:
    return _outgoing(items_of(clerk).to_hand_over())


def _outgoing(items: QuerySet[PostboxItem]) -> Sheet:
    """The oldest first."""
    found = list(items.order_by("provided_at")[: MOST + 1])
    waiting = found[:MOST]
    cases: dict[UUID, Application] = Application.objects.select_related("authority").in_bulk(
        [item.subject_id for item in waiting]
    )
    rows = [
        Outgoing(item, case.reference, applicant_name_of(case), case.is_test)
        for item, case in ((item, cases[item.subject_id]) for item in waiting)
    ]
    return Sheet(rows, has_more=len(found) > MOST)
