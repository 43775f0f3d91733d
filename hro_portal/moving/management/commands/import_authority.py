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
        parser.add_argument(
            "--seal",
            action="append",
            default=[],
            metavar="FINGERABDRUCK",
            dest="fingerprints",
            help="eines Siegels im Export, das Sie mit dem alten Ort verglichen haben; für jedes einmal",
        )
        parser.add_argument("--without-seals", action="store_true", help="kein Siegel des alten Orts soll hier gelten")

    def handle(self, *, folder: Path, fingerprints: list[str], without_seals: bool, **options: Any) -> None:
        try:
            manifest = import_authority(folder, fingerprints=fingerprints, without_seals=without_seals)
        except MovingRefused as refusal:
            raise CommandError(str(refusal)) from None
        slug = manifest["authority"]["slug"]
        self.stdout.write(
            f"Eingespielt: {manifest['authority']['name']}, {sum(manifest['rows'].values())} Zeilen. "
            f"Manifest: {manifest['sha256']}. Geben Sie der Behörde ein Siegel "
            f"(„manage.py install_seal {slug} DATEI“ oder „manage.py create_seals {slug}“), und starten Sie das Portal."
        )
        for table, count in manifest["left_out"].items():
            self.stdout.write(
                f"Nicht übernommen: {count} Zeilen in {table}. Sie gäben jemandem Rechte an Konten "
                "oder Organisationen, die es hier schon gab. Sagen Sie es den Personen."
            )
