import django.db.models.functions.datetime
from django.db import migrations, models

import foundation.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="OutboxRow",
            fields=[
                (
                    "id",
                    models.UUIDField(default=foundation.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("authority_id", models.UUIDField()),
                ("kind", models.CharField(max_length=60)),
                ("subject_id", models.UUIDField()),
                ("target", models.CharField(blank=True, max_length=80)),
                ("due_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("lease_until", models.DateTimeField(null=True)),
                ("lease_token", models.UUIDField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[("due", "Due"), ("done", "Done"), ("dead", "Dead")], default="due", max_length=4
                    ),
                ),
                ("error_code", models.CharField(blank=True, max_length=80)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("state", "due")), fields=["due_at"], name="outbox_due")],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "subject_id", "target"), name="outbox_effect_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["due", "done", "dead"])), name="outbox_state_known"
                    ),
                ],
            },
        ),
    ]
