"""Sealing with AES-256-GCM: who opens a value must know whose it is, in which row and in which field."""

import json
import uuid
from typing import Any

import tink

from foundation.vault import keysets

DIGEST_BYTES = 12


def seal(keyset: str, plaintext: bytes, *, owner: uuid.UUID, row: uuid.UUID, field: str) -> bytes:
    """The sealed bytes. `owner` is the authority's id, or the user's for profiles."""
    return keysets.sealing(keyset).encrypt(plaintext, _bound_to(owner, row, field))


def open_sealed(keyset: str, sealed: bytes, *, owner: uuid.UUID, row: uuid.UUID, field: str) -> bytes:
    """What was sealed; raises `VaultError` if it was changed, or was sealed for another place."""
    try:
        return keysets.sealing(keyset).decrypt(bytes(sealed), _bound_to(owner, row, field))
    except tink.TinkError:
        raise keysets.VaultError(f"{field} of {row} cannot be opened with the keyset {keyset}.") from None


def seal_json(keyset: str, value: Any, *, owner: uuid.UUID, row: uuid.UUID, field: str) -> bytes:
    """`seal` for anything that JSON can say."""
    return seal(keyset, json.dumps(value, separators=(",", ":")).encode(), owner=owner, row=row, field=field)


def open_json(keyset: str, sealed: bytes, *, owner: uuid.UUID, row: uuid.UUID, field: str) -> Any:
    """`open_sealed` for what `seal_json` sealed."""
    return json.loads(open_sealed(keyset, sealed, owner=owner, row=row, field=field))


def keyed_digest(keyset: str, word: str) -> bytes:
    """Twelve bytes that stand for a word in a search index; without the key nobody can try words out."""
    return keysets.searching(keyset).primary().compute(word.encode(), DIGEST_BYTES)


def _bound_to(owner: uuid.UUID, row: uuid.UUID, field: str) -> bytes:
    # Both ids have 16 bytes, so no two places share these bytes.
    return owner.bytes + row.bytes + field.encode()
