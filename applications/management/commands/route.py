"""A dry run of routing: where an application would go, and what each rule says to it. Changes nothing."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from applications.delivering.routing import Checked, way_of
from applications.models import Application
from foundation import scope
from foundation.commands import PortalCommand
from foundation.ids import parse_reference

_SAYS = {True: "ja", False: "nein", None: "offen"}


class Command(PortalCommand):
    help = "Zeigt, an welches Amt ein Antrag geht und warum. Ändert nichts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--application", required=True, metavar="NUMMER", help="Vorgangsnummer")
        parser.add_argument("--authority", help="nur, wenn der Antrag bei dieser Behörde liegt")
        parser.add_argument("--service", help="nur, wenn der Antrag zu dieser Leistung gehört")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = {
            "authority__slug": options["authority"],
            "offering__service__slug": options["service"],
            "reference": parse_reference(options["application"]) or options["application"],
        }
        with scope.system("a dry run of routing", read_only=True):
            application = (
                Application.objects.for_pages().filter(**{key: value for key, value in wanted.items() if value}).first()
            )
            if application is None:
                raise CommandError("Diesen Vorgang gibt es dort nicht. Prüfen Sie Nummer, Behörde und Leistung.")
            way = way_of(application)
        for checked in way.checked:
            self.stdout.write(_in_words(checked))
        self.stdout.write(f"→ {way.department.name}, nach Regel {way.taken.position + 1}")


def _in_words(checked: Checked) -> str:
    rule = checked.rule
    condition = json.dumps(rule.condition, ensure_ascii=False) if rule.condition else "ohne Bedingung"
    problem = f" ({checked.problem})" if checked.problem else ""
    return f"{rule.position + 1}. {_SAYS[checked.holds]}: {rule.department.name} – {condition}{problem}"
