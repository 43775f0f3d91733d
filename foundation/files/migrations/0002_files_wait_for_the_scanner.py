from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """A file may wait for the scanner. The rule is looked at over all rows in the next step, which locks nobody out."""

    dependencies = [("files", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="storedfile",
            name="verdict",
            field=models.CharField(
                choices=[
                    ("clean", "Clean"),
                    ("unchecked", "Unchecked"),
                    ("pending", "Pending"),
                    ("infected", "Infected"),
                    ("refused", "Refused"),
                ],
                max_length=9,
            ),
        ),
        AddConstraintNotValid(
            model_name="storedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ["clean", "unchecked", "pending", "infected", "refused"])),
                name="stored_file_verdict_is_one",
            ),
        ),
        migrations.RemoveConstraint(model_name="storedfile", name="stored_file_verdict_known"),
    ]
