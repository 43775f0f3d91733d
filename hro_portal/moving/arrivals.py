"""Which people come with an authority, and what of theirs comes along.

Who is here already stays as they are. Nothing that arrives gives anybody a right over them: no address, no second
factor, no member of their organisation, no invitation, no mandate of theirs, nothing in their folder. Whoever made the
export could have written it for themselves.
"""

from collections.abc import Callable, Iterator

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models.functions import Lower

from accounts.models import Document, Invitation, Mandate, Membership, Organisation, Party, User
from foundation.files.models import StoredFile
from hro_portal.backup.database import OWNER
from hro_portal.moving import belongings
from hro_portal.moving.belongings import Table
from hro_portal.moving.folder import Export
from hro_portal.moving.refusal import MovingRefused
from hro_portal.moving.rows import Row

ADDRESS_TAKEN = (
    "Zu {count} Konten gibt es hier schon ein anderes mit derselben E-Mail-Adresse: {ids}. "
    "Klären Sie mit den Personen, welches bleibt. Es ist nichts geändert."
)


class Arrivals:
    """The ids of accounts, persons and organisations that are new here, and of people who are here as they were there.

    Those have the same number and the same address at both places: an organisation that comes may have them as members.
    """

    def __init__(self, export: Export) -> None:
        self.export = export
        there = {row["id"]: str(row["email"]).lower() for row in export.lines(User._meta.label)}
        here = dict(User.objects.using(OWNER).filter(pk__in=list(there)).values_list("pk", Lower("email")))
        self.users = there.keys() - {str(pk) for pk in here}
        known = {str(pk) for pk, address in here.items() if there[str(pk)] == address}
        self.members = self.users | known
        parties = {row["id"]: row["user_id"] for row in export.lines(Party._meta.label)}
        parties_here = dict(Party.objects.using(OWNER).filter(pk__in=list(parties)).values_list("pk", "user_id"))
        self.parties = {
            pk for pk in parties.keys() - {str(each) for each in parties_here} if parties[pk] in {None, *self.users}
        }
        self.agents = self.parties | {str(pk) for pk, user in parties_here.items() if str(user) in known}
        self.folders = {
            row["id"]: row["subject_id"]
            for row in export.lines(StoredFile._meta.label)
            if row[belongings.AUTHORITY] is None
        }

    def may_bring(self, table: Table, row: Row) -> bool:
        """In: a row of `belongings.OF_PEOPLE`, or a file in somebody's folder."""
        return _RULES[table](self, row)

    def require_free_addresses(self) -> None:
        """Raises `MovingRefused` where somebody else has an address of an account that comes; names ids only."""
        new = dict(self._addresses())
        taken = {
            address
            for table in (User, EmailAddress)
            for address in table._base_manager.using(OWNER)
            .annotate(_low=Lower("email"))
            .filter(_low__in=list(new))
            .values_list("_low", flat=True)
        }
        if ids := sorted({new[address] for address in taken}):
            raise MovingRefused(ADDRESS_TAKEN.format(count=len(ids), ids=", ".join(ids[:20])))

    def _addresses(self) -> Iterator[tuple[str, str]]:
        """Address → account of everybody who comes, second addresses as well."""
        for table, key in ((User, "id"), (EmailAddress, "user_id")):
            for row in self.export.lines(table._meta.label):
                if row[key] in self.users:
                    yield str(row["email"]).lower(), row[key]


_RULES: dict[Table, Callable[[Arrivals, Row], bool]] = {
    User: lambda who, row: row["id"] in who.users,
    EmailAddress: lambda who, row: row["user_id"] in who.users,
    Authenticator: lambda who, row: row["user_id"] in who.users,
    Party: lambda who, row: row["id"] in who.parties,
    Organisation: lambda who, row: row["party_id"] in who.parties,
    StoredFile: lambda who, row: row["subject_id"] in who.parties,
    Document: lambda who, row: row["party_id"] in who.parties and who.folders.get(row["file_id"]) == row["party_id"],
    Membership: lambda who, row: row["organisation_id"] in who.parties and row["user_id"] in who.members,
    Invitation: lambda who, row: row["organisation_id"] in who.parties,
    Mandate: lambda who, row: row["from_party_id"] in who.parties and row["to_party_id"] in who.agents,
}
