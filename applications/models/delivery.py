from django.db import models
from django.db.models.functions import Now

from applications.models.application import Application
from authorities.models import Authority, Department
from foundation.files.models import StoredFile
from foundation.ids import new_id


class Routing(models.Model):
    """An application goes to a target, exactly once each: the department's inbox, and its own program if it has one.

    Without `delivered_at` the program has not confirmed yet: the outbox holds the wish, and people see it if it fails.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="routings")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    target = models.CharField(max_length=80)
    department = models.ForeignKey(Department, on_delete=models.PROTECT)
    delivered_at = models.DateTimeField(null=True, db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=("application", "target"), name="routed_once_per_target")]


class Receipt(models.Model):
    """The receipt (OZG § 9a (4)). The primary key is the application: there is exactly one."""

    application = models.OneToOneField(Application, primary_key=True, on_delete=models.PROTECT, related_name="receipt")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    data_sha256 = models.CharField(max_length=64, help_text="der eingebetteten Angaben")
    made_at = models.DateTimeField(db_default=Now())


class Line(models.Model):
    """How it stands with the program of a department: how often in a row it failed, and from when on it is asked again.

    Holds nothing of a case, and so has no row-level security.
    """

    department = models.OneToOneField(Department, primary_key=True, on_delete=models.CASCADE)
    failures = models.PositiveIntegerField(default=0)
    ask_again_at = models.DateTimeField(null=True)
