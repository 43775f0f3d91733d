from django.db import models
from django.db.models.functions import Now

from applications.models.application import Application
from applications.models.decision import Decision
from authorities.models import Authority
from foundation.files.models import StoredFile
from foundation.ids import new_id


class IssuedDocument(models.Model):
    """A sealed document that left the house. Its id is the application's (receipt) or the decision's (notice).

    Whoever holds the document holds the token on it; of the token only the digest is kept. The row names no person:
    what the check page says is read from the decision when it is asked for.
    """

    class Kind(models.TextChoices):
        RECEIPT = "receipt", "Eingangsbestätigung"
        NOTICE = "notice", "Bescheid"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="issued")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    access_digest = models.BinaryField(unique=True)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="issued")
    issued_at = models.DateTimeField(db_default=Now())


class Revocation(models.Model):
    """An office took a permit back for the time from a day on (VwVfG §§ 48, 49). Never changed."""

    decision = models.OneToOneField(Decision, primary_key=True, on_delete=models.PROTECT, related_name="revocation")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    effective_on = models.DateField()
    reason = models.BinaryField(help_text="versiegelt")
    by_id = models.UUIDField()
    at = models.DateTimeField(db_default=Now())
