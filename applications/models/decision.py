from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from authorities.models import Authority
from foundation.ids import new_id
from postbox.models import PostboxItem


class Decision(models.Model):
    """What an office decided, and by which way the notice reaches the person. Never changed."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("genehmigt")
        PARTIALLY = "partially", _("teilweise genehmigt")
        REFUSED = "refused", _("abgelehnt")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    no = models.PositiveSmallIntegerField(default=1)
    outcome = models.CharField(max_length=9, choices=Outcome.choices)
    reason = models.BinaryField(help_text="versiegelt")
    fee = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    fee_due_on = models.DateField(null=True)
    regime = models.CharField(max_length=9, choices=PostboxItem.Regime.choices)
    content_sha256 = models.CharField(max_length=64)
    by_id = models.UUIDField()
    approved_by_id = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("application", "no"), name="decision_no_once"),
            models.CheckConstraint(
                condition=Q(approved_by_id__isnull=True) | ~Q(by_id=F("approved_by_id")),
                name="four_eyes_are_two_people",
            ),
        ]
