"""Which rows belong to an authority: told for every table that there is, so that a new one cannot be forgotten.

A table with `authority_id` is carried without being named here. Every other one is named, with its way to the
authority or with the reason why it stays; a test asks for each.
"""

from graphlib import TopologicalSorter
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db.models import ForeignKey, Model, Q

from accounts.models import Document, Invitation, Mandate, Membership, Organisation, Party, User
from applications.models import Application, Attachment, Draft, Line, SearchTerm, Transition
from authorities.models import Authority
from catalogue.models import Service, Situation
from forms_engine.models import CodeList, Form, FormVersion

Table = type[Model]

AUTHORITY = "authority_id"
#: Rows of an authority that do not name it: how they come to it.
_WAYS: dict[Table, str] = {
    Authority: "pk",
    Transition: "application__authority_id",
    Line: "department__authority_id",
}
#: Accounts and what hangs on them, of whoever has to do with the authority (`people`).
OF_PEOPLE: tuple[Table, ...] = (
    User,
    EmailAddress,
    Authenticator,
    Party,
    Organisation,
    Document,
    Membership,
    Invitation,
    Mandate,
)
#: What the whole portal has: what the authority offers, and the code lists of its forms; it stays here, too.
SHARED: tuple[Table, ...] = (Situation, Service, Service.situations.through, CodeList)
#: Carried nowhere; the reason is for the reader of this page.
LEFT_OUT = {
    "applications.SearchTerm": "digests under a key of this place: made anew from the answers at the other",
    "applications.LegalTransition": "the law of states: the code brings it",
    "accounts.User_groups": "rights over the whole portal end with it",
    "accounts.User_user_permissions": "rights over the whole portal end with it",
    "auth.Group": "rights over the whole portal end with it",
    "auth.Group_permissions": "rights over the whole portal end with it",
    "auth.Permission": "rights over the whole portal end with it",
    "admin.LogEntry": "what operators of this place did",
    "account.EmailConfirmation": "links of this place, which run out",
    "sessions.Session": "sittings end with the house that they were in",
    "usersessions.UserSession": "sittings end with the house that they were in",
    "contenttypes.ContentType": "numbers of this database",
    "health.Heartbeat": "whether the processes of this place live",
}
#: What a row hangs on without a foreign key; the policies of the tables ask for it.
_HANGS_ON: dict[Table, tuple[Table, ...]] = {Attachment: (Application, Draft)}


def owned() -> list[Table]:
    """The tables whose rows belong to one authority, parents first. `SearchTerm` is among them: it leaves, too."""
    return _parents_first([table for table in all_tables() if way_of(table)])


def carried() -> list[Table]:
    """Every table that an export holds rows of, in the order in which they can be written."""
    moving = [*OF_PEOPLE, *SHARED, *(table for table in owned() if table is not SearchTerm)]
    return _parents_first(moving)


def all_tables() -> list[Table]:
    return [table for table in apps.get_models(include_auto_created=True) if table._meta.managed]


def way_of(table: Table) -> str:
    """The look-up that leads from a row to the authority's id; empty for a table that has none."""
    if table in _WAYS:
        return _WAYS[table]
    return AUTHORITY if any(field.attname == AUTHORITY for field in table._meta.concrete_fields) else ""


def of(authority_id: UUID, table: Table) -> Q:
    """The rows of this authority."""
    return Q(**{way_of(table): authority_id})


def of_others(authority_id: UUID, table: Table) -> Q:
    """The rows of all other authorities; what belongs to none is not among them."""
    return Q(**{f"{way_of(table)}__isnull": False}) & ~of(authority_id, table)


def _parents_first(tables: list[Table]) -> list[Table]:
    order: TopologicalSorter[Table] = TopologicalSorter()
    for table in sorted(tables, key=lambda each: each._meta.label):
        order.add(table, *(parent for parent in _parents(table) if parent in tables))
    return list(order.static_order())


def _parents(table: Table) -> list[Table]:
    related = [field.related_model for field in table._meta.concrete_fields if isinstance(field, ForeignKey)]
    # A form may follow a version of another form; that reference waits for the commit.
    apart = {table, FormVersion} if table is Form else {table}
    return [parent for parent in [*related, *_HANGS_ON.get(table, ())] if parent not in apart]
