"""After a restore: what was erased since is erased again, and the portal is looked at before anybody uses it."""

from datetime import datetime
from pathlib import Path

from django.core.management import call_command, get_commands
from django.utils import timezone

from foundation import vault
from hro_portal import invariants, keys
from hro_portal.backup.refusal import BackupRefused
from hro_portal.invariants.rules import PATIENCE

KEYS_MISSING = (
    "Die Daten sind eingespielt, doch ein Schlüssel fehlt oder passt nicht ({reason}). "
    "Schlüssel aus der Umgebung gehören nicht zur Sicherung: Setzen Sie sie, und starten Sie das Portal."
)


def replay_erasures(journal: Path | None) -> None:
    """Erases again what the journal names, or the one in the data folder; people's right outlives a backup."""
    if "replay_erasures" in get_commands():
        call_command("replay_erasures", *([str(journal)] if journal else []))


def require_keys() -> None:
    """Raises `BackupRefused` unless every keyset opens what was sealed with it."""
    try:
        keys.require_all()
    except vault.VaultError as error:
        raise BackupRefused(KEYS_MISSING.format(reason=error)) from None


def breaches(made_at: str) -> list[invariants.Breach]:
    """What does not hold, as it was when the backup was taken: work that waited then has not waited since."""
    return invariants.check(patience=timezone.now() - datetime.fromisoformat(made_at) + PATIENCE)
