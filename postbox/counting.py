"""How much of a postbox is unopened, for the navigation of every page."""

from uuid import UUID

from django.db.models import Count

from foundation import scope
from postbox.models import PostboxItem


def unopened(party_id: UUID) -> int:
    """One query, whatever scope the page has or has not."""
    waiting = PostboxItem.objects.of_party(party_id).unretrieved()
    counted = waiting.values("party_id").values_list(Count("pk"))
    rows = scope.ask_once(party_id, *counted.query.sql_with_params())
    return int(rows[0][0]) if rows else 0
