"""What arrives is the authority's own, and hangs on nothing that is another's.

Whoever made the folder made its sums, too: they show what got damaged on the way, and prove nothing of what it says.
"""

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Field, ForeignKey, Model, Q, QuerySet, UUIDField

from accounts.models import Party, User
from applications.models import SearchTerm
from authorities.models import Authority
from catalogue.models import Adoption
from forms_engine.models import Form
from foundation.erasure.models import Erasure
from foundation.files.models import StoredFile
from foundation.sealing.keys import OWN_AUTHORITY
from hro_portal.backup.database import OWNER
from hro_portal.keys import PORTAL_KEYSETS
from hro_portal.moving import belongings
from hro_portal.moving.belongings import Table
from hro_portal.moving.folder import DAMAGED, Export
from hro_portal.moving.refusal import MovingRefused
from hro_portal.moving.rows import Row, column_names

#: What follows something that others have published: to be named by somebody is its purpose.
_FOLLOWS: dict[Table, str] = {Form: "upstream_version_id", Adoption: "upstream_offering_id"}
#: Of an authority: what names files, keys and numbers here.
_NAMES = ("slug", "name", "keyset", "reference_prefix")
_RESERVED = (*PORTAL_KEYSETS, OWN_AUTHORITY)

NO_AUTHORITY = "Der Export nennt nicht genau eine Behörde mit gültigen Angaben. Holen Sie ihn neu vom alten Ort."
NOT_ITS_OWN = (
    "In „{table}“ stehen Zeilen, die einer anderen Behörde gehören oder an einer anderen hängen. "
    "Vertrauen Sie diesem Export nicht, und fragen Sie am alten Ort nach. Es ist nichts geändert."
)


def require_columns(export: Export) -> None:
    """Raises `MovingRefused` for a row that has not the columns of its table."""
    for table in belongings.carried():
        columns = set(column_names(table))
        if any(set(row) != columns for row in export.lines(table._meta.label)):
            raise MovingRefused(DAMAGED.format(file=table._meta.label))


def the_authority(export: Export) -> Row:
    """The one authority that the export is of. Raises `MovingRefused` for none, several, or one with a name of ours."""
    rows = list(export.lines(Authority._meta.label))
    if len(rows) != 1 or rows[0]["id"] != export.manifest["authority"]["id"] or rows[0]["keyset"] in _RESERVED:
        raise MovingRefused(NO_AUTHORITY)
    [row] = rows
    try:
        for field in Authority._meta.concrete_fields:
            if field.attname in _NAMES:
                field.clean(row[field.attname], None)
    except ValidationError:
        raise MovingRefused(NO_AUTHORITY) from None
    return row


def only_own(table: Table, rows: Iterable[Row], authority_id: str) -> Iterator[Row]:
    """The rows of an owned table, each of which says that it is this authority's; raises `MovingRefused` otherwise."""
    way = belongings.way_of(table)
    column = {"pk": "id"}.get(way, way)
    for row in rows:
        if column in row and row[column] != authority_id and not _is_of_people(table, row):
            raise refused(table)
        yield row


def refused(table: Table) -> MovingRefused:
    return MovingRefused(NOT_ITS_OWN.format(table=table._meta.label))


def require_apart(export: Export, authority_id: UUID) -> None:
    """Raises `MovingRefused` where a row that arrived names a row of another authority; asked of the database."""
    for table in belongings.owned():
        if table is SearchTerm:
            continue
        if _came_through_others(table, export, authority_id):
            raise refused(table)
        if table is Erasure and _erases_somebody_here(authority_id):
            raise refused(table)
        mine = table._base_manager.using(OWNER).filter(belongings.of(authority_id, table))
        for field in table._meta.concrete_fields:
            if field.attname != _FOLLOWS.get(table) and _names_another(mine, field, authority_id):
                raise refused(table)


def _is_of_people(table: Table, row: Row) -> bool:
    """Files in somebody's folder are nobody's; `importing` asks whose folder it is."""
    return table is StoredFile and row[belongings.AUTHORITY] is None


def _came_through_others(table: Table, export: Export, authority_id: UUID) -> bool:
    """Whether a row of a table without `authority_id` hangs on a parent that is not this authority's."""
    first, deeper, _ = belongings.way_of(table).partition("__")
    if not deeper:
        return False
    [way] = [each for each in table._meta.concrete_fields if isinstance(each, ForeignKey) and each.name == first]
    parents: Table = way.related_model
    named = {row[way.attname] for row in export.lines(table._meta.label)}
    own = parents._base_manager.using(OWNER).filter(belongings.of(authority_id, parents))
    return bool(named - {str(pk) for pk in own.values_list("pk", flat=True)})


def _erases_somebody_here(authority_id: UUID) -> bool:
    """What is written down as erased goes again after the next restore; an account is never an authority's to erase."""
    mine = Erasure.objects.using(OWNER).filter(belongings.of(authority_id, Erasure))
    here = (table._base_manager.using(OWNER).order_by().values("pk") for table in (User, Party))
    return mine.filter(reduce(or_, (Q(object_id__in=ids) for ids in here))).exists()


def _names_another(mine: QuerySet[Model], field: Field, authority_id: UUID) -> bool:
    if isinstance(field, ForeignKey):
        way = belongings.way_of(field.related_model)
        if not way or field.related_model is Authority:
            return False
        return (
            mine.filter(**{f"{field.name}__isnull": False}).exclude(**{f"{field.name}__{way}": authority_id}).exists()
        )
    if not isinstance(field, UUIDField) or field.primary_key or field.attname == belongings.AUTHORITY:
        return False
    return mine.filter(reduce(or_, (Q(**{f"{field.attname}__in": ids}) for ids in _of_others(authority_id)))).exists()


def _of_others(authority_id: UUID) -> Iterator[QuerySet[Any, Any]]:
    """The ids of everything that is another authority's. What has the id of its parent is among the parents."""
    for table in belongings.owned():
        if isinstance(table._meta.pk, UUIDField) and table is not Authority:
            rows = table._base_manager.using(OWNER).filter(belongings.of_others(authority_id, table))
            yield rows.order_by().values("pk")
