"""To whom the portal writes about an application."""

from accounts.models import Party, User
from accounts.organisations.queries import members_of
from applications.models import Application


def mail_address_of(application: Application) -> str | None:
    """The address left with the form; else that of the account that acted; None if there is neither.

    Whoever no longer acts for the organisation is not written to: then one of those who do, owners first. Of a test
    application only its author hears, whatever address they typed.
    """
    if application.is_test:
        return User.objects.filter(pk__in=[application.acting_user_id]).values_list("email", flat=True).first()
    if application.contact_email:
        return application.unseal("contact_email", application.contact_email)
    actor, party_id = User.objects.filter(pk__in=[application.acting_user_id]), application.party_id
    if party_id is None or not Party.objects.filter(pk=party_id, kind=Party.Kind.ORGANISATION).exists():
        return actor.values_list("email", flat=True).first()
    members = members_of(party_id)
    still = members.filter(user__in=actor).first() or members.first()
    return still.user.email if still else None
