from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from foundation import vault


class Command(BaseCommand):
    help = "Makes the named keysets where they are missing, and tries all of them. Existing keysets stay as they are."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="+", metavar="NAME")

    def handle(self, *, names: list[str], **options: Any) -> None:
        for name in vault.create(names):
            self.stdout.write(f"Keyset {name} created.")
        vault.require(names)
