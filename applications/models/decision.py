from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from authorities.models import Authority
from foundation.ids import new_id
from postbox.models import PostboxItem


class Decision(models.Model):
    """What an office decided, and by which way the notice reaches the person. Never changed.

    A permit has a validity, a place and conditions; a wish or an idea is answered: nothing is granted, nothing costs.
    """

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("genehmigt")
        PARTIALLY = "partially", _("teilweise genehmigt")
        REFUSED = "refused", _("abgelehnt")
        ANSWERED = "answered", _("beantwortet")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    no = models.PositiveSmallIntegerField(default=1)
    outcome = models.CharField(max_length=9, choices=Outcome.choices)
    reason = models.BinaryField(help_text="versiegelt")
    fee = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    fee_due_on = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    place = models.BinaryField(null=True, help_text="versiegelt")
    conditions = models.BinaryField(null=True, help_text="versiegelt")
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
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_from__isnull=False, valid_until__gte=F("valid_from")),
                name="valid_until_comes_after_valid_from",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="answered")
                | Q(fee__isnull=True, fee_due_on__isnull=True, valid_from__isnull=True, place__isnull=True),
                name="an_answer_costs_and_grants_nothing",
            ),
        ]


class Payment(models.Model):
    """A clerk noted that a fee was paid on a day, or that it is open again (no day). The last one counts.

    Amount and due date stand in the decision and never change.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="payments")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    paid_on = models.DateField(null=True)
    set_by_id = models.UUIDField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("at", "id")
