from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from authorities.models import Authority
from catalogue.models import Offering


class Announcement(models.Model):
    """What an authority wrote to all whose cases a fault touched: who wrote, when, about which time, to how many.

    Never changed. The page on which it is written gives the id, so that sending twice meets the primary key.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT)
    since = models.DateTimeField()
    until = models.DateTimeField()
    number = models.PositiveIntegerField(help_text="zu wie vielen Vorgängen")
    text = models.BinaryField(help_text="versiegelt")
    by_user_id = models.UUIDField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["authority", "-at"], name="announcements_of_an_authority")]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="fault_ends_after_it_began"),
            models.CheckConstraint(condition=Q(number__gt=0), name="announcement_to_somebody"),
        ]
