"""The vault: what is kept of people is sealed here, and opened here only (architecture § 6).

Each authority has a keyset of its own; `accounts` and `sessions` are the two that belong to nobody's office.
A sealed value is bound to its owner, row and field: moved elsewhere it no longer opens.
"""

from foundation.vault.columns import Place, SealedColumn, declare, sealed_with
from foundation.vault.keysets import VaultError, create, missing, require
from foundation.vault.sealing import keyed_digest, open_json, open_sealed, seal, seal_json

__all__ = [
    "Place",
    "SealedColumn",
    "VaultError",
    "create",
    "declare",
    "keyed_digest",
    "missing",
    "open_json",
    "open_sealed",
    "require",
    "seal",
    "seal_json",
    "sealed_with",
]
