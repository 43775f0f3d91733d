"""A new key while people work: added, made the first, everything sealed again with it, the old one put away.

Every Tink ciphertext begins with the number of its key, so what is still sealed with an old one is found by its first
five bytes.
"""

import json
from collections.abc import Iterator
from typing import Any

import tink
from django.db import connections, transaction
from django.db.models import BinaryField, F, Func
from tink import secret_key_access

from foundation import durable
from foundation.vault import columns, keysets
from foundation.vault.columns import SealedColumn
from foundation.vault.sealing import open_sealed, seal

PREFIX_BYTES = 5
AT_ONCE = 200
_ENABLED, _DISABLED = "ENABLED", "DISABLED"
_OWNER = "owner"


def add_key(name: str) -> int:
    """A new key that opens and does not seal yet; out: its number. Waits in the file for `promote`."""
    keyset = keysets.read(name)
    fresh = tink.new_keyset_handle(keysets.TEMPLATES[keysets.SEALING])
    entry = json.loads(tink.json_proto_keyset_format.serialize(fresh, secret_key_access.TOKEN))["key"][0]
    if entry["keyId"] in {key["keyId"] for key in keyset["key"]}:
        return add_key(name)
    keyset["key"].append(entry)
    _write(name, keyset)
    return entry["keyId"]


def promote(name: str) -> int:
    """From now on everybody seals with the newest key; out: its number."""
    keyset = keysets.read(name)
    keyset["primaryKeyId"] = keyset["key"][-1]["keyId"]
    _write(name, keyset)
    return keyset["primaryKeyId"]


def retire(name: str) -> list[int]:
    """The old keys open nothing any more; out: their numbers. They stay in the file, disabled, for old backups.

    Raises `VaultError` while anything is still sealed with one of them.
    """
    if left := reseal(name):
        raise keysets.VaultError(
            f"{name}: {left} Werte waren noch mit einem alten Schlüssel versiegelt. Starten Sie den Befehl noch einmal."
        )
    keyset = keysets.read(name)
    old = [key for key in keyset["key"] if key["keyId"] != keyset["primaryKeyId"] and key["status"] == _ENABLED]
    for key in old:
        key["status"] = _DISABLED
    _write(name, keyset)
    return [key["keyId"] for key in old]


def reseal(name: str) -> int:
    """Seals again, with the first key, what is sealed with another one; out: how many values.

    Who saves meanwhile wins: a value that is no longer the one that was read stays as it is.
    """
    if _OWNER not in connections:
        raise keysets.VaultError(
            "DATABASE_OWNER_URL fehlt. Neu versiegeln darf nur die Rolle, der die Tabellen gehören."
        )
    prefix = _prefix(name)
    total = sum(_reseal_column(column, name, prefix) for column in columns.columns)
    return total + sum(reseal_there(name) for reseal_there in columns.elsewhere)


def is_current(name: str, sealed: bytes) -> bool:
    """Whether this value is sealed with the first key."""
    return sealed[:PREFIX_BYTES] == _prefix(name)


def _prefix(name: str) -> bytes:
    """How everything begins that the first key seals (Tink's wire format: version 1, the key's number)."""
    return b"\x01" + int(keysets.read(name)["primaryKeyId"]).to_bytes(4, "big")


def _reseal_column(column: SealedColumn, name: str, prefix: bytes) -> int:
    done = 0
    for page in _pages(column, name, prefix):
        with transaction.atomic(using=_OWNER):
            with connections[_OWNER].cursor() as cursor:
                # What never changes is guarded by triggers: they let the owner replace sealed bytes, and nothing else.
                cursor.execute("SELECT set_config('portal.resealing', 'on', true)")
            done += sum(_reseal_value(column, row) for row in page)
    return done


def _pages(column: SealedColumn, name: str, prefix: bytes) -> Iterator[list[Any]]:
    begins = Func(F(column.name), 1, PREFIX_BYTES, function="substring", output_field=BinaryField())
    old = (
        column.model._base_manager.using(_OWNER)
        .annotate(_begins=begins)
        .filter(column.rows_of(name), **{f"{column.name}__isnull": False})
        .exclude(_begins__in=[prefix, b""])
        .select_related(*column.related)
        .order_by("pk")
    )
    page = list(old[:AT_ONCE])
    while page:
        yield page
        page = list(old.filter(pk__gt=page[-1].pk)[:AT_ONCE])


def _reseal_value(column: SealedColumn, row: Any) -> int:
    sealed, place = bytes(getattr(row, column.name)), column.place(row)
    fresh = seal(place.keyset, open_sealed(place.keyset, sealed, **place.bound()), **place.bound())
    same = column.model._base_manager.using(_OWNER).filter(pk=row.pk, **{column.name: sealed})
    return same.update(**{column.name: fresh})


def _write(name: str, keyset: dict[str, Any]) -> None:
    """Replaces the file at once and whole: who reads meanwhile reads the old one or the new one."""
    if keysets.is_in_environment(name):
        raise keysets.VaultError(f"Der Schlüsselsatz {name} steht in PORTAL_KEYSETS. Ändern Sie ihn dort.")
    durable.replace(keysets.path(name), json.dumps(keyset).encode())
