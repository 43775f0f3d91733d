import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now

import foundation.ids
from foundation.scope.operations import BY_AUTHORITY, BY_SYSTEM, RowSecurity, any_of


class Migration(migrations.Migration):
    """Which translation was found right for which source: an authority's own."""

    dependencies = [("authorities", "0005_department_endpoint"), ("forms_engine", "0006_upstream")]

    operations = [
        migrations.CreateModel(
            name="TranslationLook",
            fields=[
                (
                    "id",
                    models.UUIDField(default=foundation.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("path", models.CharField(max_length=1000)),
                ("source_sha256", models.CharField(max_length=64)),
                ("translation_sha256", models.CharField(max_length=64)),
                ("by_id", models.UUIDField(null=True)),
                ("at", models.DateTimeField(db_default=Now())),
                (
                    "authority",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="authorities.authority"),
                ),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="translation_looks",
                        to="forms_engine.form",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("form", "path", "source_sha256", "translation_sha256"),
                        name="translation_looked_at_once",
                    )
                ],
            },
        ),
        RowSecurity("forms_engine_translationlook", using=any_of(BY_AUTHORITY, BY_SYSTEM)),
    ]
