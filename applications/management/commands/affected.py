"""Lists the cases that a fault touched. Reads only, and tells nothing of a person."""

import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError
from django.utils import translation

from applications.models import Application
from applications.telling.queries import Period, Touched, page, reason_in_words, touched
from authorities.models import Authority
from catalogue.models import Service
from foundation import clock, scope
from foundation.commands import PortalCommand

AT_ONCE = 1_000


class Command(PortalCommand):
    help = "Nennt die Vorgänge, die eine Störung berührt hat: Nummer, Stand und warum. Ändert nichts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", metavar="ZEITPUNKT", required=True, help="2026-11-01 oder 2026-11-01T14:30")
        parser.add_argument("--until", metavar="ZEITPUNKT", help="Vorgabe: jetzt")
        parser.add_argument("--service", metavar="KENNUNG", required=True, help="etwa hundesteuer-anmelden")
        parser.add_argument("--authority", metavar="KENNUNG", help="Vorgabe: alle Behörden")
        parser.add_argument("--json", action="store_true", help="für Programme")

    def handle(self, *args: Any, **options: Any) -> None:
        period = Period(_moment(options["since"]), _moment(options["until"]) if options["until"] else clock.now())
        if period.since >= period.until:
            raise CommandError("--until liegt nach --since.")
        if not Service.objects.filter(slug=options["service"]).exists():
            raise CommandError(f"Die Leistung {options['service']} gibt es nicht.")
        with translation.override("de"):
            found = [
                _told(authority, row)
                for authority in _authorities(options["authority"])
                for row in _rows(authority, options["service"], period)
            ]
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) if options["json"] else _as_text(found))


def _authorities(slug: str | None) -> list[Authority]:
    with scope.system("name the authorities that a fault may have touched", read_only=True):
        authorities = list(Authority.objects.filter(slug=slug) if slug else Authority.objects.all())
    if not authorities:
        raise CommandError(f"Die Behörde {slug} gibt es nicht.")
    return authorities


def _rows(authority: Authority, service: str, period: Period) -> list[Touched]:
    """All of them, read a thousand at a time."""
    rows: list[Touched] = []
    after = ""
    while True:
        with scope.authority(authority.pk, read_only=True):
            cases = Application.objects.real().filter(authority_id=authority.pk)
            read = page(touched(cases, service=service, period=period), size=AT_ONCE, after=after)
        rows += read.rows
        if not (after := read.next):
            return rows


def _told(authority: Authority, row: Touched) -> dict[str, Any]:
    return {
        "authority": authority.slug,
        "reference": row.reference,
        "state": row.state,
        "reasons": [reason_in_words(reason) for reason in row.reasons],
    }


def _as_text(found: list[dict[str, Any]]) -> str:
    lines = [
        f"{row['authority']}  {row['reference']}  {row['state']:<15}  {', '.join(row['reasons'])}" for row in found
    ]
    return "\n".join([*lines, f"Betroffene Vorgänge: {len(found)}"])


def _moment(text: str) -> datetime:
    moment = clock.read_moment(text)
    if moment is None:
        raise CommandError("Das Portal versteht Tage wie 2026-11-01 und Zeitpunkte wie 2026-11-01T14:30.")
    return moment
