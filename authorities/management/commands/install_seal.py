from argparse import ArgumentParser
from getpass import getpass
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from authorities.models import Authority
from foundation import sealing
from foundation.commands import PortalCommand


class Command(PortalCommand):
    help = "Nimmt das Siegel einer Behörde aus einer PKCS#12-Datei. Das bisherige prüft alte Dokumente weiter."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="KÜRZEL", help="der Behörde")
        parser.add_argument("file", metavar="DATEI", type=Path, help="PKCS#12 mit einem ECDSA-Schlüssel")

    def handle(self, *, slug: str, file: Path, **options: Any) -> None:
        authority = Authority.objects.filter(slug=slug).first()
        if authority is None:
            raise CommandError(f"Eine Behörde „{slug}“ gibt es nicht. Prüfen Sie das Kürzel.")
        try:
            certificate = sealing.install(authority.keyset, file.read_bytes(), getpass("Kennwort der Datei: ").encode())
        except sealing.MayIssue:
            raise CommandError(
                f"Mit dem Zertifikat in „{file.name}“ lassen sich andere ausstellen, in jedem Namen. "
                "Lassen Sie sich eines geben, das nur siegelt („CA:FALSE“)."
            ) from None
        except (OSError, ValueError):
            raise CommandError(
                f"„{file.name}“ enthält kein Siegel mit ECDSA-Schlüssel, oder das Kennwort stimmt nicht."
            ) from None
        self.stdout.write(f"Das Siegel gilt bis zum {certificate.not_valid_after_utc:%d.%m.%Y}.")
