from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hro_portal.backup.refusal import BackupRefused
from hro_portal.backup.restoring import restore


class Command(BaseCommand):
    help = "Spielt eine Sicherung in eine leere Datenbank und leere Ordner ein, prüft sie und wiederholt Löschungen."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="DATEI")

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            manifest = restore(file)
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"Eingespielt ist der Stand vom {manifest['made_at']}: {sum(manifest['rows'].values())} Zeilen, "
            f"{manifest['parts']['files']['members']} Dateien. Alle Sitzungen sind beendet."
        )
