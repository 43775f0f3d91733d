from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from foundation.commands import PortalCommand
from hro_portal.backup import proving
from hro_portal.backup.refusal import BackupRefused
from hro_portal.backup.taking import back_up


class Command(PortalCommand):
    help = "Sichert Datenbank, Dateien und Schlüssel in eine verschlüsselte Datei. Das Portal läuft dabei weiter."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="DATEI")

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            manifest = back_up(file)
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from None
        parts = manifest["parts"]
        self.stdout.write(
            f"Gesichert in {file}: {sum(manifest['rows'].values())} Zeilen, {parts['files']['members']} Dateien, "
            f"{parts['keysets']['members']} Schlüsseldateien, {file.stat().st_size / 1e6:.1f} MB."
        )
        try:
            proving.complete_journal()
        except BackupRefused as refusal:
            raise CommandError(f"Die Sicherung ist geschrieben. Doch: {refusal}") from None
        if manifest["missing"]:
            raise CommandError(
                f"Die Sicherung ist geschrieben. Doch {len(manifest['missing'])} Dateien fehlen im Portal. "
                "„manage.py verify_invariants“ nennt die Fälle."
            )
