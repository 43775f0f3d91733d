"""To whom the portal writes about an application."""

from accounts.models import User
from applications.models import Application


def mail_address_of(application: Application) -> str | None:
    """The address of the account that acted, else the one left with the form; None if the person gave none."""
    if application.acting_user_id:
        return User.objects.filter(pk=application.acting_user_id).values_list("email", flat=True).first()
    if application.contact_email:
        return application.unseal("contact_email", bytes(application.contact_email))
    return None
