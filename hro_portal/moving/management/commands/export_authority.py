from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from foundation.commands import PortalCommand
from hro_portal.moving import seals
from hro_portal.moving.exporting import export_authority
from hro_portal.moving.refusal import MovingRefused


class Command(PortalCommand):
    help = "Schreibt alles, was einer Behörde gehört, in offenen Formaten in einen Ordner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="KÜRZEL", help="der Behörde")
        parser.add_argument("folder", type=Path, metavar="ORDNER", help="neu oder leer")

    def handle(self, *, slug: str, folder: Path, **options: Any) -> None:
        try:
            manifest = export_authority(slug, folder)
        except MovingRefused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"Exportiert: {sum(manifest['rows'].values())} Zeilen, {len(manifest['files'])} Dateien. "
            f"Manifest: {manifest['sha256']}. Der Ordner enthält Klartext: Bewahren Sie ihn verschlüsselt auf."
        )
        for seal in seals.in_folder(folder):
            self.stdout.write(f"Siegel: {seal}. Geben Sie diesen Fingerabdruck auf anderem Weg weiter als den Ordner.")
        if manifest["missing"]:
            count = len(manifest["missing"])
            raise CommandError(f"{count} Dateien fehlen auf der Platte und so auch im Export. manifest.json nennt sie.")
