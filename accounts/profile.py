"""What people tell about themselves once, so that forms are filled in for them. Sealed at rest."""

from accounts.models import User
from foundation import vault

KEYSET = "accounts"
KEYS = ("given_name", "family_name", "birth_date", "street", "house_number", "postal_code", "city", "phone")


def read(user: User) -> dict[str, str]:
    """The profile as a plain dictionary with some of `KEYS`; dates are ISO strings."""
    if not user.profile:
        return {}
    return vault.open_json(KEYSET, bytes(user.profile), owner=user.pk, row=user.pk, field="profile")


def write(user: User, profile: dict[str, str]) -> None:
    """Replaces the profile. Empty values are not kept."""
    kept = {key: profile[key] for key in KEYS if profile.get(key)}
    user.profile = vault.seal_json(KEYSET, kept, owner=user.pk, row=user.pk, field="profile")
    user.save(update_fields=["profile"])
