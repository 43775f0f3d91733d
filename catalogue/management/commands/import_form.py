import dataclasses
import json
import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from authorities.models import Authority, Department
from catalogue.importing import SEARCHABLE, Report, Target, import_forms
from forms_engine.api import DefinitionError
from forms_engine.xdatenfelder.api import Told, read_rules
from foundation.commands import PortalCommand


class Command(PortalCommand):
    help = (
        "Liest Formulardefinitionen (docs/form-definition.md), XDatenfelder-Schemata und Codelisten (docs/forms.md) "
        "und bietet Formulare auf Wunsch als Leistung an."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="DATEI")
        parser.add_argument("--authority", required=True, help="Kurzname der Behörde, zum Beispiel rostock")
        parser.add_argument("--service", help="Kurzname der Leistung, die das Formular bekommt")
        parser.add_argument("--department", help="Kurzname des Amts, an das Anträge gehen")
        parser.add_argument("--publish", action="store_true", help="veröffentlicht die Version")
        parser.add_argument("--rules", type=Path, metavar="DATEI", help="übersetzte Regeln des FIM-Portals (JSON)")
        parser.add_argument(
            "--valid-from", type=date.fromisoformat, metavar="TAG", help="ab wann Codelisten gelten, z. B. 2027-01-01"
        )
        parser.add_argument("--json", action="store_true", help="ein JSON-Objekt je Datei und Zeile")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["service"] and len(options["files"]) > 1:
            raise CommandError("Eine Leistung hat ein Formular. Nennen Sie mit --service nur eine Datei.")
        target = _target(options)
        reports = import_forms(options["files"], target)
        for report in reports:
            self.stdout.write(_as_json(report) if options["json"] else _in_words(report))
        if not all(report.ok for report in reports):
            sys.exit(1)


def _target(options: dict[str, Any]) -> Target:
    authority = Authority.objects.filter(slug=options["authority"]).first()
    if authority is None:
        known = ", ".join(Authority.objects.values_list("slug", flat=True))
        raise CommandError(f"Die Behörde „{options['authority']}“ gibt es nicht. Bekannt sind: {known}.")
    department = None
    if options["department"]:
        department = Department.objects.filter(authority=authority, slug=options["department"]).first()
        if department is None:
            known = ", ".join(authority.departments.values_list("slug", flat=True))
            raise CommandError(f"Das Amt „{options['department']}“ gibt es dort nicht. Bekannt sind: {known}.")
    return Target(
        authority,
        options["service"],
        department,
        options["publish"],
        _rules(options["rules"]),
        valid_from=options["valid_from"],
    )


def _rules(file: Path | None) -> tuple[Told, ...]:
    if file is None:
        return ()
    try:
        return tuple(read_rules(file.read_bytes()))
    except OSError:
        raise CommandError(f"Die Datei mit Regeln ist nicht lesbar: {file}.") from None
    except DefinitionError as error:
        raise CommandError(" ".join(error.problems)) from None


def _as_json(report: Report) -> str:
    return json.dumps(dataclasses.asdict(report), ensure_ascii=False)


def _in_words(report: Report) -> str:
    if report.error and not report.version:
        return f"{report.file}: nicht übernommen. {report.error}"
    if not report.version:
        return f"{report.file}: {' '.join(report.warnings)}"
    lines = [
        f"{report.file}: Formular {report.form}, Version {report.version}, {report.steps} Schritte, "
        f"{report.fields} Felder. {report.service_url or ''}".rstrip()
    ]
    if report.error:
        lines.append(f"  {report.error}")
    if report.schema_url:
        lines.append(f"  JSON Schema der Antworten: {report.schema_url}")
    if report.searchable:
        lines.append(f"  {SEARCHABLE.format(questions=', '.join(report.searchable))}")
    return "\n".join([*lines, *(f"  Hinweis: {warning}" for warning in report.warnings)])
