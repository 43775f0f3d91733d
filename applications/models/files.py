from django.db import models
from django.db.models.functions import Now

from authorities.models import Authority
from foundation.files.models import StoredFile
from foundation.ids import new_id


class Attachment(models.Model):
    """A file that a person added, at one field of the form or in answer to a correction request.

    `application_id` is the draft's id, which becomes the application's: nothing moves at submit. `path` is
    the name of the field in the page, with the ids of the instances around it: `hunde-k3f9x2-wesenstest`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application_id = models.UUIDField()
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    path = models.CharField(max_length=300)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    name = models.BinaryField(help_text="versiegelt")
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("added_at", "id")
        constraints = [models.UniqueConstraint(fields=("application_id", "path", "file"), name="file_once_per_field")]
