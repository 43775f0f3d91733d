import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation import vault
from foundation.vault import rotation


class Command(BaseCommand):
    help = (
        "Gives keysets a new key while people work: adds it, makes it the first, seals everything again. "
        "With --retire: puts the old keys away, once nothing is sealed with them. Needs DATABASE_OWNER_URL."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="+", metavar="KEYSET")
        parser.add_argument(
            "--wait",
            type=float,
            default=0,
            metavar="SECONDS",
            help="between adding and first use, where machines get the files of keys by copying",
        )
        parser.add_argument("--reseal-only", action="store_true", help="no new key; goes on where a run was stopped")
        parser.add_argument("--retire", action="store_true", help="puts the old keys away")

    def handle(self, *, names: list[str], wait: float, **options: Any) -> None:
        try:
            vault.require(names)
            if options["retire"]:
                self._retire(names)
                return
            if not options["reseal_only"]:
                self._add(names, wait)
            self._reseal(names)
        except vault.VaultError as error:
            raise CommandError(str(error)) from None

    def _add(self, names: list[str], wait: float) -> None:
        for name in names:
            self.stdout.write(f"{name}: key {rotation.add_key(name)} added.")
        time.sleep(wait)
        for name in names:
            self.stdout.write(f"{name}: key {rotation.promote(name)} seals from now on.")

    def _reseal(self, names: list[str]) -> None:
        for name in names:
            total = 0
            # Somebody may have sealed with the old key while we looked elsewhere.
            while done := rotation.reseal(name):
                total += done
            self.stdout.write(f"{name}: {total} values sealed again.")

    def _retire(self, names: list[str]) -> None:
        for name in names:
            self.stdout.write(f"{name}: keys put away: {rotation.retire(name) or 'none'}.")
