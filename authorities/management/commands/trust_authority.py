from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from foundation.commands import PortalCommand
from foundation.sealing import peers


class Command(PortalCommand):
    help = (
        "Nimmt das Siegel-Zertifikat einer Behörde, die ein anderes Portal benutzt. "
        "Danach übernehmen Autoren signierte Dateien mit Leistungen von ihr."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="Kürzel der Behörde, zum Beispiel wismar")
        parser.add_argument("file", metavar="DATEI", type=Path, help="Zertifikat des Siegels (PEM)")

    def handle(self, *, name: str, file: Path, **options: Any) -> None:
        try:
            signer = peers.trust(name, file.read_bytes())
        except (OSError, ValueError):
            raise CommandError(
                f"„{file.name}“ enthält kein Zertifikat eines Siegels, oder der Name passt nicht. "
                "Erlaubt sind kleine Buchstaben, Ziffern und Striche."
            ) from None
        # To be compared by telephone with what the other authority says of its own certificate.
        self.stdout.write(f"Vertraut: {signer.organisation}\nFingerabdruck (SHA-256): {signer.fingerprint}")
