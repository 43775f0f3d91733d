from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("files", "0002_files_wait_for_the_scanner")]

    operations = [
        ValidateConstraint(model_name="storedfile", name="stored_file_verdict_is_one"),
        AddIndexConcurrently(
            model_name="storedfile",
            index=models.Index(fields=["authority_id", "created_at"], name="stored_file_of_day"),
        ),
        AddIndexConcurrently(
            model_name="storedfile",
            index=models.Index(
                fields=["created_at"], name="stored_file_waiting", condition=models.Q(("verdict", "pending"))
            ),
        ),
    ]
