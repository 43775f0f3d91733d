import django.db.models.functions.datetime
from django.db import migrations, models

import foundation.ids
from foundation.scope.operations import BY_AUTHORITY, BY_SYSTEM, RowSecurity, any_of


class Migration(migrations.Migration):
    initial = True

    dependencies = [("scope", "0001_refuse_change")]

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                (
                    "id",
                    models.UUIDField(default=foundation.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("authority_id", models.UUIDField()),
                ("subject_id", models.UUIDField()),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("media_type", models.CharField(max_length=60)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("clean", "Clean"),
                            ("unchecked", "Unchecked"),
                            ("infected", "Infected"),
                            ("refused", "Refused"),
                        ],
                        max_length=9,
                    ),
                ),
                ("storage_key", models.CharField(max_length=60, unique=True)),
                ("keyset", models.CharField(max_length=40)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "indexes": [models.Index(fields=["subject_id"], name="stored_file_of_subject")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["clean", "unchecked", "infected", "refused"])),
                        name="stored_file_verdict_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="stored_file_sha256"
                    ),
                ],
            },
        ),
        RowSecurity("files_storedfile", using=any_of(BY_AUTHORITY, BY_SYSTEM)),
    ]
