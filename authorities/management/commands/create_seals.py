from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from authorities.models import Authority
from foundation import sealing
from foundation.commands import PortalCommand


class Command(PortalCommand):
    help = "Stellt die Siegel aus, die noch fehlen, unter einer eigenen Zertifizierungsstelle. Vorhandene bleiben."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", metavar="KÜRZEL", help="der Behörden; ohne Angabe: aller")

    def handle(self, *, names: list[str], **options: Any) -> None:
        authorities = Authority.objects.filter(slug__in=names) if names else Authority.objects.all()
        if unknown := sorted(set(names) - set(authorities.values_list("slug", flat=True))):
            raise CommandError(f"Diese Behörden gibt es nicht: {', '.join(unknown)}. Prüfen Sie das Kürzel.")
        for keyset in sealing.create(dict(authorities.values_list("keyset", "name"))):
            self.stdout.write(f"Siegel {keyset} ist ausgestellt.")
