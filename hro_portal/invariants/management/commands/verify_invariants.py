"""Checks what must hold for every case, and names each breach in a sentence. Changes nothing."""

import json
import time
from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import CommandError

from foundation import clock
from foundation.commands import PortalCommand
from hro_portal.invariants import Breach, check
from hro_portal.invariants.rules import PATIENCE


class Command(PortalCommand):
    help = "Prüft, dass kein Vorgang verloren, doppelt, verfälscht oder am falschen Ort ist. Ändert nichts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="für Programme")
        parser.add_argument("--since", metavar="ZEITPUNKT", help="nur Vorgänge seit diesem Tag, etwa 2026-11-01")
        parser.add_argument("--files", action="store_true", help="öffnet auch jede Angabe, Datei und Bestätigung")
        parser.add_argument(
            "--patience",
            default=int(PATIENCE.total_seconds()),
            metavar="SEKUNDEN",
            help="so lange darf das Portal an einem Vorgang arbeiten (Vorgabe: %(default)s)",
        )
        parser.add_argument("--settled", action="store_true", help="alle Arbeit muss getan sein: es darf nichts warten")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        breaches = check(
            files=options["files"],
            since=_moment(options["since"]),
            patience=_span(options["patience"]),
            settled=options["settled"],
        )
        seconds = round(time.monotonic() - began, 2)
        self.stdout.write(_as_json(breaches, seconds) if options["json"] else _as_text(breaches, seconds))
        if breaches:
            raise SystemExit(1)


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    moment = clock.read_moment(text)
    if moment is None:
        raise CommandError("--since versteht Tage wie 2026-11-01 und Zeitpunkte wie 2026-11-01T14:30.")
    return moment


def _span(text: str | float) -> timedelta:
    try:
        span = timedelta(seconds=float(text))
        clock.now() - span  # Longer than the calendar knows is no span either.
    except (ValueError, OverflowError):
        span = timedelta(-1)
    if span < timedelta(0):
        raise CommandError("--patience versteht Sekunden, zum Beispiel 900.")
    return span


def _as_json(breaches: list[Breach], seconds: float) -> str:
    found = [
        {"invariant": each.invariant, "object_id": str(each.object_id), "sentence": each.sentence} for each in breaches
    ]
    return json.dumps({"ok": not breaches, "seconds": seconds, "breaches": found}, ensure_ascii=False, indent=1)


def _as_text(breaches: list[Breach], seconds: float) -> str:
    lines = [f"{each.invariant}: {each.sentence}" for each in breaches]
    end = f"{len(breaches)} Verstöße" if breaches else "Alles in Ordnung"
    return "\n".join([*lines, f"{end} (geprüft in {seconds} s)."])
