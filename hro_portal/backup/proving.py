"""After a restore: what was erased since is erased again, and the portal is looked at before anybody uses it."""

import shutil
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from foundation import vault
from foundation.erasure import journal
from hro_portal import invariants, keys
from hro_portal.backup.refusal import BackupRefused
from hro_portal.invariants.rules import PATIENCE

JOURNAL_BROKEN = "Das Verzeichnis der Löschungen „{file}“ fehlt oder ist beschädigt. Prüfen Sie die Datei."
KEYS_MISSING = (
    "Die Daten sind eingespielt, doch ein Schlüssel fehlt oder passt nicht ({reason}). "
    "Schlüssel aus der Umgebung gehören nicht zur Sicherung: Setzen Sie sie, und starten Sie das Portal."
)


def require_journal(copy: Path | None) -> None:
    """Raises `BackupRefused` unless each line of the journal can be read; asked before anything is changed."""
    try:
        for _entry in journal.read(copy) if copy else ():
            pass
    except (OSError, ValueError):
        raise BackupRefused(JOURNAL_BROKEN.format(file=copy)) from None


def replay_erasures(copy: Path | None) -> int:
    """Erases again what the journal names, and says how much; people's right outlives a backup.

    The copy of the journal becomes the journal of this place, so that the next restore knows of them, too.
    """
    if copy and not journal.file().exists():
        shutil.copyfile(copy, journal.file())
    return journal.replay(journal.file()) if journal.file().exists() else 0


def require_keys() -> None:
    """Raises `BackupRefused` unless every keyset opens what was sealed with it."""
    try:
        keys.require_all()
    except vault.VaultError as error:
        raise BackupRefused(KEYS_MISSING.format(reason=error)) from None


def breaches(made_at: str) -> list[invariants.Breach]:
    """What does not hold, as it was when the backup was taken: work that waited then has not waited since."""
    return invariants.check(patience=timezone.now() - datetime.fromisoformat(made_at) + PATIENCE)
