from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("applications", "0010_erase")]

    operations = [
        AddIndexConcurrently(
            "application",
            models.Index(
                condition=models.Q(("state__in", ("COMPLETED", "WITHDRAWN"))),
                fields=["offering", "changed_at"],
                name="closed_by_offering_and_time",
            ),
        )
    ]
