"""After a restore: what was erased since is erased again, and the portal is looked at before anybody uses it."""

from datetime import datetime
from pathlib import Path

from django.utils import timezone

from foundation import vault
from foundation.erasure import completing, journal
from hro_portal import invariants, keys
from hro_portal.backup.database import OWNER
from hro_portal.backup.refusal import BackupRefused
from hro_portal.invariants.rules import PATIENCE

JOURNAL_BROKEN = "Das Verzeichnis der Löschungen „{file}“ fehlt oder ist beschädigt. Prüfen Sie die Datei."
JOURNAL_NOT_NAMED = (
    "Nennen Sie das Verzeichnis der Löschungen mit „--erasures DATEI“. "
    "Ohne dieses kommt zurück, was Menschen seit der Sicherung gelöscht haben; das verlangt „--without-erasures“."
)
KEYS_MISSING = (
    "Die Daten sind eingespielt, doch ein Schlüssel fehlt oder passt nicht ({reason}). "
    "Schlüssel aus der Umgebung gehören nicht zur Sicherung: Setzen Sie sie, und starten Sie das Portal."
)


def require_journal(copy: Path | None, *, without: bool) -> None:
    """Raises `BackupRefused` unless the journal is there, each line of it, or the operator does without one.

    Asked before anything is changed: without it what people had erased would be back, and nobody would notice.
    """
    if copy is None and not without:
        raise BackupRefused(JOURNAL_NOT_NAMED)
    try:
        for _entry in journal.read(copy) if copy else ():
            pass
    except (OSError, ValueError):
        raise BackupRefused(JOURNAL_BROKEN.format(file=copy)) from None


def replay_erasures(copy: Path | None) -> int:
    """Erases again what the journal names, and says how much; people's right outlives a backup.

    The copy of the journal becomes a part of this place's, so that the next restore knows of them, too.
    """
    if copy:
        _take_over(copy)
    return journal.replay(journal.file()) if journal.file().exists() else 0


def _take_over(copy: Path) -> None:
    known = set(journal.kept())
    journal.append(*(entry for entry in journal.read(copy) if entry not in known))


def complete_journal() -> int:
    """Adds to the journal what the database knows and it lacks; says how much. Raises `BackupRefused`: it is broken."""
    try:
        return completing.complete_journal(OWNER)
    except (OSError, ValueError):
        raise BackupRefused(JOURNAL_BROKEN.format(file=journal.file())) from None


def require_keys() -> None:
    """Raises `BackupRefused` unless every keyset opens what was sealed with it."""
    try:
        keys.require_all()
    except vault.VaultError as error:
        raise BackupRefused(KEYS_MISSING.format(reason=error)) from None


def breaches(made_at: str) -> list[invariants.Breach]:
    """What does not hold, as it was when the backup was taken: work that waited then has not waited since."""
    return invariants.check(patience=timezone.now() - datetime.fromisoformat(made_at) + PATIENCE)
