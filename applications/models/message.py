from django.db import models
from django.db.models.functions import Now

from applications.models.application import Application
from authorities.models import Authority
from foundation.ids import new_id


class Message(models.Model):
    """A question about a case or its answer, outside of what decides it. Never changed; the text is sealed."""

    class Sender(models.TextChoices):
        APPLICANT = "applicant"
        CLERK = "clerk"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="messages")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    sender = models.CharField(max_length=9, choices=Sender.choices)
    by_user_id = models.UUIDField(null=True)
    text = models.BinaryField(help_text="versiegelt")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("at", "id")
