from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from authorities.models import Authority
from foundation import sealing
from foundation.commands import PortalCommand


class Command(PortalCommand):
    help = "Zeigt das Zertifikat des Siegels einer Behörde (PEM), damit andere Portale ihr vertrauen."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="KÜRZEL", help="der Behörde")

    def handle(self, *, slug: str, **options: Any) -> None:
        authority = Authority.objects.filter(slug=slug).first()
        if authority is None:
            raise CommandError(f"Eine Behörde „{slug}“ gibt es nicht. Prüfen Sie das Kürzel.")
        try:
            pem = sealing.certificate_of(authority.keyset)
        except sealing.SealUnavailable:
            raise CommandError("Das Siegel der Behörde fehlt („manage.py create_seals“).") from None
        self.stdout.write(pem.decode())
