"""What accounts and organisations keep sealed, and where each value belongs."""

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts import second_factor
from accounts.folder.details import FIELD as DOCUMENT
from accounts.models import Document, Organisation, User
from accounts.profile import KEYSET
from foundation import vault
from foundation.vault import Place, SealedColumn, columns, rotation, sealed_with


def _own(row: UUID, field: str) -> Place:
    return Place(KEYSET, row, row, field)


def reseal_second_factors(keyset: str) -> int:
    """The secrets of second factors, which allauth keeps as text inside of JSON."""
    if keyset != KEYSET:
        return 0
    return sum(_reseal_second_factor(pk) for pk in list(Authenticator.objects.values_list("pk", flat=True)))


def _reseal_second_factor(pk: int) -> bool:
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().filter(pk=pk).first()
        if row is None:
            return False
        old = {name: bytes.fromhex(row.data[name]) for name in second_factor.SEALED if name in row.data}
        old = {name: sealed for name, sealed in old.items() if not rotation.is_current(KEYSET, sealed)}
        place = _own(row.user_id, second_factor.FIELD).bound()
        row.data |= {
            name: vault.seal(KEYSET, vault.open_sealed(KEYSET, sealed, **place), **place).hex()
            for name, sealed in old.items()
        }
        row.save(update_fields=["data"])
    return bool(old)


vault.declare(
    SealedColumn(User, "profile", lambda user: _own(user.pk, "profile"), sealed_with(KEYSET)),
    SealedColumn(
        Document,
        "details",
        lambda row: Place(KEYSET, row.party_id, row.pk, DOCUMENT),
        sealed_with(KEYSET),
    ),
    SealedColumn(Organisation, "sites", lambda row: _own(row.pk, "sites"), sealed_with(KEYSET)),
)
columns.elsewhere.append(reseal_second_factors)
