"""What accounts and organisations keep sealed, and where each value belongs."""

from uuid import UUID

from accounts.models import Organisation, User
from accounts.profile import KEYSET
from foundation import vault
from foundation.vault import Place, SealedColumn, sealed_with


def _own(row: UUID, field: str) -> Place:
    return Place(KEYSET, row, row, field)


vault.declare(
    SealedColumn(User, "profile", lambda user: _own(user.pk, "profile"), sealed_with(KEYSET)),
    SealedColumn(Organisation, "sites", lambda row: _own(row.pk, "sites"), sealed_with(KEYSET)),
)
