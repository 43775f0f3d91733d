"""Takes an export: all of it in one transaction, or nothing."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import DatabaseError, IntegrityError, connections, transaction
from django.db.models import Q
from django.db.models.functions import Lower, Now

from accounts.models import Mandate, User
from applications import search
from applications.contents import form_of
from applications.models import Application, SearchTerm
from authorities.models import Authority
from catalogue.models import Offering, Service, Situation
from forms_engine import api as engine
from forms_engine.models import CodeList, Form, FormVersion
from foundation import files, sealing, vault
from foundation.audit import anchors
from foundation.audit.models import AuditEvent
from foundation.files.models import StoredFile
from foundation.vault import keysets
from hro_portal.backup.database import OWNER
from hro_portal.moving import anchored, belongings, folder, lists, rows
from hro_portal.moving.belongings import Table
from hro_portal.moving.exporting import require_owner
from hro_portal.moving.folder import Export
from hro_portal.moving.refusal import MovingRefused
from hro_portal.moving.rows import Row

IMPORTED = "authority.imported"

ALREADY_HERE = "Die Behörde „{slug}“ gibt es hier schon. Eingespielt wird nur, was noch nicht da ist."
NAME_TAKEN = (
    "Eine andere Behörde benutzt hier schon {what} „{value}“. "
    "Ändern Sie es bei einer der beiden, und exportieren Sie erneut."
)
ADDRESS_TAKEN = (
    "Zu {count} Konten gibt es hier schon ein anderes mit derselben E-Mail-Adresse: {ids}. "
    "Klären Sie mit den Personen, welches bleibt. Es ist nichts geändert."
)
DOES_NOT_FIT = "Die Daten passen nicht zu denen, die hier schon sind ({reason}). Es ist nichts geändert."
NO_SUCH_SEAL = "Ein Zertifikat im Ordner „siegel“ ist kein Siegel. Holen Sie den Export neu. Es ist nichts geändert."
NOT_KEPT = "Die Dateien konnten nicht geschrieben werden ({reason}). Es ist nichts geändert."


def import_authority(source: Path) -> dict[str, Any]:
    """Takes the whole export; out: its manifest and the `sha256` of that. `MovingRefused`: nothing is changed."""
    require_owner()
    export = folder.open_export(source)
    folder.require_same_tables(export)
    anchored.require_readable()
    [authority] = export.lines(Authority._meta.label)
    brought = anchored.brought(source / folder.ANCHORS, authority["id"])
    with _all_or_nothing() as written, transaction.atomic(using=OWNER):
        with connections[OWNER].cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
        _require_new(authority)
        written.extend(_new_keyset(authority["keyset"]))
        _Arriving(export).take()
        lists.require_same_words(export, UUID(authority["id"]))
        _index(UUID(authority["id"]))
        written.extend(_put_files_back(export, UUID(authority["id"])))
        written.extend(_trust_seals(export))
        _note(export, UUID(authority["id"]))
    anchors.adopt(brought)
    return export.manifest | {"sha256": export.sha256}


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
    for column, what in {"reference_prefix": "die Vorgangsnummern", "keyset": "den Schlüssel"}.items():
        if known.filter(**{column: authority[column]}).exists():
            raise MovingRefused(NAME_TAKEN.format(what=what, value=authority[column]))


def _new_keyset(name: str) -> list[Path]:
    """The authority's data are sealed anew with a keyset of this place; out: its files, if it is new."""
    paths = [keysets.path(name, part) for part in (keysets.SEALING, keysets.SEARCHING)]
    missing = [path for path in paths if not path.exists()]
    vault.create([name])
    return [path for path in missing if path.exists()]


class _Arriving:
    """Writes the rows table by table, parents first, and leaves out what this place has already."""

    def __init__(self, export: Export) -> None:
        self.export = export
        self.users = {str(pk) for pk in self._here(User, (row["id"] for row in export.lines(User._meta.label)))}
        self.services = dict(self._services_here())
        self.lists = lists.new_here(export)

    def take(self) -> None:
        self._require_free_addresses()
        for table in belongings.carried():
            rows.write(
                table,
                (self._fitted(table, row) for row in self.export.lines(table._meta.label) if self._is_new(table, row)),
            )

    def _is_new(self, table: Table, row: Row) -> bool:
        """People may be here already, because they deal with another authority as well: they stay as they are."""
        if table is User:
            return row["id"] not in self.users
        if table in (EmailAddress, Authenticator):
            return row["user_id"] not in self.users
        if table is CodeList:
            return row["id"] in self.lists
        if table is Service:
            return row["id"] not in self.services
        if table is Service.situations.through:
            return row["service_id"] not in self.services
        if (
            table in belongings.OF_PEOPLE
            or table is Situation
            or (table is StoredFile and not row[belongings.AUTHORITY])
        ):
            return not table._base_manager.using(OWNER).filter(pk=row[rows.key_of(table)]).exists()
        return True

    def _fitted(self, table: Table, row: Row) -> Row:
        if table is User:
            # Rights over this whole place are given here, and are not brought along.
            return row | {"is_superuser": False, "is_staff": False}
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

    def _require_free_addresses(self) -> None:
        """Raises `MovingRefused` where somebody else has the address of an account that comes; names ids only."""
        new = {
            row["email"].lower(): row["id"] for row in self.export.lines(User._meta.label) if self._is_new(User, row)
        }
        taken = User.objects.using(OWNER).annotate(_low=Lower("email")).filter(_low__in=list(new))
        if ids := sorted(new[user._low] for user in taken):
            raise MovingRefused(ADDRESS_TAKEN.format(count=len(ids), ids=", ".join(ids[:20])))

    def _here(self, table: Table, ids: Iterable[str]) -> set[UUID]:
        return set(table._base_manager.using(OWNER).filter(pk__in=list(ids)).values_list("pk", flat=True))


def _index(authority_id: UUID) -> None:
    """What clerks search by is made anew: its digests hang on a key of this place."""
    cases = Application.objects.using(OWNER).filter(authority_id=authority_id)
    for case in cases.select_related("authority", "form_version__form").iterator(rows.AT_ONCE):
        name = case.unseal("applicant_name", case.applicant_name)
        texts = engine.searchable(form_of(case), case.read_answers())
        SearchTerm.objects.using(OWNER).bulk_create(search.terms_of(case, name, *texts))


def _put_files_back(export: Export, authority_id: UUID) -> Iterator[Path]:
    """Each file is on disk, sealed, before its row is committed."""
    names = {Path(name).stem[-36:]: name for part in (folder.CASES, folder.FILES) for name in export.names(part)}
    of_people = Q(pk__in=[row["id"] for row in export.lines(StoredFile._meta.label) if not row[belongings.AUTHORITY]])
    arrived = StoredFile.objects.using(OWNER).filter(Q(authority_id=authority_id) | of_people)
    for stored in arrived.iterator(rows.AT_ONCE):
        if stored.storage_key != f"{stored.pk.hex[-2:]}/{stored.pk}":
            raise MovingRefused(folder.DAMAGED.format(file=StoredFile._meta.label))
        if not stored.authority_id and files.path_of(stored).exists():
            continue  # the person was here already, with this document
        if name := names.get(str(stored.pk)):
            yield files.put_back(stored, export.content(name))


def _trust_seals(export: Export) -> Iterator[Path]:
    for name in export.names(folder.SEALS):
        try:
            path = sealing.trust(export.content(name))
        except ValueError:
            raise MovingRefused(NO_SUCH_SEAL) from None
        if path:
            yield path


def _note(export: Export, authority_id: UUID) -> None:
    """The trail goes on here, with the event that it came."""
    AuditEvent.objects.using(OWNER).create(
        at=Now(),
        authority_id=authority_id,
        action=IMPORTED,
        object_kind="authority",
        object_id=authority_id,
        refs={"export": export.sha256},
    )
