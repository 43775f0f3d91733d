from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from foundation.audit import anchors
from foundation.audit.chain import verify


class Command(BaseCommand):
    help = "Reads the audit trail from its first link to its last and names each row that is not as it was written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--authority", type=UUID, metavar="ID", help="only the chain of this authority")
        parser.add_argument("--anchors", type=Path, metavar="FILE", help="published heads; default: the portal's own")

    def handle(self, *, authority: UUID | None, **options: Any) -> None:
        try:
            known = list(anchors.read(options["anchors"] or anchors.file()))
        except FileNotFoundError:
            if options["anchors"]:
                raise CommandError(f"There is no file {options['anchors']}.") from None
            known = []
        except ValueError as error:
            raise CommandError(str(error)) from None
        breaches = verify(authority, anchors=known)
        for breach in breaches:
            self.stdout.write(f"{breach.kind}: chain {breach.chain}, {breach.sentence}.")
        if breaches:
            raise CommandError(f"The trail is broken in {len(breaches)} place(s).")
        self.stdout.write(f"The trail holds ({len(known)} anchors).")
