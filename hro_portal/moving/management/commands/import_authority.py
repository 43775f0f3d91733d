from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from foundation.commands import PortalCommand
from hro_portal.moving.importing import import_authority
from hro_portal.moving.refusal import MovingRefused


class Command(PortalCommand):
    help = "Spielt den Export einer Behörde ein: ganz oder gar nicht."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="ORDNER", help="von export_authority")

    def handle(self, *, folder: Path, **options: Any) -> None:
        try:
            manifest = import_authority(folder)
        except MovingRefused as refusal:
            raise CommandError(str(refusal)) from None
        slug = manifest["authority"]["slug"]
        self.stdout.write(
            f"Eingespielt: {manifest['authority']['name']}, {sum(manifest['rows'].values())} Zeilen. "
            f"Manifest: {manifest['sha256']}. Geben Sie der Behörde ein Siegel "
            f"(„manage.py install_seal {slug} DATEI“ oder „manage.py create_seals {slug}“), und starten Sie das Portal."
        )
