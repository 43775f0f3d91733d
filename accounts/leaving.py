"""An account goes at the wish of its person (GDPR Art. 17); what offices must keep of cases stays with them."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.errors import AccountError
from accounts.folder import use_cases as folder
from accounts.models import Invitation, Membership, Party, StaffRole, User
from accounts.organisations import queries
from accounts.signals import account_leaves
from foundation import audit, erasure, scope
from foundation.outbox.models import OutboxRow

KIND = "account"
AT_WISH = "wish"


def leave(user_id: UUID) -> None:
    """Erases the account: profile, address, second factor, folder, drafts, memberships, organisations of nobody else.

    Raises AccountError `staff` or `last_owner`. Opens its own scope.
    """
    with scope.system("erase an account at the wish of its person"):
        user = User.objects.select_for_update().get(pk=user_id)
        if user.is_staff or StaffRole.objects.filter(user=user).exists():
            raise AccountError("staff", _("Mit diesem Konto arbeiten Sie. Bitten Sie Ihren Betrieb, es zu löschen."))
        _erase(user, [organisation.pk for organisation in _of_nobody_else(user)], reason=AT_WISH)


@erasure.eraser(KIND)
def erase_again(user_id: UUID, reason: str) -> bool:
    """After a restore: the account that was erased before goes once more, whatever it belongs to by now."""
    with scope.system("erase an account that a restore brought back"):
        user = User.objects.select_for_update().filter(pk=user_id).first()
        if user is not None:
            _erase(user, [], reason=reason)
    return user is not None


def _of_nobody_else(user: User) -> Iterator[Party]:
    """The organisations that only this person acts for; they go, too."""
    for membership in queries.memberships_of(user.pk):
        others = queries.members_of(membership.organisation_id).exclude(user=user)
        if not others.exists():
            yield membership.organisation
        elif membership.role == Membership.Role.OWNER and not others.filter(role=Membership.Role.OWNER).exists():
            raise AccountError(
                "last_owner",
                _("Sie allein verwalten „%(name)s“. Laden Sie zuerst eine andere Person dafür ein.")
                % {"name": membership.organisation.name},
            )


def _erase(user: User, organisations: list[UUID], *, reason: str) -> None:
    parties = [*Party.objects.filter(user=user).values_list("pk", flat=True), *organisations]
    erasure.write_down(KIND, user.pk, authority_id=None, reason=reason)
    audit.record("account.erased", authority_id=None, object_kind=KIND, object_id=user.pk, actor_id=user.pk)
    account_leaves.send(sender=User, parties=parties)
    folder.empty(parties)
    invitations = Invitation.objects.filter(Q(email__iexact=user.email) | Q(organisation_id__in=organisations))
    # What was to be told of them, done or not, has no subject any more.
    OutboxRow.objects.filter(subject_id__in=[user.pk, *parties, *invitations.values_list("pk", flat=True)]).delete()
    invitations.delete()
    Party.objects.filter(pk__in=organisations).delete()
    user.delete()
