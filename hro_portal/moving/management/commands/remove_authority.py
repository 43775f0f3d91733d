from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from foundation.commands import PortalCommand
from hro_portal.moving.refusal import MovingRefused
from hro_portal.moving.removing import remove_authority


class Command(PortalCommand):
    help = "Entfernt eine Behörde, die an einen anderen Ort gezogen ist, mit allem, was ihr gehört."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="KÜRZEL", help="der Behörde")
        parser.add_argument("--export", type=Path, metavar="ORDNER", help="ihr frischer Export")
        parser.add_argument("--without-export", action="store_true", help="die Daten sollen nirgends bleiben")

    def handle(self, *, slug: str, export: Path | None, without_export: bool, **options: Any) -> None:
        try:
            removed = remove_authority(slug, export=export, without_export=without_export)
        except MovingRefused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"Entfernt: {removed} Zeilen von „{slug}“ und ihre Dateien. Schlüssel bleiben für alte Sicherungen: "
            "Löschen Sie beide, wenn deren Zeit um ist."
        )
