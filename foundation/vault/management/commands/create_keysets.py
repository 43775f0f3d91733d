from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from foundation import vault
from foundation.commands import PortalCommand


class Command(PortalCommand):
    help = "Legt die Schlüsselsätze an, die noch fehlen, und probiert alle aus. Vorhandene bleiben."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="+", metavar="NAME")

    def handle(self, *, names: list[str], **options: Any) -> None:
        try:
            for name in vault.create(names):
                self.stdout.write(f"Der Schlüsselsatz {name} ist angelegt.")
            vault.require(names)
        except vault.VaultError as error:
            raise CommandError(str(error)) from None
