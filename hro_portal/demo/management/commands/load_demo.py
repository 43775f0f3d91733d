from typing import Any

from django.core.management.base import BaseCommand

from hro_portal.demo.city import load_city
from hro_portal.demo.people import load_people


class Command(BaseCommand):
    help = "Lädt die Beispielstadt mit ihren Leistungen und Konten. Ein zweites Mal ändert nichts."

    def handle(self, *args: Any, **options: Any) -> None:
        load_city()
        load_people()
