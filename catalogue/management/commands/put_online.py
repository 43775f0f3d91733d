from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from catalogue import describing
from catalogue.importing import SEARCHABLE, searchable_questions
from catalogue.models import Offering
from catalogue.queries import published_version
from forms_engine import api as engine
from foundation import scope
from foundation.commands import PortalCommand


class Command(PortalCommand):
    help = (
        "Stellt die Leistungen einer Beschreibung (docs/services.md) online. Ein zweites Mal ändert nur, was neu ist."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("services", type=Path, metavar="DATEI", help="Beschreibung der Leistungen")
        parser.add_argument("--forms", required=True, type=Path, help="Ordner mit den Formularen")
        parser.add_argument("--situations", type=Path, help="Lebenslagen, wenn sich etwas an ihnen ändert")

    def handle(self, *args: Any, **options: Any) -> None:
        told = []
        try:
            with scope.system("put services online"):
                if options["situations"]:
                    describing.load_situations(describing.read(options["situations"]))
                offerings = describing.put_online(describing.read(options["services"]), options["forms"])
                told = [(offering.get_absolute_url(), _searchable(offering)) for offering in offerings]
        except describing.DescriptionError as error:
            raise CommandError("\n".join(error.problems)) from None
        for address, questions in told:
            self.stdout.write(address)
            if questions:
                self.stdout.write(f"  {SEARCHABLE.format(questions=', '.join(questions))}")


def _searchable(offering: Offering) -> list[str]:
    version = published_version(offering)
    return searchable_questions(engine.compiled(version)) if version else []
