import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from foundation import vault
from foundation.commands import PortalCommand
from foundation.vault import rotation

LONGEST_WAIT = 86_400


class Command(PortalCommand):
    help = (
        "Gibt Schlüsselsätzen einen neuen Schlüssel, während Menschen arbeiten, und versiegelt alles neu. "
        "Mit --retire: legt die alten weg, wenn nichts mehr mit ihnen versiegelt ist. Braucht DATABASE_OWNER_URL."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="+", metavar="KEYSET")
        parser.add_argument(
            "--wait",
            default=0,
            metavar="SEKUNDEN",
            help="zwischen Anlegen und erstem Gebrauch, wo Rechner die Dateien der Schlüssel als Kopie bekommen",
        )
        parser.add_argument(
            "--reseal-only", action="store_true", help="kein neuer Schlüssel; geht weiter, wo ein Lauf endete"
        )
        parser.add_argument("--retire", action="store_true", help="legt die alten Schlüssel weg")

    def handle(self, *, names: list[str], wait: str | float, **options: Any) -> None:
        pause = _seconds(wait)
        try:
            vault.require(names)
            if options["retire"]:
                self._retire(names)
                return
            if not options["reseal_only"]:
                self._add(names, pause)
            self._reseal(names)
        except vault.VaultError as error:
            raise CommandError(str(error)) from None

    def _add(self, names: list[str], wait: float) -> None:
        for name in names:
            self.stdout.write(f"{name}: Schlüssel {rotation.add_key(name)} ist angelegt.")
        time.sleep(wait)
        for name in names:
            self.stdout.write(f"{name}: Ab jetzt versiegelt Schlüssel {rotation.promote(name)}.")

    def _reseal(self, names: list[str]) -> None:
        for name in names:
            total = 0
            # Somebody may have sealed with the old key while we looked elsewhere.
            while done := rotation.reseal(name):
                total += done
            self.stdout.write(f"{name}: neu versiegelt: {total}.")

    def _retire(self, names: list[str]) -> None:
        for name in names:
            self.stdout.write(f"{name}: weggelegt: {rotation.retire(name) or 'nichts'}.")


def _seconds(text: str | float) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= LONGEST_WAIT:
        raise CommandError(f"--wait versteht Sekunden von 0 bis {LONGEST_WAIT}.")
    return seconds
