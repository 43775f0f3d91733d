from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError
from django.utils import timezone

from foundation.audit import anchors
from foundation.audit.chain import set_backs, verify
from foundation.commands import PortalCommand

SET_BACK = (
    "Hinweis: Am {at:%d.%m.%Y um %H:%M:%S} stand die Uhr der Datenbank vor dem, was schon verkettet war ({behind}). "
    "Wissen Sie nicht, wer sie gestellt hat, fragen Sie nach."
)


class Command(PortalCommand):
    help = "Liest das Protokoll vom ersten Glied bis zum letzten und nennt jede Zeile, die nicht ist, wie sie war."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--authority", metavar="ID", help="nur die Kette dieser Behörde")
        parser.add_argument(
            "--anchors", type=Path, metavar="DATEI", help="veröffentlichte Anker; Vorgabe: die des Portals"
        )

    def handle(self, *, authority: UUID | str | None, **options: Any) -> None:
        chain = _id(authority)
        try:
            known = list(anchors.read(options["anchors"] or anchors.file()))
        except OSError:
            if options["anchors"]:
                raise CommandError(f"{options['anchors']} ist nicht lesbar. Prüfen Sie Pfad und Rechte.") from None
            known = []
        except ValueError as error:
            raise CommandError(str(error)) from None
        breaches = verify(chain, anchors=known)
        for event in set_backs(chain):
            self.stdout.write(SET_BACK.format(at=timezone.localtime(event.at), behind=event.refs["behind"]))
        for breach in breaches:
            self.stdout.write(f"{breach.kind}: Kette {breach.chain}, {breach.sentence}.")
        if breaches:
            raise CommandError(f"Das Protokoll ist nicht, wie es war. Zahl der Stellen: {len(breaches)}.")
        self.stdout.write(f"Das Protokoll ist, wie es war (Anker: {len(known)}).")


def _id(text: UUID | str | None) -> UUID | None:
    try:
        return UUID(str(text)) if text else None
    except ValueError:
        raise CommandError("--authority versteht die ID einer Behörde, wie sie in der Datei der Anker steht.") from None
