import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now

import foundation.ids
from foundation.scope.operations import BY_AUTHORITY, BY_SYSTEM, RowSecurity, any_of


class Migration(migrations.Migration):
    """What clerks notice about questions, an authority's own; and which questions an office had to ask again."""

    dependencies = [
        ("applications", "0015_offer_a_newer_version"),
        ("authorities", "0005_department_endpoint"),
        ("forms_engine", "0002_walls"),
    ]

    operations = [
        migrations.AddField(
            model_name="correctionrequest",
            name="questions",
            field=models.JSONField(help_text="Pfade der Fragen, um die es geht; null: nicht gesagt", null=True),
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                (
                    "id",
                    models.UUIDField(default=foundation.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("path", models.CharField(max_length=1000)),
                ("text", models.BinaryField(help_text="versiegelt")),
                ("by_id", models.UUIDField()),
                ("at", models.DateTimeField(db_default=Now())),
                (
                    "authority",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="authorities.authority"),
                ),
                (
                    "form_version",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="forms_engine.formversion"),
                ),
            ],
            options={"ordering": ("at", "id")},
        ),
        RowSecurity("applications_remark", using=any_of(BY_AUTHORITY, BY_SYSTEM)),
    ]
