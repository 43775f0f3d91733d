from django.contrib.postgres.indexes import BrinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    """The sealer looks for what happened lately; events lie on disk in order of time, which is all that BRIN wants."""

    atomic = False

    dependencies = [("audit", "0001_initial")]

    operations = [AddIndexConcurrently("auditevent", BrinIndex(fields=["at"], name="audit_event_by_time"))]
