from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from foundation.commands import PortalCommand
from hro_portal.backup import proving
from hro_portal.backup.refusal import BackupRefused
from hro_portal.backup.restoring import restore


class Command(PortalCommand):
    help = "Spielt eine Sicherung in eine leere Datenbank und leere Ordner ein, prüft sie und wiederholt Löschungen."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="DATEI")
        erasures = parser.add_mutually_exclusive_group()
        erasures.add_argument("--erasures", type=Path, metavar="DATEI", help="Verzeichnis der Löschungen seither")
        erasures.add_argument(
            "--without-erasures", action="store_true", help="es ist verloren: was seither gelöscht wurde, kommt zurück"
        )

    def handle(self, *, file: Path, erasures: Path | None, without_erasures: bool, **options: Any) -> None:
        try:
            proving.require_journal(erasures, without=without_erasures)
            manifest = restore(file)
            proving.require_keys()
            erased = proving.replay_erasures(erasures)
            unknown = proving.complete_journal()
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"Eingespielt ist der Stand vom {manifest['made_at']}: {sum(manifest['rows'].values())} Zeilen, "
            f"{manifest['parts']['files']['members']} Dateien. Alle Sitzungen sind beendet, "
            f"{erased} Vorgänge wieder gelöscht."
        )
        if erasures is None:
            self.stdout.write("Was seit der Sicherung gelöscht wurde, ist wieder da. Löschen Sie es noch einmal.")
        elif unknown:
            self.stdout.write(
                f"{unknown} Löschungen von vor der Sicherung fehlten im Verzeichnis. Ist es eine alte Kopie? "
                "Suchen Sie eine neuere, und geben Sie diese „manage.py replay_erasures DATEI“."
            )
        found = proving.breaches(manifest["made_at"])
        for breach in found:
            self.stderr.write(f"{breach.invariant}: {breach.sentence}")
        if found:
            raise CommandError("Die Sicherung ist eingespielt, doch diese Zusagen halten nicht. Prüfen Sie die Fälle.")
        self.stdout.write("Geprüft: Alle Zusagen halten. Sie können das Portal starten.")
