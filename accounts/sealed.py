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
from foundation.vault.columns import Resealed


def _own(row: UUID, field: str) -> Place:
    return Place(KEYSET, row, row, field)


def reseal_second_factors(keyset: str) -> Resealed:
    """The secrets of second factors, which allauth keeps as text inside of JSON."""
    rows = Authenticator.objects.values_list("pk", flat=True) if keyset == KEYSET else []
    return sum((_reseal_second_factor(pk) for pk in list(rows)), Resealed())


def _reseal_second_factor(pk: int) -> Resealed:
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().filter(pk=pk).first()
        if row is None:
            return Resealed()
        again = {name: _again(row, name) for name in second_factor.SEALED if name in row.data}
        fresh = {name: sealed for name, sealed in again.items() if sealed not in (None, row.data[name])}
        if fresh:
            row.data |= fresh
            row.save(update_fields=["data"])
    lost = {f"{row._meta.label}:{pk}" for sealed in again.values() if sealed is None}
    return Resealed(done=int(bool(fresh)), lost=frozenset(lost))


def _again(row: Authenticator, name: str) -> str | None:
    """The secret under the first key, as it is where it is so already; None where nobody can open it."""
    place = _own(row.user_id, second_factor.FIELD).bound()
    try:
        sealed = bytes.fromhex(row.data[name])
    except ValueError:
        return None
    if rotation.is_current(KEYSET, sealed):
        return str(row.data[name])
    content = rotation.opened(KEYSET, sealed, **place)
    return None if content is None else vault.seal(KEYSET, content, **place).hex()


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
