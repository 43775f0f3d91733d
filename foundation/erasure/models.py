"""What was erased: ids only. Never changed, never removed."""

from django.db import models
from django.db.models.functions import Now

from foundation.ids import new_id


class Erasure(models.Model):
    """One thing is gone for good. `reason` is a word for programs: retention, person, restored."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=40)
    object_id = models.UUIDField()
    reason = models.SlugField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="erased_once")]
