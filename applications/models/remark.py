from django.db import models
from django.db.models.functions import Now

from authorities.models import Authority
from forms_engine.models import FormVersion
from foundation.ids import new_id


class Remark(models.Model):
    """What a clerk noticed about a question of a form, not about a person; yet sealed, and gone once it is settled."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT)
    path = models.CharField(max_length=1000)
    text = models.BinaryField(help_text="versiegelt")
    by_id = models.UUIDField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("at", "id")
