"""To whom the portal writes about an application."""

from accounts.models import User
from applications.models import Application


def mail_address_of(application: Application) -> str | None:
    """The address left with the form; else that of the account that acted; None if there is neither."""
    if application.contact_email:
        return application.unseal("contact_email", application.contact_email)
    return User.objects.filter(pk=application.acting_user_id).values_list("email", flat=True).first()
