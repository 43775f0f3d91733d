"""For whom a user may act, and who else may. Every answer asks the open memberships, at that moment."""

from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now

from accounts.models import Invitation, Membership, User


def memberships_of(user_id: UUID) -> QuerySet[Membership]:
    """The organisations that a user acts for now."""
    own = Membership.objects.filter(user_id=user_id, until__isnull=True)
    return own.select_related("organisation").order_by("organisation__name", "id")


def members_of(organisation_id: UUID) -> QuerySet[Membership]:
    """Who acts for the organisation now; owners first."""
    open_ones = Membership.objects.filter(organisation_id=organisation_id, until__isnull=True)
    return open_ones.select_related("user").order_by("-role", "user__email", "id")


def invitations_by(organisation_id: UUID) -> QuerySet[Invitation]:
    return _open_invitations().filter(organisation_id=organisation_id).order_by("expires_at")


def invitations_to(user: User) -> QuerySet[Invitation]:
    """To the address of the account, which it has confirmed."""
    return _open_invitations().filter(email__iexact=user.email).select_related("organisation").order_by("expires_at")


def _open_invitations() -> QuerySet[Invitation]:
    return Invitation.objects.filter(closed_at__isnull=True, expires_at__gt=Now())
