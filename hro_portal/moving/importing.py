"""Takes an export: all of it in one transaction, or nothing; and of what it says, only what may be true.

The folder comes from elsewhere. Its rows are the authority's own (`apart`), its seals have been compared (`seals`), and
people who are here stay as they are: nothing that arrives gives anybody a right over them or their organisations.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import DatabaseError, IntegrityError, connections, transaction
from django.db.models import DateTimeField, Func, Q

from accounts.folder import details
from accounts.models import Document, Invitation, Mandate, Membership, User
from applications import search
from applications.contents import form_of
from applications.models import Application, SearchTerm
from authorities.models import Authority
from catalogue.models import Offering, Service, Situation
from forms_engine import api as engine
from forms_engine.models import CodeList, Form, FormVersion
from foundation import files, vault
from foundation.audit import anchors
from foundation.audit.models import AuditEvent
from foundation.files import scanner
from foundation.files.models import StoredFile
from foundation.vault import keysets
from hro_portal.backup.database import OWNER
from hro_portal.moving import anchored, apart, belongings, folder, lists, rows, seals
from hro_portal.moving.arrivals import Arrivals
from hro_portal.moving.belongings import Table
from hro_portal.moving.exporting import require_owner
from hro_portal.moving.folder import Export
from hro_portal.moving.refusal import MovingRefused
from hro_portal.moving.rows import Row
from hro_portal.moving.seals import Seal

IMPORTED = "authority.imported"

#: The name as well: people know by it whose a document is.
_TAKEN_ONCE = {"name": "den Namen", "reference_prefix": "die Vorgangsnummern", "keyset": "den Schlüssel"}

ALREADY_HERE = "Die Behörde „{slug}“ gibt es hier schon. Eingespielt wird nur, was noch nicht da ist."
NAME_TAKEN = (
    "Eine andere Behörde benutzt hier schon {what} „{value}“. "
    "Ändern Sie es bei einer der beiden, und exportieren Sie erneut."
)
DOES_NOT_FIT = "Die Daten passen nicht zu denen, die hier schon sind ({reason}). Es ist nichts geändert."
NOT_KEPT = "Die Dateien konnten nicht geschrieben werden ({reason}). Es ist nichts geändert."


#: Verdicts that another place has given, and this one asks its own scanner about.
_UNPROVEN = {StoredFile.Verdict.CLEAN, StoredFile.Verdict.UNCHECKED, StoredFile.Verdict.PENDING}
#: What people find missing; their accounts are here.
_TOLD = (Document, Membership, Invitation, Mandate)


def import_authority(source: Path, *, fingerprints: Sequence[str] = (), without_seals: bool = False) -> dict[str, Any]:
    """Takes the whole export; out: its manifest, the `sha256` of that, and `left_out`: table → rows that stayed away.

    In: the fingerprints of all seals that the export brings, compared by the operator; or the word that none is taken.
    `MovingRefused`: nothing is changed.
    """
    require_owner()
    export = folder.open_export(source)
    folder.require_same_tables(export)
    apart.require_columns(export)
    authority = apart.the_authority(export)
    _require_new(authority)
    seals.require_none_of_others(authority)
    anchored.require_readable()
    brought = anchored.brought(source / folder.ANCHORS, authority["id"])
    trusted = [] if without_seals else seals.compared(export, authority, fingerprints)
    with _all_or_nothing() as written, transaction.atomic(using=OWNER):
        with connections[OWNER].cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
        written.extend(_new_keyset(authority["keyset"]))
        arriving = _Arriving(export, authority)
        arriving.take()
        apart.require_apart(export, UUID(authority["id"]))
        lists.require_same_words(export, UUID(authority["id"]))
        _index(UUID(authority["id"]))
        written.extend(_put_files_back(export, authority, arriving.documents))
        written.extend(seals.trust(trusted))
        _note(export, UUID(authority["id"]), trusted)
    anchors.adopt(brought)
    return export.manifest | {"sha256": export.sha256, "left_out": dict(arriving.left_out)}


@contextmanager
def _all_or_nothing() -> Iterator[list[Path]]:
    """What is not in the database goes again when the database refuses; the list is filled by the block."""
    written: list[Path] = []
    try:
        yield written
    except BaseException as error:
        for path in written:
            path.unlink(missing_ok=True)
        if isinstance(error, DatabaseError):
            raise MovingRefused(DOES_NOT_FIT.format(reason=_reason(error))) from None
        if isinstance(error, OSError):
            raise MovingRefused(NOT_KEPT.format(reason=error.strerror)) from None
        raise


def _reason(error: DatabaseError) -> str:
    """The law that was broken, by its name: the database's own sentence would show a row."""
    broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    return broken if isinstance(error, IntegrityError) and broken else type(error).__name__


def _require_new(authority: Row) -> None:
    known = Authority.objects.using(OWNER)
    if known.filter(Q(pk=authority["id"]) | Q(slug=authority["slug"])).exists():
        raise MovingRefused(ALREADY_HERE.format(slug=authority["slug"]))
    for column, what in _TAKEN_ONCE.items():
        if known.filter(**{f"{column}__iexact": authority[column]}).exists():
            raise MovingRefused(NAME_TAKEN.format(what=what, value=authority[column]))


def _new_keyset(name: str) -> list[Path]:
    """The authority's data are sealed anew with a keyset of this place; out: its files, if it is new."""
    paths = [keysets.path(name, part) for part in (keysets.SEALING, keysets.SEARCHING)]
    missing = [path for path in paths if not path.exists()]
    vault.create([name])
    return [path for path in missing if path.exists()]


class _Arriving:
    """Writes the rows table by table, parents first, and leaves out what this place has already."""

    def __init__(self, export: Export, authority: Row) -> None:
        self.export = export
        self.authority_id = authority["id"]
        self.people = Arrivals(export)
        self.services = dict(self._services_here())
        self.new_services = self._offered() - self.services.keys()
        self.new_situations = {
            row["situation_id"]
            for row in export.lines(Service.situations.through._meta.label)
            if row["service_id"] in self.new_services
        }
        self.lists = lists.new_here(export)
        self.documents: set[str] = set()
        self.left_out: Counter[str] = Counter()

    def take(self) -> None:
        self.people.require_free_addresses()
        for table in belongings.carried():
            rows.write(table, (self._fitted(table, row) for row in self._allowed(table) if self._is_new(table, row)))

    def _allowed(self, table: Table) -> Iterator[Row]:
        arriving = self.export.lines(table._meta.label)
        return apart.only_own(table, arriving, self.authority_id) if belongings.way_of(table) else arriving

    def _is_new(self, table: Table, row: Row) -> bool:
        """People may be here already, because they deal with another authority as well: they stay as they are."""
        if table is CodeList:
            return row["id"] in self.lists
        if table is Service:
            return row["id"] in self.new_services
        if table is Service.situations.through:
            return row["service_id"] in self.new_services
        if table is Situation:
            return row["slug"] in self.new_situations and not self._is_here(table, row)
        if table in belongings.OF_PEOPLE or (table is StoredFile and not row[belongings.AUTHORITY]):
            return not self._is_here(table, row) and self._may_come(table, row)
        return True

    def _may_come(self, table: Table, row: Row) -> bool:
        if not self.people.may_bring(table, row):
            if table in _TOLD:
                self.left_out[table._meta.label] += 1
            return False
        if table is StoredFile:
            self.documents.add(row["id"])
        return True

    def _is_here(self, table: Table, row: Row) -> bool:
        key = rows.key_of(table)
        return key in row and table._base_manager.using(OWNER).filter(pk=row[key]).exists()

    def _fitted(self, table: Table, row: Row) -> Row:
        if table is User:
            # Rights over this whole place are given here, and are not brought along.
            return row | {"is_superuser": False, "is_staff": False}
        if table is StoredFile and row["verdict"] in _UNPROVEN:
            return row | {"verdict": scanner.of_unseen()}
        if table is CodeList:
            return lists.with_origin(self.export, row)
        if table in (Offering, Mandate):
            return row | {"service_id": self.services.get(row["service_id"], row["service_id"])}
        if table is Form and row["upstream_version_id"]:
            return row | {"upstream_version_id": self._upstream(row["upstream_version_id"])}
        return row

    def _upstream(self, version_id: str) -> str | None:
        """The version that a form follows may belong to an authority that is not here."""
        comes = any(row["id"] == version_id for row in self.export.lines(FormVersion._meta.label))
        return version_id if comes or self._here(FormVersion, [version_id]) else None

    def _services_here(self) -> Iterator[tuple[str, str]]:
        """Number there → number here of the services that this place's catalogue knows already."""
        for row in self.export.lines(Service._meta.label):
            known = Service.objects.using(OWNER).filter(Q(pk=row["id"]) | Q(slug=row["slug"])).first()
            if known:
                yield row["id"], str(known.pk)

    def _offered(self) -> set[str]:
        """The services that the authority offers: nothing else of its catalogue is taken."""
        offered = {row["service_id"] for row in self.export.lines(Offering._meta.label)}
        return {row["id"] for row in self.export.lines(Service._meta.label)} & offered

    def _here(self, table: Table, ids: Iterable[str]) -> set[UUID]:
        return set(table._base_manager.using(OWNER).filter(pk__in=list(ids)).values_list("pk", flat=True))


def _index(authority_id: UUID) -> None:
    """What clerks search by is made anew: its digests hang on a key of this place."""
    cases = Application.objects.using(OWNER).filter(authority_id=authority_id)
    for case in cases.select_related("authority", "form_version__form").iterator(rows.AT_ONCE):
        name = case.unseal("applicant_name", case.applicant_name)
        texts = engine.searchable(form_of(case), case.read_answers())
        SearchTerm.objects.using(OWNER).bulk_create(search.terms_of(case, name, *texts))


def _put_files_back(export: Export, authority: Row, documents: set[str]) -> Iterator[Path]:
    """Each file is on disk, sealed, before its row is committed. In: the ids of those in the folders of people."""
    names = export.names_of_files()
    arrived = StoredFile.objects.using(OWNER).filter(Q(authority_id=authority["id"]) | Q(pk__in=documents))
    for stored in arrived.iterator(rows.AT_ONCE):
        keyset = authority["keyset"] if stored.authority_id else details.KEYSET
        if stored.storage_key != f"{stored.pk.hex[-2:]}/{stored.pk}" or stored.keyset != keyset:
            raise MovingRefused(folder.DAMAGED.format(file=StoredFile._meta.label))
        if name := names.get(str(stored.pk)):
            yield files.put_back(stored, export.content(name))


def _note(export: Export, authority_id: UUID, trusted: Sequence[Seal]) -> None:
    """The trail goes on here, with the event that it came, and which seals count as its own."""
    AuditEvent.objects.using(OWNER).create(
        # Not the time at which this transaction began: an event that is written an hour late is told as inserted.
        at=Func(function="clock_timestamp", output_field=DateTimeField()),
        authority_id=authority_id,
        action=IMPORTED,
        object_kind="authority",
        object_id=authority_id,
        refs={"export": export.sha256, "seals": [seal.fingerprint for seal in trusted]},
    )
