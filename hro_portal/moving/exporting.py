"""Writes all that belongs to an authority into a folder, as it is in one moment of the database."""

import hashlib
import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connections, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from applications.models import Application, IssuedDocument
from authorities.models import Authority
from catalogue.models import Offering, Service, Situation
from forms_engine.models import CodeList, FormVersion
from foundation import audit, files, scope, sealing, vault
from foundation.audit import anchors, chain
from foundation.audit.models import AuditEvent, AuditLink
from foundation.files.models import StoredFile
from hro_portal.backup import code, database
from hro_portal.backup.database import OWNER
from hro_portal.backup.refusal import BackupRefused
from hro_portal.moving import belongings, cases, folder, lists, people, rows
from hro_portal.moving.belongings import Table
from hro_portal.moving.people import People
from hro_portal.moving.refusal import MovingRefused

#: Rows in one file of a table.
IN_ONE_FILE = 5000
EXPORTED = "authority.exported"
_EXPLANATION = Path(__file__).with_name("README.md")
#: What a file that the portal issued is called beside its case.
_ISSUED = {"receipt": "eingangsbestaetigung", "notice": "bescheid"}

UNKNOWN = "Eine Behörde „{slug}“ gibt es nicht. Prüfen Sie das Kürzel."
STILL_AT_WORK = "Das Portal arbeitet noch für diese Behörde. Halten Sie es an, und starten Sie den Export erneut."


def export_authority(slug: str, target: Path) -> dict[str, Any]:
    """Writes the export; out: what stands in its manifest, with the manifest's own `sha256`.

    Raises `MovingRefused`, and then nothing is left in the folder: what it holds is clear text.
    """
    require_owner()
    authority = authority_of(slug)
    writer = folder.Writer(target)
    try:
        _note(authority)
        with moment():
            about = _fill(writer, authority)
        return about | {"sha256": writer.finish(about), "files": writer.files}
    except BaseException as error:
        writer.discard()
        if isinstance(error, OSError):
            raise MovingRefused(folder.NOT_WRITTEN.format(reason=error.strerror)) from None
        raise


def require_owner() -> None:
    try:
        database.require_owner()
    except BackupRefused:
        raise MovingRefused(
            "DATABASE_OWNER_URL fehlt. Ein Umzug braucht die Rolle, der die Tabellen gehören."
        ) from None


def authority_of(slug: str) -> Authority:
    authority = Authority.objects.using(OWNER).filter(slug=slug).first()
    if authority is None:
        raise MovingRefused(UNKNOWN.format(slug=slug))
    return authority


@contextmanager
def moment(*, read_only: bool = True) -> Iterator[None]:
    """One moment of the database, for as long as the block takes. Who changes what changed meanwhile is refused."""
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute(f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ {'READ ONLY' if read_only else 'READ WRITE'}")
        cursor.execute("SET LOCAL statement_timeout = 0")
        yield


def tables(authority: Authority) -> Iterator[tuple[str, bytes]]:
    """(name, content) of each file of rows: the same database gives the same bytes."""
    with_whom = people.of(authority.pk)
    for table in belongings.carried():
        found = rows.read(table, _condition(table, authority.pk, with_whom))
        for number, page in enumerate(rows.pages(found, IN_ONE_FILE), start=1):
            yield f"{folder.TABLES}/{table._meta.label}-{number:04}.jsonl", folder.as_lines(page)


def sums_of_tables(authority: Authority) -> dict[str, str]:
    """The checksums that an export would have now."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in tables(authority)}


def _note(authority: Authority) -> None:
    """The export stands in the trail that it carries, and all of that trail is chained."""
    with scope.authority(authority.pk):
        audit.record(EXPORTED, authority_id=authority.pk, object_kind="authority", object_id=authority.pk)
    chain.seal_all_events()


def _fill(writer: folder.Writer, authority: Authority) -> dict[str, Any]:
    _require_all_chained(authority.pk)
    counted: dict[str, int] = {}
    for name, content in tables(authority):
        label = name.removeprefix(f"{folder.TABLES}/").rpartition("-")[0]
        counted[label] = counted.get(label, 0) + content.count(b"\n")
        writer.add(name, content)
    for version in FormVersion.objects.using(OWNER).filter(authority=authority).select_related("form").order_by("pk"):
        writer.add_json(f"{folder.FORMS}/{version.form.key}-{version.no}.json", version.definition)
    missing = _add_files(writer, authority, people.of(authority.pk))
    for case in Application.objects.using(OWNER).filter(authority=authority).order_by("reference").iterator(200):
        writer.add_json(f"{folder.CASES}/{case.reference}/vorgang.json", cases.whole(case.pk))
    writer.add(folder.ANCHORS, "".join(f"{anchor}\n" for anchor in anchors.of(authority.pk)).encode())
    writer.add(folder.README, _EXPLANATION.read_bytes())
    return {
        "authority": {"id": str(authority.pk), "slug": authority.slug, "name": authority.name},
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "code": code.version(),
        "migrations": database.applied_migrations(),
        "rows": counted,
        "missing": missing,
    }


def _require_all_chained(authority_id: UUID) -> None:
    """An event without a link would look, at the other place, as if somebody had added it later."""
    linked = Exists(AuditLink.objects.using(OWNER).filter(event_id=OuterRef("pk")))
    if AuditEvent.objects.using(OWNER).filter(~linked, authority_id=authority_id).exists():
        raise MovingRefused(STILL_AT_WORK)


def _add_files(writer: folder.Writer, authority: Authority, with_whom: People) -> list[str]:
    """Every stored file, beside its case where it has one, and the seals on them; out: ids of those that are lost."""
    issued = dict(IssuedDocument.objects.using(OWNER).filter(authority=authority).values_list("file_id", "kind"))
    references = dict(Application.objects.using(OWNER).filter(authority=authority).values_list("pk", "reference"))
    seals: set[bytes] = set()
    missing = []
    carried = StoredFile.objects.using(OWNER).filter(_condition(StoredFile, authority.pk, with_whom))
    for stored in carried.order_by("pk").iterator(200):
        try:
            content = files.open_bytes(stored)
        except FileNotFoundError:
            missing.append(str(stored.pk))
            continue
        except vault.VaultError:
            raise MovingRefused(rows.NOT_OPEN.format(table=StoredFile._meta.label)) from None
        kind = _ISSUED.get(issued.get(stored.pk, ""), "datei")
        name = f"{kind}-{stored.pk}{mimetypes.guess_extension(stored.media_type) or ''}"
        case = references.get(stored.subject_id)
        writer.add(f"{folder.CASES}/{case}/{name}" if case else f"{folder.FILES}/{name}", content)
        if stored.pk in issued:
            seals.update(sealing.seals_of(content))
    for pem in sorted(seals):
        writer.add(f"{folder.SEALS}/{hashlib.sha256(pem).hexdigest()[:16]}.pem", pem)
    return missing


def _condition(table: Table, authority_id: UUID, with_whom: People) -> Q:
    if table is CodeList:
        return lists.of(authority_id)
    if table in belongings.OF_PEOPLE:
        return with_whom.rows(table)
    if table in belongings.SHARED:
        offered = Offering.objects.using(OWNER).filter(authority_id=authority_id).values("service_id")
        links = Service.situations.through.objects.using(OWNER).filter(service_id__in=offered)
        return {
            Service: Q(pk__in=offered),
            Situation: Q(pk__in=links.values("situation_id")),
            Service.situations.through: Q(service_id__in=offered),
        }[table]
    if table is StoredFile:
        return belongings.of(authority_id, table) | with_whom.files
    return belongings.of(authority_id, table)
