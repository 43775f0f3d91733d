from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from authorities.models import Authority
from catalogue.adopting import following, use_cases
from forms_engine.sharing import adopting, lists
from forms_engine.sharing.file import SharingRefused
from foundation import scope
from foundation.commands import PortalCommand


class Command(PortalCommand):
    help = (
        "Übernimmt eine Leistung aus einer signierten Datei (docs/forms.md): offline, mit einem Entwurf des Formulars. "
        "Folgt die Behörde ihr schon, wird nur die neue Fassung vorgemerkt."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="DATEI", type=Path)
        parser.add_argument("--authority", required=True, help="Kurzname der Behörde, die übernimmt")
        parser.add_argument("--department", help="Kurzname des Amts, an das Anträge gehen")
        parser.add_argument("--key", help="Kürzel des Formulars; sonst wie in der Datei")

    def handle(self, *args: Any, **options: Any) -> None:
        authority = Authority.objects.filter(slug=options["authority"]).first()
        if authority is None:
            raise CommandError("Diese Behörde gibt es nicht. Prüfen Sie das Kürzel.")
        try:
            self._take(authority, options)
        except OSError as error:
            raise CommandError(f"Die Datei ist nicht lesbar ({error.strerror}). Prüfen Sie Pfad und Rechte.") from None
        except SharingRefused as refusal:
            raise CommandError("\n".join(refusal.problems)) from None

    def _take(self, authority: Authority, options: dict[str, Any]) -> None:
        opened = use_cases.open_file(options["file"].read_bytes())
        self.stdout.write(f"Signiert hat: {opened.signer.organisation}")
        if opened.refusal:
            raise CommandError(opened.refusal)
        with scope.authority(authority.pk):
            here = use_cases.version_here(opened)
            peer = "" if here else opened.signer.peer
            for sentence in lists.differences(opened.content) if not here else []:
                self.stdout.write(sentence)
            if not here and adopting.followers(opened.content, authority, peer=peer):
                following.receive(opened.content, authority, peer=peer)
                self.stdout.write("Die Behörde folgt dieser Leistung schon. Die neue Fassung ist vorgemerkt.")
                return
            department = authority.departments.filter(slug=options["department"] or "").first()
            if department is None and "service" in opened.content:
                known = ", ".join(authority.departments.values_list("slug", flat=True))
                raise CommandError(f"Nennen Sie mit --department das Amt. Bekannt sind: {known}.")
            key = options["key"] or opened.content["provenance"]["form"]
            form = use_cases.adopt_content(
                opened.content, authority, department, key=key, by=None, version=here, peer=peer
            )
        self.stdout.write(f"Übernommen, noch nicht veröffentlicht: Formular {form.key}")
