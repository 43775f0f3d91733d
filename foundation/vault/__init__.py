"""The vault: what is kept of people is sealed here, and opened here only (architecture § 6).

Each authority has a keyset of its own; `accounts` and `sessions` are the two that belong to nobody's office.
A sealed value is bound to its owner, row and field: moved elsewhere it no longer opens.
"""

from foundation.vault.keysets import VaultError, create, require
from foundation.vault.sealing import keyed_digest, open_json, open_sealed, seal, seal_json

__all__ = [
    "VaultError",
    "create",
    "keyed_digest",
    "open_json",
    "open_sealed",
    "require",
    "seal",
    "seal_json",
]
