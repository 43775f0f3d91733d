"""For whom one acts, on every page: what the switch above the page offers."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Membership, User
from accounts.organisations import queries
from accounts.people import ACTING_FOR


@dataclass(frozen=True)
class Switch:
    """`current` is None for oneself; without organisations there is nothing to choose."""

    memberships: list[Membership]
    current: Membership | None

    def __bool__(self) -> bool:
        return bool(self.memberships)


def acting_for(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Asks nothing before a page shows the switch."""
    return {"acting_for": SimpleLazyObject(lambda: _switch_of(request))}


def _switch_of(request: HttpRequest) -> Switch:
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return Switch([], None)
    memberships = list(queries.memberships_of(user.pk))
    chosen = request.session.get(ACTING_FOR)
    current = next((each for each in memberships if str(each.organisation_id) == chosen), None)
    return Switch(memberships, current)
