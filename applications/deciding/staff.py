"""Who works on a case, by name."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import profile
from accounts.models import User


def names_of(user_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of staff, by user id; who told us no name is shown as what they do."""
    return {user.pk: _name(user) or _("Sachbearbeitung") for user in _staff(user_ids)}


def identified(user_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The same for whoever has to tell them apart: who told us no name is shown by the address of the account."""
    return {user.pk: _name(user) or user.email for user in _staff(user_ids)}


def _staff(user_ids: Iterable[UUID | None]) -> QuerySet[User]:
    return User.objects.filter(pk__in={user_id for user_id in user_ids if user_id})


def _name(user: User) -> str:
    known = profile.read(user)
    return " ".join(filter(None, (known.get("given_name"), known.get("family_name"))))
