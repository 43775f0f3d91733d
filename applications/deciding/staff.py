"""Who works on a case, by name."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from accounts import profile
from accounts.models import User


def names_of(user_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of staff, by user id; who told us no name is shown as what they do."""
    wanted = {user_id for user_id in user_ids if user_id}
    return {user.pk: _name(profile.read(user)) for user in User.objects.filter(pk__in=wanted)}


def _name(known: dict[str, str]) -> str:
    return " ".join(filter(None, (known.get("given_name"), known.get("family_name")))) or _("Sachbearbeitung")
