"""What happens to organisations and to those who act for them.

Each opens the organisation's own scope, locks the organisation, and asks the memberships again: two owners who
leave at the same moment are one after the other, and the second one stays.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.errors import AccountError
from accounts.models import Invitation, Membership, Party, User
from accounts.organisations import details as stored
from accounts.organisations import queries
from accounts.organisations.details import Details
from authorities.models import Authority
from foundation import audit, clock, outbox, scope
from foundation.ids import new_id

INVITED_FOR = timedelta(days=14)
MOST_INVITATIONS = 50


def found(details: Details, *, by: User) -> Party:
    """A new organisation, whose founder is its first owner. That it is who it says, nobody has checked."""
    party_id = new_id()
    with scope.party(party_id):
        party = Party.objects.create(pk=party_id, kind=Party.Kind.ORGANISATION, name=details.name)
        stored.write(party, details)
        Membership.objects.create(organisation=party, user=by, role=Membership.Role.OWNER)
        _record("organisation.founded", party, by)
    return party


def change_details(organisation_id: UUID, details: Details, *, by: User) -> None:
    """New data for forms from now on; what was sent stays as it was."""
    with _as_owner(organisation_id, by) as organisation:
        stored.write(organisation, details)
        _record("organisation.changed", organisation, by)


def invite(organisation_id: UUID, *, email: str, role: str, by: User) -> None:
    """Asks the owner of an address to act for the organisation.

    It is written down, shown and answered the same way whether or not there is an account with this address:
    nobody learns here who has one.
    """
    with _as_owner(organisation_id, by) as organisation:
        _close(Invitation.objects.filter(organisation=organisation, expires_at__lte=Now()))
        if organisation.invitations.filter(closed_at__isnull=True).count() >= MOST_INVITATIONS:
            raise AccountError(
                "too_many_invitations", _("So viele Einladungen sind noch offen. Ziehen Sie zuerst eine zurück.")
            )
        _close(organisation.invitations.filter(email__iexact=email))
        invitation = Invitation.objects.create(
            organisation=organisation,
            email=email,
            role=role,
            invited_by_id=by.pk,
            expires_at=clock.now() + INVITED_FOR,
        )
        home = Authority.objects.values_list("pk", flat=True).get(slug=settings.HOME_AUTHORITY)
        outbox.put("notify.invited", authority_id=home, subject_id=invitation.pk)
        _record("organisation.invited", organisation, by, invitation=invitation.pk)


def take_back(organisation_id: UUID, *, invitation_id: UUID, by: User) -> None:
    """The invitation is void; one that is closed already is no error."""
    with _as_owner(organisation_id, by) as organisation:
        _close(organisation.invitations.filter(pk=invitation_id))
        _record("organisation.invitation_taken_back", organisation, by, invitation=invitation_id)


def answer_invitation(invitation_id: UUID, *, accept: bool, by: User) -> Party:
    """Whoever was invited begins to act for the organisation, or does not want to."""
    invitation = queries.invitations_to(by).filter(pk=invitation_id).first()
    if invitation is None:
        raise AccountError("no_invitation", _("Diese Einladung gilt nicht mehr. Bitten Sie um eine neue."), 404)
    with _locked(invitation.organisation_id) as organisation:
        if not _close(queries.invitations_to(by).filter(pk=invitation_id)):
            raise AccountError("no_invitation", _("Diese Einladung gilt nicht mehr. Bitten Sie um eine neue."), 404)
        if accept:
            Membership.objects.get_or_create(
                organisation=organisation, user=by, until=None, defaults={"role": invitation.role}
            )
        _record(
            "organisation.joined" if accept else "organisation.declined", organisation, by, invitation=invitation.pk
        )
    return organisation


def end_membership(organisation_id: UUID, *, membership_id: UUID, by: User) -> Membership:
    """From this moment on the member sees nothing of the organisation. Owners end every membership, members their own.

    Raises AccountError `last_owner`: somebody has to answer for an organisation.
    """
    with _locked(organisation_id) as organisation:
        own = _membership(organisation_id, by)
        ended = queries.members_of(organisation_id).filter(pk=membership_id).first()
        if ended is None or (own.role != Membership.Role.OWNER and ended.pk != own.pk):
            raise unknown_organisation()
        owners = queries.members_of(organisation_id).filter(role=Membership.Role.OWNER)
        if ended.role == Membership.Role.OWNER and owners.count() == 1:
            raise AccountError(
                "last_owner",
                _("Eine Person muss die Organisation verwalten. Laden Sie zuerst eine andere Person dafür ein."),
            )
        Membership.objects.filter(pk=ended.pk).update(until=Now())
        _record("organisation.membership_ended", organisation, by, membership=ended.pk)
    return ended


def close_expired_invitations() -> None:
    """For beat. Memberships and invitations are found by their people, no party's scope is needed."""
    _close(Invitation.objects.filter(expires_at__lte=Now()))


def unknown_organisation() -> AccountError:
    """A stranger reads the same as for an organisation that does not exist."""
    return AccountError(
        "unknown_organisation", _("Diese Organisation finden wir bei Ihnen nicht. Sehen Sie in Ihrem Konto nach."), 404
    )


def _membership(organisation_id: UUID, user: User) -> Membership:
    own = queries.members_of(organisation_id).filter(user=user).first()
    if own is None:
        raise unknown_organisation()
    return own


@contextmanager
def _locked(organisation_id: UUID) -> Iterator[Party]:
    with scope.party(organisation_id):
        organisation = Party.objects.select_for_update().filter(pk=organisation_id, kind=Party.Kind.ORGANISATION)
        if (party := organisation.first()) is None:
            raise unknown_organisation()
        yield party


@contextmanager
def _as_owner(organisation_id: UUID, user: User) -> Iterator[Party]:
    with _locked(organisation_id) as organisation:
        if _membership(organisation_id, user).role != Membership.Role.OWNER:
            raise AccountError(
                "not_owner", _("Das darf nur, wer die Organisation verwaltet. Fragen Sie dort nach."), 403
            )
        yield organisation


def _close(invitations: QuerySet[Invitation]) -> int:
    """An invitation that is over no longer says whom it was for; how many that were."""
    return invitations.filter(closed_at__isnull=True).order_by().update(closed_at=Now(), email="")


def _record(action: str, organisation: Party, by: User, **refs: UUID) -> None:
    audit.record(
        action,
        authority_id=None,
        object_kind="organisation",
        object_id=organisation.pk,
        actor_id=by.pk,
        for_party_id=organisation.pk,
        **refs,
    )
