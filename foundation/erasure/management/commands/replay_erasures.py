from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.erasure import journal


class Command(BaseCommand):
    help = "Erases again what the journal of erasures names and the database still holds: to be run after a restore."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="default: DATA_DIR/erasures.jsonl")

    def handle(self, *, file: Path | None, **options: Any) -> None:
        if file is None and not journal.file().exists():
            self.stdout.write("There is no journal: nothing was ever erased here.")
            return
        try:
            count = journal.replay(file or journal.file())
        except FileNotFoundError:
            raise CommandError(f"There is no file {file}.") from None
        except ValueError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{count} erased again.")
