from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from authorities.furnishing import FurnishingError, put_authority
from foundation import scope, strict_json
from foundation.commands import PortalCommand


class Command(PortalCommand):
    help = "Legt eine Behörde mit ihren Ämtern an (docs/operations.md). Ein zweites Mal ändert nur, was neu ist."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="DATEI", help="JSON: ein Objekt, oder eine Liste davon")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            found = strict_json.parse(file.read_bytes())
            with scope.system("put an authority"):
                for entry in found if isinstance(found, list) else [found]:
                    if not isinstance(entry, dict):
                        raise FurnishingError(["Eine Behörde ist ein JSON-Objekt, also von { } umschlossen."])
                    self.stdout.write(put_authority(entry).slug)
        except OSError:
            raise CommandError(f"{file.name}: Die Datei ist nicht lesbar. Prüfen Sie Pfad und Rechte.") from None
        except strict_json.NotStrict as error:
            raise CommandError(f"{file.name}: {error.sentence}") from None
        except FurnishingError as error:
            raise CommandError("\n".join(f"{file.name}: {problem}" for problem in error.problems)) from None
        self.stdout.write("Neue Schlüssel und Siegel legt `python -m hro_portal.stack.prepare` an.")
