from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from applications.models.application import Application
from authorities.models import Authority
from foundation.ids import new_id


class CorrectionRequest(models.Model):
    """An office asks for something that is missing (Nachforderung). Answered once; both sides are kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="corrections")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    text = models.BinaryField(help_text="versiegelt")
    documents = models.BinaryField(help_text="versiegelte Liste der fehlenden Unterlagen")
    questions = models.JSONField(null=True, help_text="Pfade der Fragen, um die es geht; null: nicht gesagt")
    due_on = models.DateField()
    asked_by_id = models.UUIDField()
    asked_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("asked_at",)
        constraints = [
            models.UniqueConstraint(
                fields=("application",), condition=Q(closed_at__isnull=True), name="one_open_correction_request"
            )
        ]


class CorrectionAnswer(models.Model):
    """What the applicant answered; the files hang on the application under the path of the request."""

    request = models.OneToOneField(CorrectionRequest, primary_key=True, on_delete=models.PROTECT, related_name="answer")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    text = models.BinaryField(help_text="versiegelt")
    by_user_id = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())
