from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from foundation.commands import PortalCommand
from hro_portal.backup import sealing


class Command(PortalCommand):
    help = "Legt einen Schlüssel für Sicherungen an. Bewahren Sie ihn getrennt von Portal und Sicherungen auf."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="DATEI")

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            sealing.create_key(file)
        except FileExistsError:
            raise CommandError(f"Die Datei „{file}“ gibt es schon. Ein Schlüssel wird nie überschrieben.") from None
        except OSError as error:
            raise CommandError(f"Der Schlüssel konnte nicht geschrieben werden: {error.strerror}.") from None
        self.stdout.write(f"Der Schlüssel steht in {file}. Ohne ihn öffnet niemand eine Sicherung.")
