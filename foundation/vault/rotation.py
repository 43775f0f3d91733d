"""A new key while people work: added, made the first, everything sealed again with it, the old one put away.

Every Tink ciphertext begins with the number of its key, so what is still sealed with an old one is found by its first
five bytes.
"""

import json
from collections.abc import Collection, Iterator
from typing import Any

import tink
from django.db import connections, transaction
from django.db.models import BinaryField, F, Func
from tink import secret_key_access

from foundation import durable, moment
from foundation.vault import columns, keysets
from foundation.vault.columns import Resealed, SealedColumn
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


def retire(name: str, *, lost: Collection[str] = ()) -> list[int]:
    """The old keys open nothing any more; out: their numbers. They stay in the file, disabled, for old backups.

    Raises `VaultError` while anything is still sealed with one of them, and while a backup runs, which would hold
    values under a key that it lacks. In: what nobody can open, by the names that `reseal` gives.
    """
    _require_owner()
    with moment.no_backup(_OWNER) as is_free:
        if not is_free:
            raise keysets.VaultError(f"{name}: Es läuft eine Sicherung. Starten Sie den Befehl danach noch einmal.")
        _require_nothing_left(name, frozenset(lost))
        keyset = keysets.read(name)
        old = [key for key in keyset["key"] if key["keyId"] != keyset["primaryKeyId"] and key["status"] == _ENABLED]
        for key in old:
            key["status"] = _DISABLED
        _write(name, keyset)
    return [key["keyId"] for key in old]


def _require_nothing_left(name: str, lost: frozenset[str]) -> None:
    found = reseal(name)
    if found.done:
        raise keysets.VaultError(
            f"{name}: {found.done} Werte waren noch mit einem alten Schlüssel versiegelt. "
            "Starten Sie den Befehl noch einmal."
        )
    if unnamed := found.lost - lost:
        raise keysets.VaultError(f"{name}: {cannot_be_opened(unnamed)} Mit „--lost NAME“ geben Sie einen verloren.")
    if wrong := lost - found.lost:
        raise keysets.VaultError(f"{name}: Das lässt sich öffnen oder gibt es nicht: {', '.join(sorted(wrong))}.")


def cannot_be_opened(lost: Collection[str]) -> str:
    """The sentence for an operator."""
    named = ", ".join(sorted(lost))
    return f"{len(lost)} Werte lassen sich nicht öffnen: {named}. Holen Sie diese aus einer Sicherung."


def reseal(name: str) -> Resealed:
    """Seals again, with the first key, what is sealed with another one; goes on behind what nobody can open.

    Who saves meanwhile wins: a value that is no longer the one that was read stays as it is.
    """
    _require_owner()
    prefix = _prefix(name)
    found = sum((_reseal_column(column, name, prefix) for column in columns.columns), Resealed())
    return sum((reseal_there(name) for reseal_there in columns.elsewhere), found)


def _require_owner() -> None:
    if _OWNER not in connections:
        raise keysets.VaultError(
            "DATABASE_OWNER_URL fehlt. Neu versiegeln darf nur die Rolle, der die Tabellen gehören."
        )


def opened(name: str, sealed: bytes, **place: Any) -> bytes | None:
    """What was sealed; None for a value that nobody can open. Raises `VaultError` if the keyset itself is broken."""
    keysets.sealing(name)
    try:
        return open_sealed(name, sealed, **place)
    except keysets.VaultError:
        return None


def is_current(name: str, sealed: bytes) -> bool:
    """Whether this value is sealed with the first key."""
    return sealed[:PREFIX_BYTES] == _prefix(name)


def _prefix(name: str) -> bytes:
    """How everything begins that the first key seals (Tink's wire format: version 1, the key's number)."""
    return b"\x01" + int(keysets.read(name)["primaryKeyId"]).to_bytes(4, "big")


def _reseal_column(column: SealedColumn, name: str, prefix: bytes) -> Resealed:
    found = Resealed()
    for page in _pages(column, name, prefix):
        with transaction.atomic(using=_OWNER):
            with connections[_OWNER].cursor() as cursor:
                # What never changes is guarded by triggers: they let the owner replace sealed bytes, and nothing else.
                cursor.execute("SELECT set_config('portal.resealing', 'on', true)")
            found = sum((_reseal_value(column, row) for row in page), found)
    return found


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


def _reseal_value(column: SealedColumn, row: Any) -> Resealed:
    sealed, place = bytes(getattr(row, column.name)), column.place(row)
    content = opened(place.keyset, sealed, **place.bound())
    same = column.model._base_manager.using(_OWNER).filter(pk=row.pk, **{column.name: sealed})
    if content is None:
        # Whoever saved or removed it meanwhile has lost nothing.
        return Resealed(lost=frozenset({f"{column}:{place.row}"}) if same.exists() else frozenset())
    return Resealed(done=same.update(**{column.name: seal(place.keyset, content, **place.bound())}))


def _write(name: str, keyset: dict[str, Any]) -> None:
    """Replaces the file at once and whole: who reads meanwhile reads the old one or the new one."""
    if keysets.is_in_environment(name):
        raise keysets.VaultError(f"Der Schlüsselsatz {name} steht in PORTAL_KEYSETS. Ändern Sie ihn dort.")
    durable.replace(keysets.path(name), json.dumps(keyset).encode())
