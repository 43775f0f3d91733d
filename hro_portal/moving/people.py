"""Who has to do with an authority: everybody whom one of its rows names, and who acts for an organisation so named."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import ForeignKey, Q, QuerySet, UUIDField

from accounts.models import Document, Invitation, Mandate, Membership, Organisation, Party, User
from hro_portal.backup.database import OWNER
from hro_portal.moving import belongings
from hro_portal.moving.belongings import Table


@dataclass(frozen=True)
class People:
    """The ids of accounts, and of the persons and organisations that they act for."""

    users: frozenset[UUID]
    parties: frozenset[UUID]

    def without(self, others: "People") -> "People":
        return People(self.users - others.users, self.parties - others.parties)

    @property
    def files(self) -> Q:
        """The stored files of their folders, which belong to no authority."""
        return Q(authority_id__isnull=True, subject_id__in=self.parties)

    def rows(self, table: Table) -> Q:
        """Their rows in one of the tables `belongings.OF_PEOPLE`."""
        return _ROWS[table](self)


_ROWS: dict[Table, Callable[[People], Q]] = {
    User: lambda people: Q(pk__in=people.users),
    EmailAddress: lambda people: Q(user_id__in=people.users),
    Authenticator: lambda people: Q(user_id__in=people.users),
    Party: lambda people: Q(pk__in=people.parties),
    Organisation: lambda people: Q(pk__in=people.parties),
    Document: lambda people: Q(party_id__in=people.parties),
    Membership: lambda people: Q(organisation_id__in=people.parties, user_id__in=people.users),
    Invitation: lambda people: Q(organisation_id__in=people.parties),
    Mandate: lambda people: Q(from_party_id__in=people.parties, to_party_id__in=people.parties),
}


def of(authority_id: UUID) -> People:
    """Who has to do with this authority."""
    return _named(lambda table: belongings.of(authority_id, table))


def of_others(authority_id: UUID) -> People:
    """Who has to do with any other authority, or with the portal as a whole."""
    found = _named(lambda table: belongings.of_others(authority_id, table))
    operators = User.objects.using(OWNER).filter(Q(is_superuser=True) | Q(is_staff=True))
    users = set(found.users) | set(operators.values_list("pk", flat=True))
    return _with_whom_they_act_for(users, set(found.parties))


def _named(rows_of: Callable[[Table], Q]) -> People:
    users: set[UUID] = set()
    parties: set[UUID] = set()
    for table in belongings.owned():
        rows = table._base_manager.using(OWNER).filter(rows_of(table)).order_by()
        for column in _may_name_somebody(table):
            users |= _known(User, rows, column)
            parties |= _known(Party, rows, column)
    return _with_whom_they_act_for(users, parties)


def _with_whom_they_act_for(users: set[UUID], parties: set[UUID]) -> People:
    """A person's account and the person are one; an organisation comes with those who act for it now."""
    members = Membership.objects.using(OWNER).filter(organisation_id__in=parties, until__isnull=True)
    accounts = Party.objects.using(OWNER).filter(pk__in=parties, user__isnull=False)
    users = users | set(members.values_list("user_id", flat=True)) | set(accounts.values_list("user_id", flat=True))
    persons = Party.objects.using(OWNER).filter(user_id__in=users)
    return People(frozenset(users), frozenset(parties | set(persons.values_list("pk", flat=True))))


def _may_name_somebody(table: Table) -> Iterator[str]:
    """Columns of ids, whether or not they are foreign keys: the rows of cases name people by plain numbers."""
    for field in table._meta.concrete_fields:
        if not field.primary_key and field.attname != belongings.AUTHORITY and _holds_ids_of_people(field):
            yield field.attname


def _holds_ids_of_people(field: Any) -> bool:
    if isinstance(field, ForeignKey):
        return field.related_model in (User, Party)
    return isinstance(field, UUIDField)


def _known(table: Table, rows: QuerySet[Any], column: str) -> set[UUID]:
    ids = rows.filter(**{f"{column}__isnull": False}).values(column)
    return set(table._base_manager.using(OWNER).filter(pk__in=ids).values_list("pk", flat=True))
