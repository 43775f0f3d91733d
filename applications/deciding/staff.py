"""Who works on a case, by name."""

from collections import Counter
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
    """The same for colleagues, who have to tell them apart: who told us no name is shown by the address of the account,
    and whoever bears the name of another one of these with it.
    """
    found = {user.pk: (_name(user), user.email) for user in _staff(user_ids)}
    borne = Counter(name for name, _email in found.values())
    return {
        user_id: (name if borne[name] == 1 else f"{name} ({email})") if name else email
        for user_id, (name, email) in found.items()
    }


def _staff(user_ids: Iterable[UUID | None]) -> QuerySet[User]:
    return User.objects.filter(pk__in={user_id for user_id in user_ids if user_id})


def _name(user: User) -> str:
    known = profile.read(user)
    return " ".join(filter(None, (known.get("given_name"), known.get("family_name"))))
