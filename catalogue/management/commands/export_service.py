import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from catalogue.adopting import use_cases
from catalogue.models import Offering
from catalogue.queries import published_version
from forms_engine.models import FormVersion
from forms_engine.sharing import file
from foundation import scope
from foundation.commands import PortalCommand
from foundation.sealing import SealUnavailable


class Command(PortalCommand):
    help = "Schreibt eine Leistung mit ihrem Formular als signierte Datei, für ein anderes Portal (docs/forms.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("service", metavar="LEISTUNG", help="Kurzname der Leistung")
        parser.add_argument("--authority", required=True, help="Kurzname der Behörde, zum Beispiel rostock")
        parser.add_argument("--to", type=Path, metavar="DATEI", help="sonst auf die Standardausgabe")

    def handle(self, *args: Any, **options: Any) -> None:
        offering = (
            Offering.objects.filter(authority__slug=options["authority"], service__slug=options["service"])
            .select_related("authority", "service")
            .first()
        )
        if offering is None:
            raise CommandError("Diese Behörde bietet die Leistung nicht an. Prüfen Sie beide Namen.")
        with scope.authority(offering.authority_id, read_only=True):
            newest = published_version(offering)
            if newest is None:
                raise CommandError("Das Formular ist nicht veröffentlicht. Veröffentlichen Sie es zuerst.")
            version = FormVersion.objects.select_related("form__authority").get(pk=newest.pk)
            content = use_cases.content_of(offering, version)
        try:
            raw = file.write(content, keyset=offering.authority.keyset)
        except SealUnavailable:
            raise CommandError("Das Siegel der Behörde fehlt („manage.py create_seals“).") from None
        if not options["to"]:
            sys.stdout.buffer.write(raw)
            return
        try:
            options["to"].write_bytes(raw)
        except OSError as error:
            raise CommandError(
                f"Die Datei lässt sich nicht schreiben ({error.strerror}). Prüfen Sie den Ort."
            ) from None
