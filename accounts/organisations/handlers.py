"""The mail to somebody who was invited. It names nobody: whoever invites must not write through us to strangers."""

from accounts.models import Invitation, User
from authorities.models import Authority
from foundation import mail, outbox
from foundation.outbox.models import OutboxRow


@outbox.handler("notify.invited")
def tell_of_invitation(row: OutboxRow) -> None:
    """Only accounts are written to; an address without one waits for its owner to make one."""
    invitation = Invitation.objects.filter(pk=row.subject_id, closed_at__isnull=True).first()
    user = invitation and User.objects.filter(email__iexact=invitation.email, is_active=True).first()
    if user:
        authority = Authority.objects.get(pk=row.authority_id)
        context = {"authority": authority, "department": authority}
        mail.send("invited", context, to=user.email, language=user.language, effect=row.pk)
