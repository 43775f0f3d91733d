from typing import Any

from django.core.management import call_command

from authorities.models import Authority
from foundation import vault
from foundation.commands import PortalCommand
from hro_portal.demo.cases import are_there_cases, load_cases
from hro_portal.demo.city import load_city
from hro_portal.demo.people import load_people


class Command(PortalCommand):
    help = "Lädt die Beispielstadt mit ihren Leistungen und Konten. Ein zweites Mal ändert nichts."

    def handle(self, *args: Any, **options: Any) -> None:
        if are_there_cases():
            return
        load_city()
        vault.create(Authority.objects.values_list("keyset", flat=True))
        call_command("create_seals")  # a notice of the demo is opened already, and nothing leaves the house unsealed
        load_people()
        load_cases()
