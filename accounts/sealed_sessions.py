"""Sittings as they are kept: Django's own sessions, but sealed.

A session says which address signed in, and between two pages what a second factor is made of. Signed, as Django keeps
it, everybody who reads the database or a backup reads that too.
"""

from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.contrib.sessions.backends.db import SessionStore as KeptInDatabase

from accounts.people import KEYSET
from foundation import vault

FIELD = "session"


class SessionStore(KeptInDatabase):
    """`settings.SESSION_ENGINE`. What is sealed for one session opens for no other."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        row = self._row()
        return vault.seal_json(KEYSET, session_dict, owner=row, row=row, field=FIELD).hex()

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """What was kept; nothing if it does not open: the person signs in again, as with a session that has ended."""
        row = self._row()
        try:
            return vault.open_json(KEYSET, bytes.fromhex(str(session_data)), owner=row, row=row, field=FIELD)
        except (vault.VaultError, ValueError):
            # With the keyset away nobody is signed out: that is a fault, and it passes.
            vault.require([KEYSET])
            return {}

    def _row(self) -> UUID:
        return uuid5(NAMESPACE_OID, str(self.session_key))
