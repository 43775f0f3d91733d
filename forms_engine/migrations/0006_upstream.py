import django.db.models.deletion
from django.db import migrations, models

from foundation.scope.operations import BY_AUTHORITY, BY_SYSTEM, RowSecurity, any_of


class Migration(migrations.Migration):
    """Where an adopted form came from is its authority's own."""

    dependencies = [("authorities", "0002_walls"), ("forms_engine", "0005_publish_with_a_reason")]

    operations = [
        migrations.CreateModel(
            name="Upstream",
            fields=[
                (
                    "form",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="upstream",
                        serialize=False,
                        to="forms_engine.form",
                    ),
                ),
                (
                    "peer",
                    models.CharField(
                        blank=True, help_text="Name, unter dem wir dem Siegel trauen; leer: hier", max_length=40
                    ),
                ),
                ("provenance", models.JSONField(help_text="siehe forms_engine/sharing/file.schema.json")),
                ("definition", models.JSONField()),
                ("newest", models.JSONField(null=True)),
                (
                    "stayed_sha256",
                    models.CharField(blank=True, help_text="Fassung, bei der wir nicht mitgehen", max_length=64),
                ),
                ("stayed_reason", models.CharField(blank=True, max_length=500)),
                ("stayed_at", models.DateTimeField(null=True)),
                ("stayed_by_id", models.UUIDField(null=True)),
                (
                    "authority",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="authorities.authority"),
                ),
            ],
        ),
        RowSecurity("forms_engine_upstream", using=any_of(BY_AUTHORITY, BY_SYSTEM)),
    ]
