from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from foundation.commands import PortalCommand
from foundation.erasure import journal


class Command(PortalCommand):
    help = "Löscht noch einmal, was im Verzeichnis der Löschungen steht: nach dem Einspielen einer Sicherung."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, metavar="DATEI", help="Vorgabe: DATA_DIR/erasures.jsonl")

    def handle(self, *, file: Path | None, **options: Any) -> None:
        if file is None and not journal.file().exists():
            self.stdout.write("Es gibt kein Verzeichnis: Hier wurde noch nie etwas gelöscht.")
            return
        try:
            count = journal.replay(file or journal.file())
        except OSError:
            raise CommandError(f"{file or journal.file()} ist nicht lesbar. Prüfen Sie Pfad und Rechte.") from None
        except ValueError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Noch einmal gelöscht: {count}.")
