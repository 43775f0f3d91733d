"""A form from a file: checked, kept as a version, published and offered as far as asked. One report per file.

A file is a definition of our own (JSON), a form schema of the federation or a code list (XML).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from authorities.models import Authority, Department
from catalogue import carried
from catalogue.models import Offering, Service
from catalogue.use_cases import Route, Terms, offer
from forms_engine import api as engine
from forms_engine.models import FormVersion
from forms_engine.proofing import refusals
from forms_engine.proposals import keep_proposals, translate_proposals
from forms_engine.publishing import blockers
from forms_engine.use_cases import add_version, publish
from forms_engine.xdatenfelder import api as xdatenfelder
from foundation import scope


@dataclass(frozen=True)
class Target:
    """Where the form goes. Without a service it is only kept; without `publish` nobody can fill it in yet."""

    authority: Authority
    service: str | None
    department: Department | None
    publish: bool
    rules: tuple[xdatenfelder.Told, ...] = ()  # translated rules of the federation's portal, for the schemas they name
    by: UUID | None = None  # the author who reads the file in
    valid_from: date | None = None  # the day from which code lists in the files hold; None: ever since


#: What an author is told of `search`: docs/form-definition.md, and docs/operations.md *What search gives away*.
SEARCHABLE = (
    "Suche: Die Wörter dieser Antworten liegen auch außerhalb des versiegelten Antrags, als Prüfwerte mit Schlüssel: "
    "{questions}. Wer die Datenbank hat, sieht ohne Schlüssel, welche Fälle ein Wort gemeinsam haben. "
    "Öffnen Sie der Suche nur, wonach das Amt wirklich sucht."
)


@dataclass
class Report:
    """What became of one file; `error` is a German sentence, None if all went well."""

    file: str
    ok: bool = False
    form: str | None = None
    version: int | None = None
    service_url: str | None = None
    schema_url: str | None = None  # of the JSON Schema of the answers, once the version is published
    steps: int = 0
    fields: int = 0
    groups: int = 0
    rules: int = 0
    warnings: list[str] = field(default_factory=list)
    searchable: list[str] = field(default_factory=list)
    error: str | None = None


def import_forms(paths: Iterable[Path], target: Target) -> list[Report]:
    """One report per file, in the order of the files. Code lists are taken in first, for the schemas name them;
    translations last, for they are of forms.
    """
    paths = list(paths)
    order = sorted(range(len(paths)), key=lambda number: _turn(paths[number]))
    reports = {number: import_form(paths[number], target) for number in order}
    return [reports[number] for number in range(len(paths))]


def import_form(path: Path, target: Target) -> Report:
    """Reads one file and does what the target asks for, in a scope of the authority; never raises for what
    stands in a file.
    """
    report = Report(file=str(path))
    try:
        raw = path.read_bytes()
        if not xdatenfelder.is_xml(raw):
            _take(engine.load(raw), target, report, is_official=False)
        elif (translation := xdatenfelder.translation_in(raw)) is not None:
            _translate(translation, target, report)
        else:
            with scope.authority(target.authority.pk):
                imported = xdatenfelder.import_xml(raw, target.rules, valid_from=target.valid_from)
            report.warnings += imported.warnings
            if imported.definition is not None:
                _take(engine.load(imported.definition), target, report, is_official=True, proposals=imported.proposals)
    except OSError:
        report.error = "Die Datei ist nicht lesbar. Prüfen Sie Pfad und Rechte."
    except engine.DefinitionError as error:
        report.error = " ".join(error.problems)
    else:
        report.ok = report.error is None
    return report


def _translate(translation: xdatenfelder.Translation, target: Target, report: Report) -> None:
    """The newest definition of the translated schema with its English texts, and the rules of it that wait."""
    newest = _newest_of(translation.schema_id, target)
    made = xdatenfelder.in_english(newest.definition, translation)
    _take(engine.load(made.definition), target, report, is_official=True)
    with scope.authority(target.authority.pk):
        translate_proposals(newest.form, translation, made)
    report.warnings = [*made.sentences(), *xdatenfelder.unused_messages(translation, made), *report.warnings]


def _take(
    definition: dict[str, Any],
    target: Target,
    report: Report,
    *,
    is_official: bool,
    proposals: tuple[xdatenfelder.Proposal, ...] | None = None,
) -> None:
    """Keeps the definition as a version, and proposals if it came with them; publishes and offers it as far as asked
    and possible. An official schema brings its own words; they do not keep it from being published.
    """
    compiled = engine.compile_definition(definition)
    missing = refusals(definition, foreign_words=is_official) if target.publish else blockers(definition)
    with scope.authority(target.authority.pk):
        version = add_version(target.authority, definition, by=target.by)
        if proposals is not None:
            keep_proposals(version.form, proposals)
        if target.publish and not missing:
            missing = _published(version, foreign_words=is_official)
        if target.publish and not missing:
            report.schema_url = settings.BASE_URL + schema_path(target.authority, version)
            report.service_url = _offer(version, definition, target)
    counts = compiled.counts()
    report.form, report.version = definition["key"], version.no
    report.steps, report.fields = counts["steps"], counts["fields"]
    report.groups, report.rules = counts["groups"], counts["rules"]
    report.warnings = [*missing, *report.warnings, *engine.warnings(definition)]
    report.searchable = searchable_questions(compiled)
    if target.publish and missing:
        report.error = f"Version {version.no} ist aufbewahrt, aber nicht veröffentlicht. {' '.join(missing)}"


def _published(version: FormVersion, *, foreign_words: bool) -> list[str]:
    """Publishes; out: why not. The version is kept all the same."""
    try:
        with transaction.atomic():
            publish(version, foreign_words=foreign_words)
    except engine.DefinitionError as error:
        return error.problems
    return []


def schema_path(authority: Authority, version: FormVersion) -> str:
    """Where the JSON Schema of the answers of a published version stands."""
    return reverse("catalogue:answers-schema", args=[authority.slug, version.definition["key"], version.no])


def _turn(path: Path) -> int:
    try:
        raw = path.read_bytes()
    except OSError:
        return 1
    return 0 if xdatenfelder.is_code_list_file(raw) else 2 if b"uebersetzung.0106" in raw[:4000] else 1


def _newest_of(schema_id: str, target: Target) -> FormVersion:
    """The newest version of the form that came from this schema."""
    with scope.authority(target.authority.pk, read_only=True):
        versions = FormVersion.objects.filter(authority=target.authority, definition__fim__id=schema_id)
        newest = versions.select_related("form").order_by("-no").first()
    if newest is None:
        raise engine.DefinitionError([f"Das Formular zum Schema {schema_id} fehlt. Übernehmen Sie zuerst das Schema."])
    return newest


def searchable_questions(form: engine.CompiledForm) -> list[str]:
    """The questions whose answers the author opens for the clerks' search; what that means stands in `SEARCHABLE`."""
    fields = [field for step in form.steps for field in step.fields if field.search]
    return list(dict.fromkeys(field.label("de") for field in fields))


def _offer(version: FormVersion, definition: dict[str, Any], target: Target) -> str | None:
    """The address of the service page, once the form is published for a service."""
    if target.service is None:
        return None
    service, _ = Service.objects.get_or_create(
        slug=target.service, defaults={"key": f"L-{target.service}"[:40], "texts": {"title": definition["title"]}}
    )
    offering = Offering.objects.filter(authority=target.authority, service=service).first()
    if offering is None:
        if target.department is None:
            raise engine.DefinitionError(["Diese Leistung ist hier neu. Nennen Sie mit --department das Amt."])
        offering = offer(target.authority, service, version.form, terms=Terms(), routes=[Route(target.department)])
    elif offering.form_id != version.form_id:
        offering.earlier_paths = carried.paths_with(version.form, offering)
        offering.form = version.form
        offering.save(update_fields=["form", "earlier_paths"])
    offering.authority = target.authority
    return settings.BASE_URL + offering.get_absolute_url()
