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
        parser.add_argument(
            "--lost",
            action="append",
            metavar="NAME",
            help="mit --retire: ein Wert, der sich nicht öffnen lässt und verloren gegeben wird; für jeden einmal",
        )

    def handle(self, *, names: list[str], wait: str | float, **options: Any) -> None:
        pause = _seconds(wait)
        if options["lost"] and (not options["retire"] or len(names) > 1):
            raise CommandError("„--lost“ gilt mit „--retire“ und für einen Schlüsselsatz. Nennen Sie nur diesen.")
        try:
            vault.require(names)
            if options["retire"]:
                self._retire(names, options["lost"] or [])
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
        lost = [self._reseal_one(name) for name in names]
        if found := frozenset().union(*lost):
            raise CommandError(f"{rotation.cannot_be_opened(found)} Alles andere ist neu versiegelt.")

    def _reseal_one(self, name: str) -> frozenset[str]:
        total = 0
        # Somebody may have sealed with the old key while we looked elsewhere.
        while (found := rotation.reseal(name)).done:
            total += found.done
        self.stdout.write(f"{name}: neu versiegelt: {total}.")
        return found.lost

    def _retire(self, names: list[str], lost: list[str]) -> None:
        for name in names:
            self.stdout.write(f"{name}: weggelegt: {rotation.retire(name, lost=lost) or 'nichts'}.")


def _seconds(text: str | float) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= LONGEST_WAIT:
        raise CommandError(f"--wait versteht Sekunden von 0 bis {LONGEST_WAIT}.")
    return seconds
